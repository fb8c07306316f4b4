import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createServers } from '../../src/adapters/mysql/servers.js';
import { toDatabaseName, toTableName } from '../../src/core/names.js';
import type { ProgramDefinition } from '../../src/engine/ports/server.js';
import { swapIn } from '../../src/engine/tasks/swap.js';
import type { ChangeSet } from '../../src/core/change/change-set.js';
import { availableFlavors } from '../support/flavors.js';
import { type Rig, startRig } from '../support/rig.js';
import { endpointOf } from '../support/server-endpoint.js';
import type { TestServer } from '../support/servers.js';

/** Programs never start by surprise. */

const flavors = availableFlavors().filter(({ id }) => id === 'mariadb-10.11' || id === 'mysql-9.7');

const MAY = `SELECT, INSERT, UPDATE, DELETE, CREATE, DROP, REFERENCES, INDEX, ALTER, LOCK TABLES, EXECUTE, CREATE VIEW, SHOW VIEW,
  CREATE ROUTINE, ALTER ROUTINE, EVENT, TRIGGER`;
/** What an attacker who may write to the source wants to be run on the target. */
const RUNS = 'CREATE DATABASE IF NOT EXISTS owned';

describe.each(flavors)('$id', (flavor) => {
  let rig: Rig;
  let target: TestServer;
  beforeAll(async () => {
    rig = await startRig({
      flavor,
      sourceOptions: ['--event-scheduler=OFF'],
      targetOptions: ['--event-scheduler=ON', '--log-bin-trust-function-creators=1'],
    });
    ({ target } = rig);
    await target.query(
      "CREATE USER boss@localhost; GRANT CREATE, EVENT ON *.* TO boss@localhost; CREATE USER poor@'127.0.0.1' IDENTIFIED BY 'pw-of-poor'",
    );
    for (const scope of ['shop', '`mysql\\_sync\\_%`'])
      await target.query(`GRANT ${MAY} ON ${scope}.* TO poor@'127.0.0.1'`);
    await target.query(
      `GRANT ${flavor.vendor === 'mysql' ? 'SET_ANY_DEFINER, SHOW_ROUTINE' : 'SET USER'} ON *.* TO poor@'127.0.0.1'`,
    );
    await rig.source.query(
      `CREATE DATABASE shop; CREATE DEFINER = boss@localhost EVENT shop.innocent ON SCHEDULE EVERY 1 SECOND DO ${RUNS}`,
    );
  });
  afterAll(async () => rig.stop());

  const planOf = (options = ''): string =>
    rig.writePlan(`databases:\n  - name: shop\noptions: {${options}}`, {
      target: `{name: staging, host: 127.0.0.1, port: ${String(target.port)}, user: poor, password: "\${POOR_PASSWORD}", access: read-write}`,
    });
  const stateOf = async (name: string, database = 'shop'): Promise<unknown> => {
    const rows = await target.query(
      `SELECT STATUS AS state FROM information_schema.EVENTS WHERE EVENT_SCHEMA = '${database}' AND EVENT_NAME = '${name}'`,
    );
    return rows[0]?.['state'];
  };

  test('an event of a stronger definer that a source brings along: disabled keeps it off, and the plan says whose rights it has', async () => {
    await target.query("GRANT SELECT ON mysql.* TO poor@'127.0.0.1'");
    const plan = planOf('events: disabled');
    const { stderr } = await rig.run(['plan', plan]);
    expect(stderr).toContain(
      'definers with more rights on the target than poor@127.0.0.1: boss@localhost (event innocent)',
    );
    expect(stderr).not.toContain('EVENTS_RUN');
    const { code, stdout } = await rig.run(['apply', plan, '--confirm-target', 'staging']);
    expect(code).toBe(0);
    expect(stdout).toContain('note: definers with more rights');
    expect(stdout).toContain("ALTER DEFINER = 'boss'@'localhost' EVENT `shop`.`innocent` ENABLE;");
    expect(await stateOf('innocent')).toBe('DISABLED');
    expect(await target.query("SHOW DATABASES LIKE 'owned'")).toEqual([]);
  });

  test('an account that may not see the rights of others is told so, once', async () => {
    await target.query("REVOKE SELECT ON mysql.* FROM poor@'127.0.0.1'");
    const { stdout } = await rig.run(['plan', planOf(), '--json']);
    const { hazards, databases } = JSON.parse(stdout) as ChangeSet;
    expect(hazards.map(({ code }) => code)).toEqual(['DEFINER_RIGHTS_UNKNOWN']);
    expect(databases[0]?.hazards.map(({ code }) => code)).not.toContain('DEFINER_RIGHTS');
    // Their programs would run with its own rights, so there is nothing to know.
    const own = await rig.run(['plan', planOf('definers: current_user'), '--json']);
    expect((JSON.parse(own.stdout) as ChangeSet).hazards).toEqual([]);
  });

  test('the same event as it is on the source: plan and recap name it, its schedule and its definer before it runs', async () => {
    await target.query('DROP DATABASE IF EXISTS shop');
    const announced = /events that run on the target: innocent, EVERY 1 SECOND STARTS .* as boss@localhost/;
    const { stderr, stdout: changes } = await rig.run(['plan', planOf()]);
    expect(changes).toMatch(/^create\tshop/);
    expect(stderr).toMatch(announced);
    const { stdout } = await rig.run(['apply', planOf(), '--auto-approve']);
    expect(stdout).toMatch(announced);
    await expect.poll(() => target.query("SHOW DATABASES LIKE 'owned'"), { timeout: 20_000 }).toHaveLength(1);
    await target.query('DROP DATABASE shop; DROP DATABASE owned');
  });

  test('a staged event does not run, and an undone swap leaves none running that was not', async () => {
    await target.query(
      `DROP DATABASE IF EXISTS shop; CREATE DATABASE shop; CREATE EVENT shop.e ON SCHEDULE EVERY 1 DAY DISABLE DO DO 1;
       CREATE DATABASE mysql_sync_new_x_1; CREATE TABLE mysql_sync_new_x_1.t (id INT); CREATE DATABASE mysql_sync_old_x_1`,
    );
    const [live, staging, retired] = ['shop', 'mysql_sync_new_x_1', 'mysql_sync_old_x_1'].map(toDatabaseName);
    const server = await createServers().openTarget(endpointOf(target));
    try {
      if (!live || !staging || !retired) throw new Error('three names');
      const outgoing = await server.readProgramDefinitions(live);
      const on = (name: string): ProgramDefinition[] =>
        outgoing.map((event) => ({
          ...event,
          name,
          statement: event.statement.replace('`e`', `\`${name}\``).replace(' DISABLE ', ' ENABLE '),
        }));
      const incoming = [...on('another'), ...on('e')];
      await server.createPrograms(staging, incoming, live, 'rehearsal');
      expect(await stateOf('another', staging)).toBe('DISABLED');
      expect(await stateOf('e', staging)).toBe('DISABLED');
      await server.dropPrograms(staging, incoming);
      const defaults = { charset: 'utf8mb4', collation: 'utf8mb4_general_ci', comment: '' };
      const swap = {
        live,
        staging,
        retired,
        incoming: { tables: [toTableName('t')], programs: incoming, defaults, printedAs: live },
        outgoing: { tables: [], programs: outgoing, defaults, printedAs: live },
        outsideKeys: [],
        before: [],
      };
      const check = async (): Promise<void> => {
        expect(await stateOf('e')).toBe('ENABLED');
        throw new Error('as if it were not the same');
      };
      await expect(swapIn(server, [swap], { check, beforeUndo: () => Promise.resolve() })).rejects.toThrow(
        'as if it were not the same',
      );
    } finally {
      await server.close();
    }
    expect(await stateOf('e')).toBe('DISABLED');
    expect(await stateOf('another')).toBeUndefined();
  });

  test.each([
    ['no state, so that it would run at once', ''],
    ['two states', 'DISABLE ENABLE'],
    ['its state in a live comment', '/*!50100 ENABLE */'],
  ])('a source that prints an event with %s: it is never made, not even to be tried', async (_, state) => {
    await target.query('DROP DATABASE IF EXISTS staged; CREATE DATABASE staged');
    const program: ProgramDefinition = {
      kind: 'event',
      name: 'e',
      statement: `CREATE DEFINER=\`root\`@\`localhost\` EVENT \`e\` ON SCHEDULE EVERY 1 SECOND ON COMPLETION PRESERVE ${state} DO CREATE DATABASE owned`,
      sqlMode: '',
      charsetClient: 'utf8mb4',
      collationConnection: 'utf8mb4_general_ci',
      timeZone: 'SYSTEM',
    };
    const staged = toDatabaseName('staged');
    const server = await createServers().openTarget(endpointOf(target));
    try {
      for (const use of ['rehearsal', 'live'] as const)
        await expect(server.createPrograms(staged, [program], staged, use)).rejects.toThrow(
          'event e: mysql-sync cannot read the event that the server prints',
        );
    } finally {
      await server.close();
    }
    expect(
      await target.query("SELECT * FROM information_schema.EVENTS WHERE EVENT_SCHEMA = 'staged'"),
    ).toEqual([]);
  });
});
