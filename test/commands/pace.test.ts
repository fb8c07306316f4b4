import { afterAll, beforeAll, expect, test } from 'vitest';
import { ROOT, type TestServer, startServer } from '../support/servers.js';
import { type Rig, startRig } from '../support/rig.js';

let rig: Rig;
let replica: TestServer;
beforeAll(async () => {
  [rig, replica] = await Promise.all([
    startRig({ sourceOptions: ['--log-bin', '--server-id=1'] }),
    startServer(['--server-id=2']),
  ]);
  // The replica has these accounts already.
  await rig.source.query('RESET MASTER');
  await replica.query(
    `CHANGE MASTER TO MASTER_HOST = '127.0.0.1', MASTER_PORT = ${String(rig.source.port)}, MASTER_USER = '${ROOT.user}', MASTER_PASSWORD = ${JSON.stringify(ROOT.password)}`,
  );
  await rig.source.query(
    "CREATE DATABASE shop; USE shop; CREATE TABLE shop.t (id INT PRIMARY KEY, v CHAR(200)); INSERT INTO shop.t SELECT seq, REPEAT('x', 200) FROM seq_1_to_20000",
  );
});
afterAll(async () => {
  await Promise.all([rig.stop(), replica.stop()]);
});

const DATABASES = 'databases:\n  - name: shop\n';

test('rows wait until a replica is not behind any more, and the reason is shown', async () => {
  const login = `{name: reader, host: 127.0.0.1, port: ${String(replica.port)}, user: ${ROOT.user}, password: "\${DB_PASSWORD}"}`;
  const plan = rig.writePlan(`${DATABASES}options: {pause_when: {replica_lag: 5, replicas: [${login}]}}`);
  const running = rig.start(['apply', plan, '--auto-approve']);
  await running.waitFor('copy paused: reader does not replicate');
  await replica.query('START SLAVE');
  await running.waitFor('copy resumed');
  expect(await running.ended).toMatchObject({ code: 0 });
  expect(await rig.contentOf('target', 'shop')).toEqual(await rig.contentOf('source', 'shop'));
});

test.each(['native', 'dump'])('%s keeps to a rate', async (engine) => {
  const time = async (pace: string): Promise<number> => {
    await rig.target.query('DROP DATABASE IF EXISTS shop');
    const plan = rig.writePlan(`${DATABASES}options: {${pace}engine: ${engine}}`);
    const start = performance.now();
    expect(await rig.run(['apply', plan, '--auto-approve'])).toMatchObject({ code: 0 });
    return performance.now() - start;
  };
  // 4 MB of rows, and all else takes both the same time.
  const unpaced = await time('');
  expect(await time('max_rate: 1, ')).toBeGreaterThan(unpaced + 2000);
});

test('a replica that cannot be reached is said before anything is written', async () => {
  const plan = rig.writePlan(
    `${DATABASES}options: {pause_when: {replica_lag: 5, replicas: [{name: reader, host: 127.0.0.1, port: 1, user: u}]}}`,
  );
  const before = await rig.scratchDatabases();
  const { code, stderr } = await rig.run(['apply', plan, '--confirm-target', 'staging']);
  expect([code, /error\[CONN_REFUSED\] reader: /.test(stderr)]).toEqual([4, true]);
  expect(await rig.scratchDatabases()).toEqual(before);
});
