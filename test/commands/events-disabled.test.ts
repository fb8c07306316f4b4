import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Rig, startRig } from '../support/rig.js';

/** A MariaDB that was started with event_scheduler=DISABLED answers every question about events with an error. */

let rig: Rig;
beforeAll(async () => {
  rig = await startRig({ targetOptions: ['--event-scheduler=DISABLED'] });
  await rig.source.query(
    `CREATE DATABASE shop; CREATE TABLE shop.t (id INT PRIMARY KEY); INSERT INTO shop.t VALUES (1);
     CREATE PROCEDURE shop.p() SELECT 1; CREATE EVENT shop.nightly ON SCHEDULE EVERY 1 DAY DO DO 1`,
  );
});
afterAll(async () => rig.stop());

const idsOf = async (server: Rig['target'], database: string): Promise<readonly unknown[]> =>
  (await server.query(`SELECT id FROM ${database}.t`)).map((row) => row['id'] as unknown);

test('as target: events are refused by name in the plan', async () => {
  const plan = rig.writePlan('databases:\n  - name: shop');
  const { code, stderr } = await rig.run(['apply', plan, '--confirm-target', 'staging']);
  expect(stderr).toMatch(
    /error\[DATABASE_BLOCKED\] shop: event_scheduler is DISABLED on the target, .*: nightly\n/,
  );
  expect(code).toBe(9);
});

test('as target: without them all else is copied, again, and rolled back', async () => {
  const plan = rig.writePlan('databases:\n  - name: shop\n    programs: {exclude: [nightly]}');
  const apply = ['apply', plan, '--confirm-target', 'staging'];
  expect((await rig.run(apply)).code).toBe(0);
  await rig.source.query('INSERT INTO shop.t VALUES (2)');
  expect((await rig.run(apply)).code).toBe(0);
  expect(await idsOf(rig.target, 'shop')).toEqual([1, 2]);
  expect((await rig.rollBackNewest()).code).toBe(0);
  expect(await idsOf(rig.target, 'shop')).toEqual([1]);
});

test('as source: all else is copied, and the plan says that events cannot be read', async () => {
  await rig.target.query('CREATE DATABASE IF NOT EXISTS other; CREATE TABLE other.t SELECT 7 AS id');
  const at = (name: string, { port }: Rig['target']): string =>
    `{name: ${name}, host: 127.0.0.1, port: ${String(port)}, user: tester, password: "\${DB_PASSWORD}"`;
  const plan = rig.writePlan('databases:\n  - name: other', {
    source: `${at('disabled', rig.target)}}`,
    target: `${at('enabled', rig.source)}, access: read-write}`,
  });
  const { code, stdout, stderr } = await rig.run(['apply', plan, '--confirm-target', 'enabled']);
  expect(`${stdout}${stderr}`).toContain('[EVENTS_DISABLED] event_scheduler is DISABLED on the source');
  expect(code).toBe(0);
  expect(await idsOf(rig.source, 'other')).toEqual([7]);
});
