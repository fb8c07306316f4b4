import type mysql from 'mysql2/promise';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createNativeEngine } from '../../../../src/adapters/mysql/native/native-engine.js';
import { CopyConnections, createIdleLanes } from '../../../../src/adapters/mysql/native/lanes/lanes.js';
import { openSnapshots } from '../../../../src/adapters/mysql/native/lanes/snapshot-barrier.js';
import { Secret } from '../../../../src/core/secret.js';
import { type CopyRig, startCopyRig } from '../../../contracts/copy-rig.js';
import { availableFlavors } from '../../../support/flavors.js';
import { copyNatively, fill } from './native-rig.js';
import { LaneMemory } from '../../../../src/adapters/mysql/native/wire/lane-memory.js';

const ACCOUNTS = 200;
const TABLES = ['a', 'b', 'c', 'd'] as const;
/** Another number after every transfer. */
const STATE = `SELECT ${TABLES.map((name, index) => `(SELECT SUM(amount * id * ${7 ** index}) FROM bank.${name})`).join(' + ')}`;

describe.each(availableFlavors())('one moment for all lanes on $id', (flavor) => {
  const isMariadb = flavor.vendor === 'mariadb';
  let rig: CopyRig;
  let writers: Transfers;
  beforeAll(async () => {
    rig = await startCopyRig(['--log-bin', '--server-id=1'], (options) => flavor.start(options));
    const tables = TABLES.map(
      (name) =>
        `CREATE TABLE ${name} (id INT PRIMARY KEY, amount BIGINT NOT NULL, pad CHAR(200) NOT NULL DEFAULT '');
         INSERT INTO ${name} SELECT seq, 1000, REPEAT('x', 200) FROM numbers.n WHERE seq <= ${ACCOUNTS}`,
    );
    await fill(rig, 'bank', tables.join(';'));
    await rig.source.query(
      `CREATE USER reader@'127.0.0.1' IDENTIFIED BY 'r', locker@'127.0.0.1' IDENTIFIED BY 'l';
       GRANT SELECT ON bank.* TO reader@'127.0.0.1'; GRANT SELECT, LOCK TABLES ON bank.* TO locker@'127.0.0.1'`,
    );
    writers = await startTransfers(rig);
  });
  afterAll(async () => {
    await writers.stop();
    await rig.stop();
  });

  const account = (user: string, password: string) => ({
    source: { user, password: new Secret(password) },
  });

  test.each([
    ['with every privilege', {}, isMariadb ? 'read-lock' : 'table-locks', 8],
    ['with LOCK TABLES', account('locker', 'l'), 'table-locks', 8],
    // MariaDB says at which position of its log a snapshot stands; MySQL does not, so only one may be used.
    [
      'with SELECT alone',
      account('reader', 'r'),
      isMariadb ? 'equal-positions' : 'one-lane',
      isMariadb ? 2 : 1,
    ],
  ] as const)('%s every lane sees the same state', async (_, overrides, level, fewestLanes) => {
    const job = await rig.stage('bank', overrides);
    const idle = createIdleLanes();
    for (let round = 0; round < 10; round += 1) {
      const before = writers.count;
      const connections = new CopyConnections(job, new LaneMemory(), idle);
      const [guard, ...lanes] = await connections.open('source', 9);
      const snapshots = await openSnapshots({ sourceFacts: job.sourceFacts, databases: [job] }, guard, lanes);
      await expect.poll(() => writers.count).toBeGreaterThan(before);
      const states = await Promise.all(snapshots.lanes.map((lane) => lane.queryRows(STATE)));
      await connections.close();
      expect(snapshots.level).toBe(level);
      expect(states.length).toBeGreaterThanOrEqual(fewestLanes);
      expect(new Set(states.map((rows) => String(rows[0]?.[0])))).toHaveLength(1);
    }
    await idle.close();
  });

  test.runIf(isMariadb)('after a lock that was refused no further one is asked for', async () => {
    const job = await rig.stage('bank', account('locker', 'l'));
    await rig.source.query("SET GLOBAL log_output = 'TABLE'; SET GLOBAL general_log = ON");
    const idle = createIdleLanes();
    const connections = new CopyConnections(job, new LaneMemory(), idle);
    const [guard, ...lanes] = await connections.open('source', 3);
    await openSnapshots({ sourceFacts: job.sourceFacts, databases: [job] }, guard, lanes);
    await connections.close();
    await idle.close();
    await rig.source.query('SET GLOBAL general_log = OFF');
    const rows = await rig.source.query(
      "SELECT CONVERT(argument USING utf8mb4) AS sent FROM mysql.general_log WHERE argument LIKE 'BACKUP STAGE%'",
    );
    expect(rows.map(({ sent }) => String(sent))).toEqual(['BACKUP STAGE START', 'BACKUP STAGE END']);
  });

  test('the copy is the state of one moment', async () => {
    const job = await rig.stage('bank');
    await copyNatively(job);
    const sums = TABLES.map((name) => `(SELECT SUM(amount) FROM ${job.into}.${name})`);
    const [row] = await rig.target.query(`SELECT CAST(${sums.join(' + ')} AS CHAR) AS total`);
    expect(row?.['total']).toBe(String(4 * ACCOUNTS * 1000));
  });

  test('locks are gone as soon as the snapshots stand', async () => {
    const job = await rig.stage('bank');
    const [row] = await rig.source.query(`SHOW GLOBAL VARIABLES LIKE 'lock_wait_timeout'`);
    const before = writers.count;
    await copyNatively(job, { proof: 'counts' });
    await expect.poll(() => writers.count).toBeGreaterThan(before + 5);
    expect(await rig.source.query(`SHOW GLOBAL VARIABLES LIKE 'lock_wait_timeout'`)).toEqual([row]);
  });

  test('beside a long query neither the copy waits nor anybody who writes', async () => {
    const blocker = await rig.source.connect();
    let isBlocking = true;
    const blocking = blocker
      .query('SELECT COUNT(*) FROM bank.a WHERE SLEEP(0.5) = 1')
      .catch(() => undefined)
      .finally(() => (isBlocking = false));
    const running = `SELECT ID FROM information_schema.PROCESSLIST WHERE INFO LIKE 'SELECT COUNT(*) FROM bank.a%' AND TIME >= 2`;
    await expect.poll(async () => rig.source.query(running), { timeout: 10_000 }).toHaveLength(1);
    const job = await rig.stage('bank');
    await copyNatively(job, { proof: 'counts' });
    const after = writers.count;
    await expect.poll(() => writers.count).toBeGreaterThan(after + 50);
    expect(isBlocking).toBe(true);
    await rig.source.query(`KILL ${blocker.threadId}`);
    await blocking;
  });

  test('nothing is written to the source, not even to its log', async () => {
    await writers.stop();
    const status = isMariadb ? 'SHOW MASTER STATUS' : 'SHOW BINARY LOG STATUS';
    const before = await rig.source.query(status);
    for (const overrides of [{}, account('reader', 'r')])
      await copyNatively(await rig.stage('bank', overrides));
    expect(await rig.source.query(status)).toEqual(before);
  });

  test('the position that it tells is that of its snapshot, on any number of lanes and for a batch', async () => {
    const [row] = await rig.source.query(isMariadb ? 'SHOW MASTER STATUS' : 'SHOW BINARY LOG STATUS');
    const here = `${String(row?.['File'])}:${String(row?.['Position'])}`;
    const told: string[] = [];
    const onSnapshot = (position: string): void => void told.push(position);
    const job = { ...(await rig.stage('bank')), onSnapshot };
    await copyNatively(job);
    await copyNatively({ ...(await rig.stage('bank')), onSnapshot }, { lanes: 1 });
    const engine = createNativeEngine({ lanes: 2, proof: 'counts', onConditions: () => undefined });
    const batch = await engine.inOneMoment?.({ ...job, databases: [job], lanes: 2, consistency: 'batch' });
    await rig.source.query('CREATE DATABASE later');
    await batch?.copy(
      { ...(await rig.stage('bank')), onSnapshot },
      () => undefined,
      new AbortController().signal,
    );
    await batch?.close();
    expect(told).toEqual(isMariadb ? [here, here, here] : []);
  });

  test('whoever waits for a lane of it hears that the last one is lost', async () => {
    const job = await rig.stage('bank');
    const engine = createNativeEngine({ lanes: 1, proof: 'counts', onConditions: () => undefined });
    const batch = await engine.inOneMoment?.({ ...job, databases: [job], lanes: 1, consistency: 'batch' });
    const [rows] = job.tables;
    const stop = new AbortController();
    const compare = async (): Promise<unknown> =>
      rows &&
      batch?.digestSource?.([{ ...rows, database: job.from }], stop.signal).catch((error: unknown) => error);
    const told = [compare(), compare(), compare()];
    stop.abort();
    const lost = expect.objectContaining({ code: 'COPY_FAILED' }) as unknown;
    expect(await Promise.all(told)).toEqual([expect.any(Error), lost, lost]);
    await batch?.close();
  });
});

interface Transfers {
  /** So many were committed. */
  readonly count: number;
  stop(): Promise<void>;
}

/** Sessions that move one unit from a row of one table to a row of another, as fast as they can. */
const startTransfers = async (rig: CopyRig): Promise<Transfers> => {
  let count = 0;
  let isStopping = false;
  const connections = await Promise.all([rig.source.connect(), rig.source.connect()]);
  const transfer = async (connection: mysql.Connection, step: number): Promise<void> => {
    const [from = 'a', to = 'b'] = [TABLES[step % 4], TABLES[(step + 1) % 4]];
    const id = (step % ACCOUNTS) + 1;
    await connection.query('START TRANSACTION');
    try {
      await connection.query(`UPDATE bank.${from} SET amount = amount - 1 WHERE id = ${id}`);
      await connection.query(`UPDATE bank.${to} SET amount = amount + 1 WHERE id = ${id}`);
      await connection.query('COMMIT');
      count += 1;
    } catch {
      // The two sessions may deadlock.
      await connection.query('ROLLBACK').catch(() => undefined);
    }
  };
  const running = connections.map(async (connection, index) => {
    for (let step = index; !isStopping; step += 1) await transfer(connection, step);
    await connection.end();
  });
  return {
    get count() {
      return count;
    },
    stop: async () => {
      isStopping = true;
      await Promise.all(running);
    },
  };
};
