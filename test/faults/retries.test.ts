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

// Not a packet that is too large: the server hangs up behind that error, so a loader may hear of a lost connection instead.
test('an error of SQL is not tried again', async () => {
  await rig.target.query('SET GLOBAL max_heap_table_size = 16384');
  await rig.source.query(
    `CREATE TABLE shop.big (id INT PRIMARY KEY, b VARCHAR(1000)) ENGINE = MEMORY;
     INSERT INTO shop.big SELECT id, REPEAT('x', 1000) FROM shop.orders LIMIT 1000`,
  );
  const cli = rig.startApply(rig.planWith('{engine: dump}'), { retries: 3 });
  const result = await cli.ended;
  await rig.target.query('SET GLOBAL max_heap_table_size = DEFAULT');
  await rig.source.query('DROP TABLE shop.big');
  await rig.expectOld(result, /1114|is full/);
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
