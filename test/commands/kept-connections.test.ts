import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Rig, startRig } from '../support/rig.js';
import type { TestServer } from '../support/servers.js';

let rig: Rig;
beforeAll(async () => {
  rig = await startRig();
  for (const name of ['a', 'b', 'c', 'd', 'e', 'f']) {
    await rig.source.query(`CREATE DATABASE ${name}`);
    rig.source.load('CREATE TABLE t (id INT PRIMARY KEY); INSERT INTO t VALUES (1)', name);
  }
});
afterAll(async () => rig.stop());

const countLogins = async (server: TestServer): Promise<number> =>
  Number((await server.query("SHOW GLOBAL STATUS LIKE 'Connections'"))[0]?.['Value']);

test('databases that are copied one after the other need no logins of their own', async () => {
  const logins: number[][] = [];
  for (const databases of [
    ['a', 'b'],
    ['c', 'd', 'e', 'f'],
  ]) {
    const before = await Promise.all([rig.source, rig.target].map(countLogins));
    const list = databases.map((name) => `{name: ${name}}`).join(', ');
    const plan = rig.writePlan(`databases: [${list}]\noptions: {max_concurrent: 1}`);
    const { code, stderr } = await rig.run(['apply', plan, '--auto-approve']);
    expect([code, stderr]).toEqual([0, stderr]);
    const after = await Promise.all([rig.source, rig.target].map(countLogins));
    logins.push(after.map((count, at) => count - (before[at] ?? 0)));
  }
  const [ofTwo, ofFour] = logins;
  expect(ofFour).toEqual(ofTwo);
});
