import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Rig, startRig } from '../support/rig.js';

/** Two databases between which money moves, in one transaction each time. */

let rig: Rig;
beforeAll(async () => {
  rig = await startRig();
  for (const name of ['bank', 'other'])
    await rig.source.query(
      `CREATE DATABASE ${name}; USE ${name}; CREATE TABLE accounts (id INT PRIMARY KEY, amount BIGINT, pad CHAR(200));
       INSERT INTO accounts SELECT seq, 1000, REPEAT('x', 200) FROM seq_1_to_10000`,
    );
});
afterAll(async () => rig.stop());

const sumOf = (name: string): string => `(SELECT SUM(amount) FROM ${name}.accounts)`;

/** Moves money until it is told to stop; the sum of both never changes. */
const moveMoney = (): { stop(): Promise<number> } => {
  let transfers = 0;
  const state = { isWanted: true };
  const moving = (async () => {
    const connection = await rig.source.connect();
    while (state.isWanted) {
      const id = (transfers % 10000) + 1;
      await connection.query(
        `START TRANSACTION; UPDATE bank.accounts SET amount = amount - 1 WHERE id = ${String(id)};
         UPDATE other.accounts SET amount = amount + 1 WHERE id = ${String(id)}; COMMIT`,
      );
      transfers += 1;
    }
    await connection.end();
  })();
  return {
    stop: async () => {
      state.isWanted = false;
      await moving;
      return transfers;
    },
  };
};

test.each([1, 2])('with batch, %d at once, all databases are of one moment', async (concurrent) => {
  const plan = rig.writePlan(
    `databases: [{name: bank}, {name: other}]\noptions: {consistency: batch, max_concurrent: ${String(concurrent)}}`,
  );
  const money = moveMoney();
  const { code, stderr } = await rig.run(['apply', plan, '--confirm-target', 'staging']);
  const transfers = await money.stop();
  expect(code).toBe(0);
  expect(stderr).toMatch(
    /bank: native engine, \d connections?, written by .*; all databases as of one moment/,
  );
  expect(transfers).toBeGreaterThan(0);
  const [sums] = await rig.target.query(
    `SELECT ${sumOf('bank')} + ${sumOf('other')} AS total, ${sumOf('bank')} AS bank`,
  );
  expect(Number(sums?.['total'])).toBe(20_000_000);
});

test('a moment that is lost fails what is left, and that is said', async () => {
  const plan = rig.writePlan(
    'databases: [{name: bank}, {name: other}]\noptions: {consistency: batch, parallel: 1, max_rate: 1}',
  );
  const before = await rig.contentOf('target', 'other');
  const running = rig.start(['apply', plan, '--confirm-target', 'staging']);
  await running.waitFor('bank: native engine');
  const sessions = await rig.source.query(
    'SELECT trx_mysql_thread_id AS id FROM information_schema.INNODB_TRX WHERE trx_mysql_thread_id <> 0',
  );
  expect(sessions.length).toBeGreaterThan(0);
  for (const { id } of sessions) await rig.source.query(`KILL ${String(id)}`);
  const { code, stdout } = await running.ended;
  expect(code).toBe(3);
  expect(stdout).toContain('the snapshot that all databases share was lost with its connections');
  expect(await rig.contentOf('target', 'other')).toEqual(before);
});
