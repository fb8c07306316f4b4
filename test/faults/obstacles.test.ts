import type mysql from 'mysql2/promise';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type FaultRig, startFaultRig } from '../support/fault-rig.js';

/** What happens to servers while a copy is on its way: somebody takes a privilege, changes a table, holds a lock. */

let rig: FaultRig;
beforeAll(async () => {
  rig = await startFaultRig();
  // Without SUPER and READ ONLY ADMIN, which read_only does not hold.
  await rig.target.query(
    `CREATE USER app@'%' IDENTIFIED BY 'app'; GRANT SELECT, INSERT, UPDATE, DELETE, CREATE, DROP, REFERENCES, INDEX, ALTER,
     LOCK TABLES, EXECUTE, CREATE VIEW, SHOW VIEW, CREATE ROUTINE, ALTER ROUTINE, EVENT, TRIGGER, RELOAD, PROCESS, SHOW DATABASES, SET USER ON *.* TO app@'%'`,
  );
});
afterAll(async () => rig.stop());
beforeEach(async () => rig.reset());

const planOfApp = (engine: string): string =>
  rig.planWith(`{engine: ${engine}}`, {
    target: `{name: staging, host: 127.0.0.1, port: ${String(rig.proxies.target.port)}, user: app, password: "\${APP_PASSWORD}", access: read-write}`,
  });
const APP = { env: { APP_PASSWORD: 'app' } };

describe('a row that is larger than the target takes in one packet', () => {
  beforeAll(async () => {
    await rig.target.query('SET GLOBAL max_allowed_packet = 1048576');
    await rig.source.query(
      'CREATE TABLE shop.big (id INT PRIMARY KEY, b LONGBLOB); INSERT INTO shop.big VALUES (1, REPEAT("x", 4000000))',
    );
  });
  afterAll(async () => {
    await rig.target.query('SET GLOBAL max_allowed_packet = 16777216');
    await rig.source.query('DROP TABLE shop.big');
  });

  test('dump: fails, naming table and setting', async () => {
    const result = await rig.startApply(rig.planWith('{engine: dump}')).ended;
    await rig.expectOld(result, /max_allowed_packet/, /big/);
  });

  test('native: travels in pieces', async () => {
    expect((await rig.startApply(rig.planWith('{engine: native}')).ended).code).toBe(0);
    // To be read back, the row needs room.
    await rig.target.query('SET GLOBAL max_allowed_packet = 16777216');
    expect(await rig.contentOf('target', 'shop')).toEqual(await rig.contentOf('source', 'shop'));
  });
});

describe.each(['dump', 'native'])('engine %s', (engine) => {
  test.each([
    [
      'altered',
      'ALTER TABLE shop.orders ADD COLUMN more INT DEFAULT 7',
      'ALTER TABLE shop.orders DROP COLUMN more',
    ],
    [
      'dropped',
      'CREATE TABLE shop.aside LIKE shop.orders; RENAME TABLE shop.orders TO shop.beside, shop.aside TO shop.orders; DROP TABLE shop.orders',
      'RENAME TABLE shop.beside TO shop.orders',
    ],
  ])('a table of the source is %s during the copy', async (_change, change, restore) => {
    const plan = rig.planWith(`{engine: ${engine}}`);
    const cli = rig.startApply(plan);
    await cli.waitFor('shop: copying');
    await rig.source.query(`SET FOREIGN_KEY_CHECKS = 0; ${change}`);
    const { code, stdout } = await cli.ended;
    await rig.source.query(`SET FOREIGN_KEY_CHECKS = 0; ${restore}`);
    // When the change came after the last row was read, the copy is that of the moment before.
    expect([code, await rig.liveContent()]).toEqual(code === 0 ? [0, 'new'] : [3, 'old']);
    if (code === 3) expect(stdout).toMatch(/orders/);
    expect(await rig.scratchDatabases()).toHaveLength(code === 0 ? 1 : 0);
  });

  test('the target becomes read-only during the copy', async () => {
    const plan = planOfApp(engine);
    const cli = rig.startApply(plan, APP);
    await cli.waitFor('shop: copying');
    await rig.target.query('SET GLOBAL read_only = 1');
    const result = await cli.ended;
    await rig.target.query('SET GLOBAL read_only = 0');
    await rig.expectOld(result, /read-only/);
    await rig.expectNextApplyGoesOn(rig.planWith('{engine: dump}'));
  });
});

test('a privilege is revoked during the copy', async () => {
  const cli = rig.startApply(planOfApp('dump'), APP);
  await cli.waitFor('shop: copying');
  await rig.target.query("REVOKE DROP ON *.* FROM app@'%'");
  const result = await cli.ended;
  await rig.target.query("GRANT DROP ON *.* TO app@'%'");
  // Servers let sessions that are logged in keep what was granted on all databases, and a swap takes several: all, none or
  // some of them may be such. With some the tables have moved and nobody may move them back, which the run has to say.
  if (result.code === 0) expect(await rig.liveContent()).toBe('new');
  else if (result.stdout.includes('error[SWAP_UNSETTLED]'))
    expect([result.code, result.stdout]).toEqual([
      3,
      expect.stringMatching(
        /DROP command denied[^]*The next apply or rollback finishes or undoes the swap\.[^]*uncertain state/,
      ),
    ]);
  else await rig.expectOld(result, /error\[PRIVILEGE_MISSING\].*DROP/);
  await rig.expectNextApplyGoesOn(rig.planWith('{engine: dump}'));
});

test('a staging database that cannot be dropped keeps the journal that tells of it, and the next apply drops both', async () => {
  // What is granted on a database is asked for at each statement, unlike what is granted on all.
  await rig.target.query(
    "REVOKE DROP ON *.* FROM app@'%'; GRANT DROP ON shop.* TO app@'%'; GRANT DROP ON `mysql\\_sync\\_%`.* TO app@'%'",
  );
  const cli = rig.startApply(planOfApp('dump'), APP);
  await cli.waitFor('shop: copying');
  await rig.target.query(
    "GRANT DROP ON `mysql\\_sync\\_old\\_%`.* TO app@'%'; REVOKE DROP ON `mysql\\_sync\\_%`.* FROM app@'%'",
  );
  const result = await cli.ended;
  await rig.target.query(
    "REVOKE DROP ON `mysql\\_sync\\_old\\_%`.* FROM app@'%'; REVOKE DROP ON shop.* FROM app@'%'; GRANT DROP ON *.* TO app@'%'",
  );
  expect(result.stderr).toMatch(/mysql_sync_new_\w+ stays on the target until the next apply: .*1044/);
  await rig.expectOld(result, /error\[PRIVILEGE_MISSING\].*DROP/);
  await rig.expectNextApplyGoesOn(rig.planWith('{engine: dump}'));
});

describe('an idle transaction holds a table of the target', () => {
  let holder: mysql.Connection;
  beforeEach(async () => {
    holder = await rig.target.connect();
    await holder.query('START TRANSACTION; SELECT * FROM shop.orders');
  });
  afterEach(async () => holder.end());

  test('the swap is given up and says who it is', async () => {
    const plan = rig.planWith('{engine: native}');
    const result = await rig.startApply(plan).ended;
    await rig.expectOld(
      result,
      new RegExp(`by connection ${String(holder.threadId)} of tester@.*Sleep for`),
      /error\[SWAP_FAILED\].*1205/,
    );
    expect(await rig.scratchDatabases()).toEqual([]);
  });

  test('the swap happens as soon as it ends, whatever Ctrl-C says meanwhile', async () => {
    const cli = rig.startApply(rig.planWith('{engine: native}'));
    await cli.waitFor('shop: swapping in');
    const isWaiting = async (): Promise<boolean> =>
      (
        await rig.target.query(
          "SELECT 1 FROM information_schema.PROCESSLIST WHERE STATE LIKE '%metadata lock'",
        )
      ).length > 0;
    await expect.poll(isWaiting, { timeout: 20_000, interval: 100 }).toBe(true);
    cli.child.kill('SIGINT');
    await cli.waitFor('SIGINT: finishing');
    cli.child.kill('SIGINT');
    await holder.query('COMMIT');
    expect((await cli.ended).code).toBe(0);
    expect(await rig.liveContent()).toBe('new');
  });
});
