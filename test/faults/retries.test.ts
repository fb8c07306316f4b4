import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { RunningCli } from '../support/cli.js';
import { type FaultRig, startFaultRig } from '../support/fault-rig.js';

/** What passes by itself is tried again, so many times and after longer and longer waits; what does not, is not. */

let rig: FaultRig;
beforeAll(async () => {
  rig = await startFaultRig();
});
afterAll(async () => rig.stop());
beforeEach(async () => rig.reset());

const retriesOf = (cli: RunningCli): readonly string[] =>
  [...cli.output().stderr.matchAll(/trying again in (\d+)/g)].map(([, seconds = '']) => seconds);

/** Cuts the way to the target once more, when rows of this try have reached it. */
const cutInTheRows = async (): Promise<void> => {
  await rig.proxies.target.passed(1_500_000);
  rig.proxies.target.cut();
};

test('a connection that is cut each time: max_retries times, each wait twice as long, and then no more', async () => {
  const cli = rig.startApply(rig.planWith('{engine: native, parallel: 2}'), { retries: 2 });
  await cli.waitFor('shop: copying');
  for (let cuts = 0; cuts < 3; cuts += 1) await cutInTheRows();
  await rig.expectOld(await cli.ended, /lost connection|connection lost|ECONNRESET|gone away/i);
  expect(retriesOf(cli)).toEqual(['1', '2']);
  expect(await rig.scratchDatabases()).toEqual([]);
});

test('a try begins with an empty staging: what the one before had copied is there once', async () => {
  const cli = rig.startApply(rig.planWith('{engine: native, parallel: 2}'), { retries: 2 });
  await cli.waitFor('shop: copying');
  await cutInTheRows();
  expect((await cli.ended).code).toBe(0);
  expect(retriesOf(cli)).toEqual(['1']);
  expect(await rig.liveContent()).toBe('new');
  expect(await rig.scratchDatabases()).toHaveLength(1);
});

// The server closes the connection behind that error, and on a long way the two are one: a connection that was lost.
test.skipIf(process.env['MYSQL_SYNC_TEST_LINK'])('an error of SQL is not tried again', async () => {
  await rig.target.query('SET GLOBAL max_allowed_packet = 1048576');
  await rig.source.query(
    'CREATE TABLE shop.big (id INT PRIMARY KEY, b LONGBLOB); INSERT INTO shop.big VALUES (1, REPEAT("x", 4000000))',
  );
  const cli = rig.startApply(rig.planWith('{engine: dump}'), { retries: 3 });
  const result = await cli.ended;
  await rig.target.query('SET GLOBAL max_allowed_packet = 16777216');
  await rig.source.query('DROP TABLE shop.big');
  await rig.expectOld(result, /max_allowed_packet/);
  expect(retriesOf(cli)).toEqual([]);
});

test('neither is a login that is refused', async () => {
  await rig.target.query("CREATE USER app@'%' IDENTIFIED BY 'app'; GRANT ALL ON *.* TO app@'%'");
  const plan = rig.planWith('{engine: native}', {
    target: `{name: staging, host: 127.0.0.1, port: ${String(rig.proxies.target.port)}, user: app, password: "\${APP_PASSWORD}", access: read-write}`,
  });
  const cli = rig.startApply(plan, { retries: 3, env: { APP_PASSWORD: 'app' } });
  await cli.waitFor('shop: copying');
  await rig.target.query("ALTER USER app@'%' IDENTIFIED BY 'another'");
  const { code, stdout } = await cli.ended;
  await rig.target.query("DROP USER app@'%'");
  expect(stdout).toMatch(/error\[CONN_AUTH\] staging: .*1045/);
  expect(code).toBe(3);
  expect(retriesOf(cli)).toEqual([]);
  expect(await rig.liveContent()).toBe('old');
});
