import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Vendor } from '../../src/core/flavor.js';
import { availableFlavors } from '../support/flavors.js';
import { type Documented, fromDocument } from '../../src/core/document.js';
import type { RunSummary } from '../../src/core/run/outcome.js';
import { type Rig, startRig } from '../support/rig.js';

/** Events: what they are on the target, and that they stay so. */

const flavors = availableFlavors().filter(({ id }) => id === 'mariadb-10.11' || id === 'mysql-9.7');
const PAIRS = flavors.flatMap((source) =>
  flavors.filter((target) => target !== source).map((target) => ({ source, target })),
);

const statesOf = async (rig: Rig, database = 'shop'): Promise<Readonly<Record<string, string>>> => {
  const rows = await rig.target.query(
    `SELECT EVENT_NAME AS name, STATUS AS state FROM information_schema.EVENTS WHERE EVENT_SCHEMA = '${database}'`,
  );
  return Object.fromEntries(rows.map((row) => [String(row['name']), String(row['state'])]));
};

describe.each(PAIRS)('$source.id to $target.id', ({ source, target }) => {
  let rig: Rig;
  beforeAll(async () => {
    rig = await startRig({ flavor: source, targetFlavor: target });
    await rig.source.query('CREATE DATABASE shop');
  });
  afterAll(async () => rig.stop());

  test('an event that a replica got stays off: the word that each server has for it is written and compared', async () => {
    await rig.source.query(
      'CREATE EVENT shop.replicated ON SCHEDULE EVERY 1 DAY DISABLE ON SLAVE DO DO 1; CREATE EVENT shop.off ON SCHEDULE EVERY 1 DAY DISABLE DO DO 1',
    );
    const plan = rig.writePlan('databases:\n  - name: shop');
    const { code, stdout, stderr } = await rig.run(['apply', plan, '--confirm-target', 'staging']);
    expect(`${stdout}${stderr}`).not.toContain('error[');
    expect(code).toBe(0);
    const word: Readonly<Record<Vendor, string>> = {
      mariadb: 'SLAVESIDE_DISABLED',
      mysql: 'REPLICA_SIDE_DISABLED',
    };
    expect(await statesOf(rig)).toEqual({ replicated: word[target.vendor], off: 'DISABLED' });
    expect((await rig.run(['verify', plan])).code).toBe(0);
  });
});

/** What mysql_tzinfo_to_sql would load, for one zone. */
const BRUSSELS = `INSERT INTO mysql.time_zone (Time_zone_id, Use_leap_seconds) VALUES (1, 'N');
  INSERT INTO mysql.time_zone_name (Name, Time_zone_id) VALUES ('Europe/Brussels', 1);
  INSERT INTO mysql.time_zone_transition_type VALUES (1, 0, 3600, 0, 'CET');
  INSERT INTO mysql.time_zone_transition VALUES (1, -2000000000, 0)`;

describe.each(flavors)('$id', (flavor) => {
  let rig: Rig;
  beforeAll(async () => {
    rig = await startRig({
      flavor,
      sourceOptions: ['--event-scheduler=OFF'],
      targetOptions: ['--event-scheduler=ON'],
    });
    await rig.source.query(BRUSSELS);
  });
  afterAll(async () => rig.stop());
  beforeEach(async () => {
    for (const server of [rig.source, rig.target])
      await server.query('DROP DATABASE IF EXISTS shop; CREATE DATABASE shop');
  });

  const planOf = (options = '', database = ''): string =>
    rig.writePlan(`databases:\n  - {name: shop${database}}\noptions: {${options}}`);
  const apply = async (plan: string) => {
    const result = await rig.run(['apply', plan, '--confirm-target', 'staging', '--json']);
    const summary = fromDocument<RunSummary>(JSON.parse(result.stdout) as Documented<RunSummary>);
    expect(summary.outcomes[0]?.error).toBeNull();
    return { ...result, outcome: summary.outcomes[0] };
  };
  const expectSame = async (plan: string): Promise<void> => {
    const { code, stdout } = await rig.run(['verify', plan]);
    expect(stdout).not.toContain('event');
    expect(code).toBe(0);
  };

  test('events whose time has passed are named, and left out or switched off as a server does it', async () => {
    // In a session of that day, for which they have not passed.
    const connection = await rig.source.connect();
    await connection.query(`SET timestamp = 978307200, time_zone = '+00:00'; USE shop;
      CREATE EVENT once ON SCHEDULE AT '2001-02-01 00:00:00' DO DO 1;
      CREATE EVENT once_off ON SCHEDULE AT '2001-02-01 00:00:00' DISABLE DO DO 1;
      CREATE EVENT soon_over ON SCHEDULE EVERY 1 DAY STARTS '2001-01-01 00:00:00' ENDS '2001-02-01 00:00:00' DO DO 1;
      CREATE EVENT kept ON SCHEDULE AT '2001-02-01 00:00:00' ON COMPLETION PRESERVE DO DO 1;
      CREATE EVENT still ON SCHEDULE EVERY 1 DAY STARTS '2001-01-01 00:00:00' DISABLE DO DO 1`);
    await connection.end();
    const plan = planOf();
    const { stdout, stderr } = await rig.run(['plan', plan]);
    expect(stderr).toContain(
      '[EVENTS_OVER] events whose time has passed are not copied: once, once_off and soon_over',
    );
    expect(stderr).toContain('events whose time has passed are switched off in the copy: kept');
    expect(stdout).toMatch(/^overwrite\tshop/);
    const { code, outcome } = await apply(plan);
    expect(code).toBe(0);
    expect(outcome?.notes.join()).toContain('once, once_off and soon_over');
    expect(await statesOf(rig)).toEqual({ kept: 'DISABLED', still: 'DISABLED' });
    await expectSame(plan);
  });

  test('a time zone that the target does not know is refused in the plan by name, with the ways out', async () => {
    await rig.source.query(
      "SET time_zone = 'Europe/Brussels'; CREATE EVENT shop.e ON SCHEDULE EVERY 1 DAY STARTS '2037-03-29 02:30:00' DISABLE DO DO 1",
    );
    expect((await rig.run(['plan', planOf(), '--json'])).stdout).toContain('"UNKNOWN_TIME_ZONE"');
    const refused = await rig.run(['apply', planOf(), '--confirm-target', 'staging']);
    expect(refused.stderr).toContain('time zones that the target does not know: event e (Europe/Brussels)');
    expect(refused.stderr).toContain('programs.exclude');
    expect(refused.code).toBe(9);
    expect(await rig.target.query("SHOW DATABASES LIKE 'mysql\\\\_sync\\\\_new%'")).toEqual([]);
    expect((await apply(planOf('', ', programs: {exclude: [e]}'))).code).toBe(0);
    expect(await statesOf(rig)).toEqual({});
  });

  const makeEvent = async (server: 'source' | 'target', name: string, state: string): Promise<void> => {
    await rig[server].query(
      `CREATE USER IF NOT EXISTS 'ev''il'@'%'; CREATE DEFINER = 'ev''il'@'%' EVENT shop.\`${name}\`
       ON SCHEDULE EVERY 1 DAY STARTS '2037-01-01 00:00:00' ${state} DO DO 1`,
    );
  };
  const makeBothSides = async (): Promise<void> => {
    await makeEvent('source', 'new``one', 'ENABLE');
    await makeEvent('source', 'on_here', 'DISABLE');
    await makeEvent('source', 'off_here', 'ENABLE');
    await makeEvent('source', 'replicated', 'DISABLE ON SLAVE');
    await makeEvent('target', 'on_here', 'ENABLE');
    await makeEvent('target', 'off_here', 'DISABLE');
    await makeEvent('target', 'only_here', 'ENABLE');
  };
  const REPLICATED = flavor.vendor === 'mysql' ? 'REPLICA_SIDE_DISABLED' : 'SLAVESIDE_DISABLED';

  test('events: disabled switches off what is new, keeps what the target has, and says how to switch on', async () => {
    await makeBothSides();
    const plan = planOf('events: disabled');
    const { outcome } = await apply(plan);
    const states = { on_here: 'ENABLED', replicated: REPLICATED };
    expect(await statesOf(rig)).toEqual({ 'new`one': 'DISABLED', off_here: 'DISABLED', ...states });
    expect(outcome?.notes.join()).toMatch(
      /^events that run on the target: on_here, EVERY 1 DAY STARTS 2037.* as ev'il@%$/,
    );
    expect(outcome?.enableEvents).toEqual([
      "ALTER DEFINER = 'ev''il'@'%' EVENT `shop`.`new``one` ENABLE;",
      "ALTER DEFINER = 'ev''il'@'%' EVENT `shop`.`off_here` ENABLE;",
    ]);
    await expectSame(plan);
    for (const statement of outcome?.enableEvents ?? []) await rig.target.query(statement);
    expect(await statesOf(rig)).toEqual({ 'new`one': 'ENABLED', off_here: 'ENABLED', ...states });
    await expectSame(plan);
    expect((await rig.run(['verify', planOf()])).stdout).toMatch(/^different\tshop/);
  });

  test('events: disabled in the recap; a rollback brings the events back as they were', async () => {
    await makeBothSides();
    const before = await statesOf(rig);
    const recap = await rig.run(['apply', planOf('events: disabled'), '--confirm-target', 'staging']);
    expect(recap.stdout).toMatch(
      /2 events are switched off\. To switch them on:\n +ALTER DEFINER = 'ev''il'@'%' EVENT `shop`\.`new``one` ENABLE;\n/,
    );
    expect(await statesOf(rig)).not.toEqual(before);
    expect((await rig.rollBackNewest()).code).toBe(0);
    expect(await statesOf(rig)).toEqual(before);
  });
});
