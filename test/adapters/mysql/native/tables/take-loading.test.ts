import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findStepsLeft } from '../../../../../src/adapters/mysql/native/tables/take-loading.js';
import { type DatabaseName, type TableName, toDatabaseName } from '../../../../../src/core/names.js';
import { type CopyRig, readRows, startCopyRig } from '../../../../contracts/copy-rig.js';
import { availableFlavors } from '../../../../support/flavors.js';
import { copyNatively, fill, readDefinition } from '../native-rig.js';

/** What a copy that was not finished left of a large table, and another one goes on from. */

const makeTable = (lines: readonly string[], options = 'ENGINE=InnoDB'): string =>
  `CREATE TABLE \`t\` (\n  ${lines.join(',\n  ')}\n) ${options}`;

describe('what is left to be done', () => {
  const COLUMNS = ['`id` int(11) NOT NULL', "`x` char(60) DEFAULT 'y'", 'PRIMARY KEY (`id`)'];
  const [PLAIN, OTHER, WORDS] = ['KEY `a` (`x`)', 'KEY `b` (`x`,`id`)', 'FULLTEXT KEY `w` (`x`)'];
  const STEPS = [[`ADD ${PLAIN}`, `ADD ${OTHER}`], [`ADD ${WORDS}`]];

  test.each([
    ['nothing was done', COLUMNS, STEPS],
    ['the plain indexes were made', [...COLUMNS, PLAIN, OTHER], STEPS.slice(1)],
    ['all were made', [...COLUMNS, PLAIN, OTHER, WORDS], []],
    ['one of the plain indexes is missing', [...COLUMNS, PLAIN], undefined],
    ['the last was made, and none before it', [...COLUMNS, WORDS], undefined],
    ['an index is another one', [...COLUMNS, PLAIN, 'KEY `b` (`x`)'], undefined],
    ['a column is another one', [...COLUMNS.slice(0, 1), '`x` char(61)', ...COLUMNS.slice(2)], undefined],
    ['a column is missing', COLUMNS.filter((_, at) => at !== 1), undefined],
    ['there is one more column', [...COLUMNS.slice(0, 2), '`z` int(11)', ...COLUMNS.slice(2)], undefined],
    ['no more than a name', [], undefined],
  ] as const)('%s', (_, lines, left) => {
    expect(findStepsLeft(makeTable(COLUMNS), makeTable(lines), STEPS)).toEqual(left);
  });

  test('counters move on, and options do not', () => {
    const empty = makeTable(COLUMNS);
    expect(findStepsLeft(empty, makeTable(COLUMNS, 'ENGINE=InnoDB AUTO_INCREMENT=7'), STEPS)).toEqual(STEPS);
    expect(findStepsLeft(empty, makeTable(COLUMNS, 'ENGINE=InnoDB ROW_FORMAT=DYNAMIC'), STEPS)).toBe(
      undefined,
    );
  });

  test('what a server may not have printed whole is nothing to compare by', () => {
    const doubtful = makeTable(["`x` char(60) DEFAULT '?'"]);
    expect(findStepsLeft(doubtful, doubtful, [])).toBe(undefined);
  });
});

const HALF = 1000;

const SCHEMA = `CREATE TABLE counted (id INT AUTO_INCREMENT PRIMARY KEY, n INT, x VARCHAR(60), KEY by_x (x), UNIQUE KEY by_n (n)) AUTO_INCREMENT = 9000;
  INSERT INTO counted SELECT seq, seq, REPEAT('x', 60) FROM numbers.n WHERE seq <= ${String(2 * HALF)};
  CREATE TABLE words (id INT PRIMARY KEY, n INT, x VARCHAR(60), KEY by_x (x), FULLTEXT KEY first_words (x), FULLTEXT KEY more_words (x));
  INSERT INTO words SELECT seq, seq, CONCAT('word ', seq, REPEAT('x', 40)) FROM numbers.n WHERE seq <= ${String(2 * HALF)}`;

const flavors = availableFlavors().filter(({ id }) => id === 'mariadb-10.11' || id === 'mysql-9.7');

describe.each(flavors)('on $id', (flavor) => {
  let rig: CopyRig;
  beforeAll(async () => {
    rig = await startCopyRig([], (options) => flavor.start(options));
    await fill(rig, 'large', SCHEMA);
  });
  afterAll(async () => rig.stop());

  let last = 0;

  const readRowsOf = async (name: string) => ({ [name]: (await readRows(rig.source, 'large'))[name] });

  /** A copy that finds another one's table with half of the rows, after these changes to its definition. */
  const goOn = async (name: string, changes: readonly string[]): Promise<number | undefined> => {
    const job = await rig.stage('large', { only: [name] });
    const begun: DatabaseName = toDatabaseName(`begun_${String((last += 1))}`);
    const place = `${begun}.${name}`;
    await rig.target.query(`CREATE DATABASE ${begun}; CREATE TABLE ${place} LIKE ${job.into}.${name}`);
    for (const change of changes) await rig.target.query(`ALTER TABLE ${place} ${change}`);
    const rows = Array.from({ length: HALF }, (_, at) => String(at + 1));
    const x =
      name === 'words' ? (id: string) => `CONCAT('word ', ${id}, REPEAT('x', 40))` : () => "REPEAT('x', 60)";
    await rig.target.query(
      `INSERT INTO ${place} (id, n, x) VALUES ${rows.map((id) => `(${id}, ${id}, ${x(id)})`).join(', ')}`,
    );
    const told: (readonly TableName[])[] = [];
    const tables = job.tables.map(({ table }) => table.name);
    const unfinished = {
      databases: [begun],
      tables,
      onTaken: (taken: readonly TableName[]) => Promise.resolve(void told.push(taken)),
    };
    const { copied } = await copyNatively({ ...job, unfinished }, { rangeRows: 300 });
    expect(await readRows(rig.target, job.into)).toEqual({
      counted: [],
      words: [],
      ...(await readRowsOf(name)),
    });
    // The number of the next row is set by whoever took over a table.
    const [now, wanted] = [
      await readDefinition(rig.target, job.into, name),
      await readDefinition(rig.source, 'large', name),
    ].map((statement) => statement.replace(/ AUTO_INCREMENT=\d+/, ''));
    expect(now).toBe(wanted);
    const replaced = copied[0]?.replaced;
    expect(told).toEqual([replaced === undefined ? [] : tables]);
    return replaced;
  };

  /** The rows that were missing, and those of the range that was there in part. */
  const expectHalf = (replaced: number | undefined): void => {
    expect(replaced).toBeGreaterThanOrEqual(HALF);
    expect(replaced).toBeLessThan(HALF * 1.3);
  };

  test('an index that was made is left, and the others are made', async () => {
    expectHalf(await goOn('words', ['DROP KEY more_words']));
    expectHalf(await goOn('words', ['DROP KEY more_words', 'DROP KEY first_words']));
    expectHalf(await goOn('words', ['DROP KEY more_words', 'DROP KEY first_words', 'DROP KEY by_x']));
  });

  test('what is defined in another way is copied whole', async () => {
    expect(await goOn('words', ['DROP KEY first_words'])).toBe(undefined);
    expect(await goOn('words', ['DROP KEY more_words', 'MODIFY n BIGINT'])).toBe(undefined);
    expect(await goOn('counted', ['DROP KEY by_x', 'MODIFY n INT NOT NULL'])).toBe(undefined);
  });

  test('a table that counts: its rows had changed places, and its unique indexes were not made', async () => {
    expectHalf(await goOn('counted', [flavor.vendor === 'mariadb' ? 'DROP KEY by_n' : 'DROP KEY by_x']));
  });
});
