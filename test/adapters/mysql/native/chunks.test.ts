import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { BatchSnapshot } from '../../../../src/adapters/mysql/native/lanes/batch-snapshot.js';
import { copyDatabase } from '../../../../src/adapters/mysql/native/copy-database.js';
import { createIdleLanes } from '../../../../src/adapters/mysql/native/lanes/lanes.js';
import { LaneMemory } from '../../../../src/adapters/mysql/native/wire/lane-memory.js';
import { type CopyRig, readRows, startCopyRig } from '../../../contracts/copy-rig.js';
import { availableFlavors } from '../../../support/flavors.js';
import { KEY_SHAPES, createKeyShapes } from './key-shapes.js';
import { countChunks } from '../../../../src/adapters/mysql/native/tables/plan-chunks.js';
import { listKeyColumns } from '../../../../src/adapters/mysql/rows/split-key.js';
import { SMALL_CHUNK_BYTES, copyNatively, fill, writersOf } from './native-rig.js';

describe.each(availableFlavors())('tables in pieces on $id', (flavor) => {
  let rig: CopyRig;
  beforeAll(async () => {
    rig = await startCopyRig(['--local-infile=1'], (options) => flavor.start(options));
    await fill(rig, 'keys', createKeyShapes);
  });
  afterAll(async () => rig.stop());

  test.each(writersOf(flavor))('every kind of key, by %s', async (writer) => {
    const job = await rig.stage('keys');
    const { copied, conditions } = await copyNatively(job, { writers: [writer] });
    const snapshot = flavor.vendor === 'mariadb' ? 'read-lock' : 'table-locks';
    expect(conditions).toEqual({ snapshot, lanes: 4, writer, moment: 'database' });
    expect(copied.every(({ proof }) => proof === 'digest')).toBe(true);
    expect(new Set(copied.map(({ name }) => name))).toEqual(new Set(Object.keys(KEY_SHAPES)));
    const expected = await readRows(rig.source, 'keys');
    expect(await readRows(rig.target, job.into)).toEqual(expected);
  });

  test.each(writersOf(flavor))(
    'what a copy borrowed of the memory of lanes comes back, by %s',
    async (writer) => {
      const job = await rig.stage('keys', { only: ['integers', 'mixed', 'text_ci', 'keyless'] });
      const memory = new LaneMemory();
      const take = (): readonly Buffer[] => Array.from({ length: 40 }, () => memory.take());
      const give = (blocks: readonly Buffer[]): void => blocks.forEach((block) => memory.give(block));
      const known = new Set(take());
      give([...known]);
      await copyNatively(job, { writers: [writer], memory });
      const made: Buffer[] = [];
      const missing = (): number => {
        const blocks = take();
        const fresh = blocks.filter((block) => !known.has(block));
        made.push(...fresh);
        give(blocks.filter((block) => known.has(block)));
        return fresh.length;
      };
      // A connection gives back what it read into when its socket is closed.
      await expect.poll(missing, { interval: 250, timeout: 10_000 }).toBe(0);
      give(made);
    },
  );

  test('a unique key cuts a table that has no primary key, if it tells its rows', async () => {
    const { tables } = await rig.stage('keys');
    const chunks = (wanted: string): number => {
      const entry = tables.find(({ table }) => table.name === wanted) ?? expect.fail(wanted);
      const sql = { entry, columns: [], key: listKeyColumns(entry.table) };
      return countChunks(sql, SMALL_CHUNK_BYTES);
    };
    for (const name of ['unique_whole', 'unique_text', 'unique_beside', 'unique_and_counter'])
      expect([name, chunks(name) > 5]).toEqual([name, true]);
    for (const name of ['unique_only', 'unique_part']) expect([name, chunks(name)]).toEqual([name, 1]);
  });

  test('rows that fit into one INSERT are not put into a transaction, and more are', async () => {
    await fill(
      rig,
      'sizes',
      `CREATE TABLE small (id INT PRIMARY KEY); INSERT INTO small SELECT seq FROM numbers.n WHERE seq <= 9;
       CREATE TABLE large (id INT PRIMARY KEY, x CHAR(200)); INSERT INTO large SELECT seq, REPEAT('x', 200) FROM numbers.n WHERE seq <= 1000`,
    );
    const writer = flavor.vendor === 'mariadb' ? 'bulk' : 'insert';
    const countBegins = async (table: string): Promise<number> => {
      const job = await rig.stage('sizes', { only: [table] });
      const [before] = await rig.target.query(`SHOW GLOBAL STATUS LIKE 'Com_begin'`);
      await copyNatively(job, { writers: [writer], chunkBytes: 1e9 });
      const [after] = await rig.target.query(`SHOW GLOBAL STATUS LIKE 'Com_begin'`);
      return Number(after?.['Value']) - Number(before?.['Value']);
    };
    expect(await countBegins('small')).toBe(0);
    expect(await countBegins('large')).toBe(1);
  });

  test('counted pieces are as good as a counted table', async () => {
    const job = await rig.stage('keys');
    await rig.target.query(
      `INSERT INTO ${job.into}.integers VALUES (900000, 'nobody sent it'); INSERT INTO ${job.into}.led VALUES (-1, 'a', '')`,
    );
    const { copied } = await copyNatively(job, { proof: 'counts' });
    const open = copied.filter(({ proof }) => proof === undefined);
    expect(open.map(({ name }) => name).sort()).toEqual(['integers', 'led']);
    expect(copied.filter(({ proof }) => proof === 'counts')).toHaveLength(copied.length - open.length);
  });

  test.each(['digest', 'counts'] as const)(
    'rows that a session leaves out of a table are missed by the count of the source: %s',
    async (proof) => {
      const job = await rig.stage('keys', { only: ['keyless'] });
      const memory = new LaneMemory();
      const idle = createIdleLanes();
      const batch = await BatchSnapshot.open(
        { ...job, databases: [job], lanes: 1, consistency: 'batch' },
        memory,
        idle.source,
      );
      try {
        const [lane] = batch.take(1);
        if (!lane) throw new Error('no lane');
        await lane.run('SET sql_select_limit = 5');
        await batch.giveBack(lane);
        const options = { lanes: 1, proof, batch, memory, idle, onConditions: () => undefined };
        const copy = copyDatabase(job, options, () => undefined, new AbortController().signal);
        await expect(copy).rejects.toMatchObject({
          code: 'COPY_FAILED',
          message: expect.stringMatching(
            /keyless: 5 rows were read, and the source counts \d[\d ]+/,
          ) as string,
        });
      } finally {
        batch.close();
        await idle.close();
      }
    },
  );

  test('conditions of the plan hold in every piece', async () => {
    const where = { integers: 'id % 3 = 0 -- every third', mixed: `b = 'k7'` };
    const job = await rig.stage('keys', { where, only: ['integers', 'mixed'] });
    const { copied } = await copyNatively(job);
    const expected = await readRows(rig.source, 'keys', where);
    const arrived = await readRows(rig.target, job.into);
    for (const name of ['integers', 'mixed']) expect(arrived[name]).toEqual(expected[name]);
    expect(copied.map(({ rows }) => rows)).toEqual([1000, expected['mixed']?.length]);
  });

  test('one lane does it all too', async () => {
    const job = await rig.stage('keys', { only: ['integers', 'keyless', 'text_ci'] });
    const { conditions } = await copyNatively(job, { lanes: 1 });
    expect(conditions).toMatchObject({ snapshot: 'one-lane', lanes: 1 });
    const expected = await readRows(rig.source, 'keys');
    const arrived = await readRows(rig.target, job.into);
    for (const name of ['integers', 'keyless', 'text_ci']) expect(arrived[name]).toEqual(expected[name]);
  });
});
