import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Rig, startRig } from '../support/rig.js';
let rig: Rig;
beforeAll(async () => {
  rig = await startRig({ sourceOptions: ['--log-bin', '--server-id=1'] });
  await rig.source.query('CREATE DATABASE shop; CREATE TABLE shop.a (id INT PRIMARY KEY); INSERT INTO shop.a VALUES (1)');
});
afterAll(async () => rig.stop());
test('x', async () => {
  const plan = rig.writePlan('databases: [{name: shop}]');
  for (const engine of ['native', 'dump']) {
    console.log((await rig.run(['apply', plan, '--engine', engine, '--auto-approve', '--confirm-target', 'staging'])).stdout);
    console.log(JSON.stringify(await rig.target.query('SELECT live, CONVERT(body USING utf8mb4) b FROM mysqlsync.provenance'), null, 1));
    console.log(JSON.stringify(await rig.target.query("SELECT TABLE_NAME, CREATE_TIME, UPDATE_TIME, NOW() n FROM information_schema.TABLES WHERE TABLE_SCHEMA='shop'"), null, 1));
  }
  console.log((await rig.rollBackNewest('--plan', plan)).stdout);
    console.log(JSON.stringify(await rig.target.query('SELECT live, CONVERT(body USING utf8mb4) b FROM mysqlsync.provenance'), null, 1));
  expect(1).toBe(1);
});
