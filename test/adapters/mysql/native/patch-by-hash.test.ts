import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { CopyJob } from '../../../../src/engine/ports/row-engine.js';
import { type CopyRig, readRows, startCopyRig } from '../../../contracts/copy-rig.js';
import { availableFlavors } from '../../../support/flavors.js';
import { copyNatively, fill } from './native-rig.js';

/** Far servers: of tables whose rows no key names, those that differ are told by hashes. */

const NUMBERS = '(SELECT seq AS n FROM numbers.n WHERE seq <= 3000) t';

/** Columns and rows; changes of the source, and of the target; how many rows of the source are then written. */
const TABLES: Readonly<
  Record<string, readonly [columns: string, rows: string, source: string, target: string, written: number]>
> = {
  same: ['n INT, x VARCHAR(60)', `SELECT n DIV 3, 'x'`, '', '', 0],
  changed: [
    'n INT, x VARCHAR(60)',
    `SELECT n, 'x'`,
    `UPDATE changed SET x = 'y' WHERE n > 2980; DELETE FROM changed WHERE n = 7; INSERT INTO changed VALUES (-1, 'new')`,
    `UPDATE changed SET x = 'z' WHERE n = 1500`,
    22,
  ],
  // Of each there were three.
  duplicates: [
    'n INT, x VARCHAR(60)',
    `SELECT n DIV 3, 'x'`,
    `INSERT INTO duplicates VALUES (30, 'x'); DELETE FROM duplicates WHERE n = 50`,
    `DELETE FROM duplicates WHERE n = 40 LIMIT 1; INSERT INTO duplicates VALUES (60, 'x'), (5000, 'x'), (5000, 'x'); DELETE FROM duplicates WHERE n = 70`,
    4 + 3 + 3 + 3,
  ],
  exchanged: [
    'n INT, x VARCHAR(60)',
    'SELECT n, n',
    'UPDATE exchanged SET x = 3000 - n WHERE n IN (1000, 2000)',
    '',
    2,
  ],
  nothing: [
    'a VARCHAR(9), b VARCHAR(9), n INT',
    `SELECT NULL, '', n`,
    `UPDATE nothing SET a = '', b = NULL WHERE n = 5; UPDATE nothing SET a = '' WHERE n = 6; UPDATE nothing SET b = NULL WHERE n = 7`,
    '',
    3,
  ],
  // Only its beginning can be written, so ranges of it are compared.
  led: [
    `n INT, e ENUM('b', 'a'), x CHAR(60), PRIMARY KEY (n, e)`,
    `SELECT n DIV 2, n % 2 + 1, 'x'`,
    `UPDATE led SET x = 'y' WHERE n IN (3, 900) AND e = 'a'; DELETE FROM led WHERE n = 800; INSERT INTO led VALUES (9000, 'a', 'new')`,
    `DELETE FROM led WHERE n = 400 AND e = 'b'`,
    4,
  ],
  documents: [
    'n INT, doc JSON, twice INT AS (n * 2) STORED',
    `SELECT n, JSON_OBJECT('price', CAST(1.50 AS DECIMAL(9, 2)), 'n', n), DEFAULT`,
    `UPDATE documents SET doc = JSON_OBJECT('price', CAST(2.50 AS DECIMAL(9, 2)), 'n', n) WHERE n IN (8, 9)`,
    '',
    2,
  ],
  most: ['n INT, x VARCHAR(60)', `SELECT n, 'x'`, `UPDATE most SET x = 'y' WHERE n % 2 = 0`, '', 3000],
};

const isFilled = (job: CopyJob): CopyJob => ({
  ...job,
  tables: job.tables.map((table) => ({ ...table, isFilled: true })),
});

describe.each(availableFlavors())('rows that no key names on $id', (flavor) => {
  let rig: CopyRig;
  beforeAll(async () => {
    vi.stubEnv('MYSQL_SYNC_TEST_LINK', '3');
    rig = await startCopyRig(['--local-infile=1'], (options) => flavor.start(options)).finally(() =>
      vi.unstubAllEnvs(),
    );
  });
  afterAll(async () => rig.stop());

  test('those that come, go and change are replaced, however often each is there', async () => {
    const made = Object.entries(TABLES).map(([name, [columns, rows]]) =>
      `CREATE TABLE ${name} (${columns}); INSERT INTO ${name} ${rows.replace(', DEFAULT', '')} FROM ${NUMBERS}`.replace(
        'INTO documents SELECT',
        'INTO documents (n, doc) SELECT',
      ),
    );
    await fill(rig, 'plain', made.join(';\n'));
    const job = await rig.stage('plain', { where: { changed: 'n <> 17 -- not that one' } });
    await copyNatively(job);
    for (const [, , source, target] of Object.values(TABLES)) {
      if (source !== '') await rig.source.query(`USE plain; ${source}`);
      if (target !== '') await rig.target.query(`USE ${job.into}; ${target}`);
    }
    const { copied } = await copyNatively(isFilled(job), { rangeRows: 500 });
    expect(await readRows(rig.target, job.into)).toEqual(
      await readRows(rig.source, 'plain', { changed: 'n <> 17' }),
    );
    const written = copied.map(({ name, replaced }) => [name, replaced]);
    expect(Object.fromEntries(written)).toEqual(
      Object.fromEntries(
        Object.entries(TABLES).map(([name, [, , , , rows]]) => [name, name === 'most' ? undefined : rows]),
      ),
    );
    expect(copied.every(({ proof }) => proof === 'digest')).toBe(true);
    const again = await copyNatively(isFilled(job), { rangeRows: 500 });
    expect(again.copied.map(({ replaced }) => replaced)).toEqual(again.copied.map(() => 0));
  }, 240_000);

  test('what the target makes of the new rows is compared: a copy with a wrong byte fails', async () => {
    await fill(
      rig,
      'wrong',
      `CREATE TABLE t (n INT, x CHAR(60)); INSERT INTO t SELECT n, 'x' FROM ${NUMBERS}`,
    );
    const job = await rig.stage('wrong');
    await copyNatively(job);
    await rig.source.query("UPDATE wrong.t SET x = 'y' WHERE n = 1700");
    await rig.target.query(
      `CREATE TRIGGER ${job.into}.t BEFORE INSERT ON ${job.into}.t FOR EACH ROW SET NEW.x = IF(NEW.n = 1700, 'Y', NEW.x)`,
    );
    await expect(copyNatively(isFilled(job))).rejects.toMatchObject({
      code: 'COPY_FAILED',
      message: expect.stringContaining('its rows differ from the source') as string,
    });
  });
});
