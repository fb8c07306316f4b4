import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { ChangeSet } from '../../src/core/change/change-set.js';
import type { CliResult } from '../support/cli.js';
import { availableFlavors } from '../support/flavors.js';
import { type Rig, startRig } from '../support/rig.js';

/** Whose the programs are on the target: `options.definers`. */

const flavors = availableFlavors().filter(({ id }) => id === 'mariadb-10.11' || id === 'mysql-9.7');

const OURS = `SET sql_mode = ANSI_QUOTES; CREATE TABLE t (id INT PRIMARY KEY);
  CREATE DEFINER = ghost@'10.%' VIEW v AS SELECT id FROM t; CREATE DEFINER = ghost@'10.%' PROCEDURE p() SELECT "id" FROM t;
  CREATE DEFINER = ghost@'10.%' FUNCTION f() RETURNS INT DETERMINISTIC RETURN 2;
  CREATE DEFINER = ghost@'10.%' TRIGGER tr BEFORE INSERT ON t FOR EACH ROW SET NEW.id = 1;
  CREATE DEFINER = ghost@'10.%' EVENT e ON SCHEDULE EVERY 1 DAY STARTS '2030-01-01 00:00:00' DISABLE DO DO 1`;

const POOR = 'poor@127.0.0.1';
const ACCOUNT = "poor@'127.0.0.1'";

describe.each(flavors)('$id', (flavor) => {
  let rig: Rig;
  beforeAll(async () => {
    rig = await startRig({ flavor, targetOptions: ['--log-bin-trust-function-creators=1'] });
    await rig.source.query(
      "CREATE DATABASE shop; CREATE USER ghost@'10.%'; GRANT ALL ON shop.* TO ghost@'10.%'",
    );
    rig.source.load(OURS, 'shop');
  });
  afterAll(async () => rig.stop());
  beforeEach(async () => {
    await rig.clearTarget('shop');
    await rig.target.query(
      "DROP USER IF EXISTS ghost@'10.%', poor@'127.0.0.1'; CREATE USER poor@'127.0.0.1' IDENTIFIED BY 'pw-of-poor'",
    );
    for (const scope of ['shop', '`mysql\\_sync\\_%`'])
      await rig.target.query(
        `GRANT SELECT, INSERT, UPDATE, DELETE, CREATE, DROP, REFERENCES, INDEX, ALTER, LOCK TABLES, EXECUTE, CREATE VIEW, SHOW VIEW,
         CREATE ROUTINE, ALTER ROUTINE, EVENT, TRIGGER ON ${scope}.* TO poor@'127.0.0.1'`,
      );
  });

  const planOf = (rule: string, user = 'poor'): string =>
    rig.writePlan(
      `databases:\n  - name: shop\noptions: {definers: ${rule}}`,
      user === 'poor'
        ? {
            target: `{name: staging, host: 127.0.0.1, port: ${String(rig.target.port)}, user: poor, password: "\${POOR_PASSWORD}", access: read-write}`,
          }
        : {},
    );
  const apply = (plan: string): Promise<CliResult> => rig.run(['apply', plan, '--confirm-target', 'staging']);
  const hazardsOf = async (plan: string, ...flags: readonly string[]): Promise<unknown> => {
    const { stdout } = await rig.run(['plan', plan, '--json', ...flags]);
    const [database] = (JSON.parse(stdout) as ChangeSet).databases;
    return database?.hazards.map(({ code, message }) => [code, message]);
  };
  const definersOf = async (): Promise<readonly string[]> => {
    const rows = await rig.target.query(
      ['VIEWS/TABLE', 'ROUTINES/ROUTINE', 'TRIGGERS/TRIGGER', 'EVENTS/EVENT']
        .map((part) => part.split('/'))
        .map(
          ([table, word]) =>
            `SELECT DEFINER AS d FROM information_schema.${table ?? ''} WHERE ${word ?? ''}_SCHEMA = 'shop'`,
        )
        .join(' UNION ALL '),
    );
    return rows.map((row) => String(row['d']));
  };
  const expectBlocked = async (plan: string, ...texts: readonly (string | RegExp)[]): Promise<string> => {
    const { code, stderr } = await apply(plan);
    for (const text of texts) expect(stderr).toMatch(text);
    expect(code).toBe(9);
    expect(await rig.scratchDatabases()).toEqual([]);
    return stderr;
  };
  const grantIn = (text: string): string => /GRANT .*?;/.exec(text)?.[0] ?? '';

  test('keep: the plan says who is missing, and they stay the definers', async () => {
    const plan = planOf('keep', 'root');
    expect(await hazardsOf(plan)).toEqual([
      ['DEFINER_MISSING', expect.stringMatching(/do not exist on the target: ghost@10\.% \(.*view v/)],
    ]);
    const note = /^shop: note \[DEFINER_MISSING\] .*ghost@10\.%/m;
    expect((await rig.run(['plan', plan])).stderr).toMatch(note);
    const { code, stderr } = await apply(plan);
    expect(stderr).toMatch(note);
    expect(code).toBe(0);
    expect(await definersOf()).toEqual(Array(5).fill('ghost@10.%'));
  });

  test('keep: an account that may not is refused in the plan, and the grant that is named helps', async () => {
    const plan = planOf('keep');
    expect(await hazardsOf(plan)).toEqual([['DEFINER_NOT_ALLOWED', expect.any(String)]]);
    const text = await expectBlocked(
      plan,
      /poor@127\.0\.0\.1 may not make programs of other definers .*ghost@10\.%/,
    );
    await rig.target.query(`${grantIn(text)} CREATE USER ghost@'10.%'`);
    const unread = await apply(plan);
    expect(unread.stdout).toMatch(
      /error\[PRIVILEGE_MISSING\] cannot read (?:function|procedure) mysql_sync_new_/,
    );
    expect(unread.stdout).toContain('shop on the target is UNCHANGED');
    await rig.target.query(grantIn(unread.stdout));
    expect((await apply(plan)).code).toBe(0);
    expect(await definersOf()).toEqual(Array(5).fill('ghost@10.%'));
  });

  test('current_user: they are of the account that applies, which is noted, verified and undone', async () => {
    const plan = planOf('current_user');
    const saved = `${plan}.json`;
    expect(await hazardsOf(plan, '--out', saved)).toEqual([
      ['DEFINER_CHANGED', expect.stringContaining(`${POOR} becomes the definer`)],
    ]);
    const { code, stdout, stderr } = await apply(saved);
    expect(`${stdout}${stderr}`).not.toContain('error[');
    expect(code).toBe(0);
    expect(await definersOf()).toEqual(Array(5).fill(POOR));
    expect((await rig.run(['verify', plan])).code).toBe(0);
    expect((await apply(plan)).code).toBe(0);
    expect((await rig.rollBackNewest()).code).toBe(0);
    expect(await definersOf()).toEqual(Array(5).fill(POOR));
  });

  test.runIf(flavor.vendor === 'mysql')(
    'keep: MySQL has a privilege of its own for definers that do not exist',
    async () => {
      const plan = planOf('keep');
      await rig.target.query(
        `GRANT SET_ANY_DEFINER, SHOW_ROUTINE ON *.* TO ${ACCOUNT}; GRANT SELECT ON mysql.user TO ${ACCOUNT}`,
      );
      const text = await expectBlocked(plan, 'definers that do not exist on the target: ghost@10.%');
      // What it would be without the look at the accounts.
      await rig.target.query(`REVOKE SELECT ON mysql.user FROM ${ACCOUNT}`);
      expect((await apply(plan)).stdout).toMatch(/ALLOW_NONEXISTENT_DEFINER.*1227/);
      await rig.target.query(grantIn(text));
      expect((await apply(plan)).code).toBe(0);
      expect(await definersOf()).toEqual(Array(5).fill('ghost@10.%'));
    },
  );

  test('what an account could not put back, it does not replace', async () => {
    await rig.target.query('CREATE DATABASE shop; CREATE VIEW shop.mine AS SELECT 1 AS x');
    await expectBlocked(planOf('current_user'), /could not put back .*tester@127\.0\.0\.1 \(view mine\)/);
  });

  test('refuse: a definer that is missing blocks the database, until it exists', async () => {
    const plan = planOf('refuse', 'root');
    await expectBlocked(
      plan,
      /error\[DATABASE_BLOCKED\] shop: definers that do not exist on the target: ghost@10\.%/,
    );
    await rig.target.query("CREATE USER ghost@'10.%'");
    expect((await apply(plan)).code).toBe(0);
  });

  test('refuse: so does a target that does not tell', async () => {
    const plan = planOf('refuse');
    await rig.target.query(grantIn(await expectBlocked(plan, 'may not make programs')));
    const text = await expectBlocked(plan, 'may not see which accounts the target has');
    await rig.target.query(`CREATE USER ghost@'10.%'; ${grantIn(text)}`);
    expect(await hazardsOf(plan)).toEqual([]);
  });
});
