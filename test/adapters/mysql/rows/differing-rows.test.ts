import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openSnapshot } from '../../../../src/adapters/mysql/rows/snapshot.js';
import { listRowKey } from '../../../../src/core/server/row-key.js';
import {
  type FoundRows,
  type RowsWanted,
  findDifferingRows,
} from '../../../../src/engine/find-differing-rows.js';
import type { CopyJob } from '../../../../src/engine/ports/row-engine.js';
import type { CopyTable } from '../../../../src/engine/ports/rows.js';
import { type CopyRig, quote, startCopyRig } from '../../../contracts/copy-rig.js';
import { availableFlavors } from '../../../support/flavors.js';
import type { TestServer } from '../../../support/servers.js';
import { KEY_SHAPES, createKeyShapes } from '../native/key-shapes.js';
import { copyNatively, fill } from '../native/native-rig.js';

/** Which rows differ, by name: of every kind of key, and of rows that only look alike. */

const FAULTS = ['missing', 'extra', 'changed'] as const;

describe.each(availableFlavors())('rows that differ on $id', (flavor) => {
  let rig: CopyRig;
  beforeAll(async () => {
    rig = await startCopyRig(['--local-infile=1', '--default-time-zone=+00:00'], (options) =>
      flavor.start(options),
    );
    await fill(rig, 'keys', createKeyShapes);
  });
  afterAll(async () => rig.stop());

  const compare = async (
    job: CopyJob,
    wanted: Partial<RowsWanted> = {},
  ): Promise<ReadonlyMap<string, FoundRows>> => {
    const [source, target] = [await openSnapshot(job.source), await openSnapshot(job.target)];
    const found = new Map<string, FoundRows>();
    for (const rows of job.tables) {
      const sides = {
        source: { snapshot: source, database: job.from, rows },
        target: { snapshot: target, database: job.into, rows: { ...rows, where: null } },
      };
      found.set(rows.table.name, await findDifferingRows(sides, { keys: 10_000, mayCut: true, ...wanted }));
    }
    await Promise.all([source.close(), target.close()]);
    return found;
  };

  /** The same share of rows whatever the server, by their keys. */
  const some = ({ table }: CopyTable, share: number): string => {
    const names = table.columns.filter(({ name, isGenerated }) => name !== 'x' && !isGenerated);
    return `CRC32(CONCAT_WS('|', ${names.map(({ name }) => quote(name)).join(', ')})) % 50 = ${String(share)}`;
  };

  /** A key may hold a moment that some servers set by themselves. */
  const change = ({ table }: CopyTable, x: string): string =>
    [`x = '${x}'`, ...listRowKey(table).map(({ name }) => `${quote(name)} = ${quote(name)}`)].join(', ');

  /** Keys as one text each, read without the product. */
  const readKeys = async (
    server: TestServer,
    database: string,
    { table }: CopyTable,
    condition: string,
  ): Promise<readonly string[]> => {
    const cells = listRowKey(table).map(({ name, dataType }) => {
      if (dataType.endsWith('binary')) return `CONCAT('0x', HEX(${quote(name)}))`;
      return `CONVERT(${quote(name)}${dataType === 'float' ? ' * 1e0' : ''} USING utf8mb4)`;
    });
    if (cells.length === 0) return [];
    const rows = await server.query(
      `SELECT CONCAT_WS('|', ${cells.join(', ')}) AS k FROM ${database}.${table.name} WHERE ${condition}`,
    );
    return rows.map((row) => String(row['k'])).sort();
  };

  const keysOf = ({ differing }: FoundRows, fault: string): readonly string[] | undefined =>
    differing && 'keys' in differing
      ? differing.keys
          .filter(({ is }) => is === fault)
          .map(({ key }) => key.join('|'))
          .sort()
      : undefined;

  test('every kind of key: rows that are missing, extra and changed have their names', async () => {
    const job = await rig.stage('keys');
    await copyNatively(job);
    const same = await compare(job, { rangeRows: 500 });
    expect([...same.values()].map(({ isSame, source, target }) => [isSame, source, target])).toEqual(
      [...same.values()].map(({ source }) => [true, source, source]),
    );
    const planted = new Map<string, Readonly<Record<string, readonly string[]>>>();
    for (const entry of job.tables) {
      const { name } = entry.table;
      const read = (share: number) => readKeys(rig.source, 'keys', entry, some(entry, share));
      const [extra, ours, missing, theirs] = [await read(0), await read(1), await read(2), await read(3)];
      planted.set(name, { extra, missing, changed: [...ours, ...theirs].sort() });
      await rig.source.query(
        `DELETE FROM keys.${name} WHERE ${some(entry, 0)}; UPDATE keys.${name} SET ${change(entry, 'source')} WHERE ${some(entry, 1)}`,
      );
      await rig.target.query(
        `DELETE FROM ${job.into}.${name} WHERE ${some(entry, 2)}; UPDATE ${job.into}.${name} SET ${change(entry, 'target')} WHERE ${some(entry, 3)}`,
      );
    }
    const whole = await compare(job);
    for (const [name, found] of whole) {
      expect(found.isSame).toBe(false);
      if (['keyless', 'unique_only', 'unique_part'].includes(name)) {
        expect([name, found.differing]).toEqual([name, { untold: 'it has no key that tells its rows' }]);
        continue;
      }
      for (const fault of FAULTS) {
        expect([name, fault, keysOf(found, fault)]).toEqual([name, fault, planted.get(name)?.[fault]]);
        expect(planted.get(name)?.[fault]?.length).toBeGreaterThan(0);
      }
    }
    // By ranges, the same rows are found, where there is a key to cut by.
    const cut = await compare(job, { rangeRows: 500 });
    const untold = [...cut].filter(([, { differing }]) => differing && 'untold' in differing);
    expect(untold.map(([name]) => name).sort()).toEqual([
      ...['floats', 'keyless', 'members', 'unique_only', 'unique_part'],
    ]);
    for (const [name, found] of cut) {
      if (untold.some(([other]) => other === name)) continue;
      for (const fault of FAULTS)
        expect([name, fault, keysOf(found, fault)]).toEqual([name, fault, planted.get(name)?.[fault]]);
    }
    expect(Object.keys(KEY_SHAPES)).toHaveLength(whole.size);
  });

  test('keys that are the same to a collation, unique values that rows exchange, one row that moves, and a condition', async () => {
    await fill(
      rig,
      'odd',
      `CREATE TABLE mails (id INT PRIMARY KEY, mail VARCHAR(20) UNIQUE, x CHAR(60));
       INSERT INTO mails SELECT seq, CONCAT('m', seq), '' FROM numbers.n WHERE seq <= 3000;
       CREATE TABLE words (w VARCHAR(20) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci PRIMARY KEY);
       INSERT INTO words SELECT CONCAT('w', seq) FROM numbers.n WHERE seq <= 3000`,
    );
    const job = await rig.stage('odd', { where: { mails: 'id <> 2999 -- not that one' } });
    await copyNatively(job);
    await rig.source.query(
      `USE odd; UPDATE mails SET mail = NULL WHERE id = 7; UPDATE mails SET mail = 'm7' WHERE id = 2990;
       UPDATE mails SET mail = 'm2990' WHERE id = 7; UPDATE mails SET id = -5 WHERE id = 1500;
       UPDATE mails SET mail = 'other' WHERE id = 2999; UPDATE words SET w = 'W17' WHERE w = 'w17'`,
    );
    const found = await compare(job, { rangeRows: 500 });
    const tell = (name: string) => FAULTS.map((fault) => keysOf(found.get(name) ?? expect.fail(), fault));
    expect(tell('mails')).toEqual([['-5'], ['1500'], ['2990', '7']]);
    expect(tell('words')).toEqual([['W17'], ['w17'], []]);
    expect((await compare(job, { keys: 1 })).get('mails')?.differing).toMatchObject({
      missing: 1,
      extra: 1,
      changed: 2,
      keyColumns: ['id'],
      keys: [expect.anything()],
    });
  });

  test('where the estimate is wrong, or only the target has many rows, ranges are cut again', async () => {
    await fill(
      rig,
      'grown',
      `CREATE TABLE t (id INT PRIMARY KEY, x CHAR(60)); INSERT INTO t SELECT seq, 'x' FROM numbers.n WHERE seq <= 100`,
    );
    const job = await rig.stage('grown');
    await copyNatively(job);
    await rig.target.query(
      `INSERT INTO ${job.into}.t SELECT seq, 'there' FROM (SELECT 100 + 3 * id AS seq FROM keys_of_target) k`.replace(
        'keys_of_target',
        `(SELECT a.id + 100 * (b.id - 1) AS id FROM ${job.into}.t a, ${job.into}.t b WHERE b.id <= 30) n`,
      ),
    );
    const found = (await compare(job, { rangeRows: 300, keys: 0 })).get('t');
    expect(found).toEqual({
      isSame: false,
      source: 100,
      target: 3100,
      differing: { missing: 0, extra: 3000, changed: 0, keyColumns: ['id'], keys: [] },
    });
  });
});
