import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { maskKeyStatement, maskKeyValues, renderMask } from '../../../../src/adapters/mysql/rows/mask-sql.js';
import { integerRange } from '../../../../src/core/mask/column-size.js';
import type { MaskRule } from '../../../../src/core/mask/mask-rule.js';
import type { ColumnInventory } from '../../../../src/core/server/inventory.js';
import { availableFlavors } from '../../../support/flavors.js';
import {
  type MaskRig,
  MASK_KEY,
  SESSION,
  aColumn,
  literal,
  startMaskRig,
} from '../../../support/mask-rig.js';
import { startRandom } from '../../../support/random.js';
import { idMask, maskDate, maskDigits, maskNumber, maskText } from '../../../support/reference-masks.js';

const SEED = 20_261_129;
const random = startRandom(SEED);
const below = (limit: number): number => Math.floor(random() * limit);
const one = <T>(choices: readonly [T, ...T[]]): T => choices[below(choices.length)] ?? choices[0];

const ALPHABETS = ['0123456789', 'abcDEF @.-+()', '0123456789 -', 'éßÜñ¿', 'łκЖ漢か', '😀👍🏽'] as const;

const drawText = (): string => {
  const alphabets = [one(ALPHABETS), one(ALPHABETS)].map((letters) => Array.from(letters));
  return Array.from({ length: 1 + below(60) }, () => {
    const letters = alphabets[below(2)] ?? [];
    return letters[below(letters.length)] ?? '';
  }).join('');
};

// CHAR and comparisons are not what this is about: nothing ends in a space.
const TEXTS = Array.from({ length: 250 }, () => drawText().replace(/ +$/, '_'));

/** Character sets, and which of the texts they have. */
const CHARSETS = [
  ['utf8mb4', /^[^]*$/u],
  ['utf8', /^[\0-\uffff]*$/u],
  ['latin1', /^[\0-\x7f\xa0-\xff]*$/u],
  ['utf16', /^[^]*$/u],
] as const;

const KINDS = [
  ...(['email', 'token', 'uuid', 'text', 'phone', 'first-name', 'last-name'] as const),
  ...(['name', 'company', 'street', 'city', 'ip', 'digits'] as const),
];

const expectText = (kind: (typeof KINDS)[number], text: string): string =>
  kind === 'digits'
    ? maskDigits(MASK_KEY, text)
    : maskText(MASK_KEY, { kind }, Buffer.from(text), { characters: Array.from(text).length, width: 200 });

/** Whole numbers of every size that the column has. */
const drawNumbers = (column: ColumnInventory): readonly bigint[] => {
  const { least = 0n, most = 0n } = integerRange(column) ?? {};
  return Array.from({ length: 60 }, () => {
    const bits = BigInt(below(64)) + 1n;
    const size = (BigInt(below(2 ** 32)) * 2n ** 32n + BigInt(below(2 ** 32))) >> (64n - bits);
    const number = random() < 0.4 ? -size : size;
    return number < least || number > most ? number & (most >> 1n) : number;
  });
};

/**
 * The reference knows the value and the key alone. What equals it on every server, in every character set, table and session,
 * is the same mask everywhere.
 */
describe.each(availableFlavors())(`drawn values (${SEED}) on $id`, (flavor) => {
  let rig: MaskRig;

  beforeAll(async () => {
    rig = await startMaskRig(flavor);
  });
  afterAll(async () => rig.stop());

  test.each(CHARSETS)('texts of %s have the masks of their value', async (charset, has) => {
    const texts = TEXTS.filter((text) => has.test(text));
    expect(texts.length).toBeGreaterThan(60);
    const column = aColumn('varchar(200)', charset);
    const rules = KINDS.map((kind): MaskRule => ({ kind }));
    await rig.maskAll(column, texts.map(literal), ...rules);
    const masks = rules.map((rule) => `HEX(CONVERT(${renderMask(column, rule)} USING utf8mb4))`);
    const statement = `SELECT ${masks.join(', ')} FROM d.x ORDER BY n`;
    const rows = await rig.read(statement);
    for (const [index, text] of texts.entries())
      for (const [at, kind] of KINDS.entries())
        expect(
          Buffer.from(rows[index]?.[at] ?? '', 'hex').toString(),
          `${kind} of ${JSON.stringify(text)}`,
        ).toBe(expectText(kind, text));
    const session = await rig.server.connect();
    await session.query(SESSION);
    await session.execute(maskKeyStatement, maskKeyValues(MASK_KEY));
    const [again] = await session.query({ sql: statement, rowsAsArray: true });
    expect(again).toEqual(rows);
    await session.end();
  });

  test.each([
    'tinyint',
    'smallint unsigned',
    'mediumint',
    'int',
    'int unsigned',
    'bigint',
    'bigint unsigned',
  ])('numbers of %s have the masks of their value', async (columnType) => {
    const column = aColumn(columnType);
    const numbers = drawNumbers(column);
    const { most = 0n } = integerRange(column) ?? {};
    const idOf = idMask(MASK_KEY, column.dataType);
    const values = numbers.map(String);
    expect(await rig.textsOf(column, values, { kind: 'id' })).toEqual(
      numbers.map((number) => String(idOf(number))),
    );
    expect(await rig.textsOf(column, values, { kind: 'number' })).toEqual(
      values.map((text) => maskNumber(MASK_KEY, text, most)),
    );
  });

  test('decimals and dates have the masks of their value', async () => {
    const decimals = Array.from({ length: 60 }, () => {
      const whole = below(10 ** (1 + below(8)));
      return `${random() < 0.4 && whole > 0 ? '-' : ''}${String(whole)}.${String(below(10_000)).padStart(4, '0')}`;
    });
    expect(await rig.textsOf(aColumn('decimal(12,4)'), decimals, { kind: 'number' })).toEqual(
      decimals.map((text) => maskNumber(MASK_KEY, text, 10n ** 12n - 1n)),
    );
    const dates = Array.from({ length: 60 }, () =>
      new Date(Date.UTC(1000 + below(8_999), below(12), 1 + below(31), below(24), below(60), below(60)))
        .toISOString()
        .slice(0, 19)
        .replace('T', ' '),
    );
    const quoted = dates.map((text) => `'${text}'`);
    expect(await rig.textsOf(aColumn('datetime'), quoted, { kind: 'date' })).toEqual(
      dates.map((text) => maskDate(MASK_KEY, text, 'datetime')),
    );
  });
});

describe('a million values on MariaDB', () => {
  const [flavor] = availableFlavors().filter(({ id }) => id === 'mariadb-10.11');
  let rig: MaskRig;

  beforeAll(async () => {
    if (!flavor) throw new Error('there is no mariadb-10.11');
    rig = await startMaskRig(flavor);
    await rig.connection.query(
      "CREATE TABLE many (c VARCHAR(40) CHARACTER SET latin1, n INT, b BIGINT) SELECT CONCAT('person', seq, '@corp.example') AS c, seq * 2000 AS n, seq * 9000000000000 AS b FROM seq_1_to_1000000",
    );
  }, 60_000);
  afterAll(async () => rig.stop());

  test.each<[MaskRule['kind'], string, string, string?]>([
    ['email', 'c', 'varchar(28)', 'latin1'],
    // The narrowest that it is for.
    ['token', 'c', 'varchar(16)', 'latin1'],
    ['uuid', 'c', 'char(32)', 'latin1'],
    ['id', 'n', 'int'],
    ['id', 'b', 'bigint'],
  ])(
    '%s of %s keeps a million apart',
    async (kind, name, columnType, charset) => {
      const column = { ...aColumn(columnType, charset), name };
      const [row] = await rig.read(
        `SELECT COUNT(*), COUNT(DISTINCT m) FROM (SELECT ${renderMask(column, { kind } as MaskRule)} AS m FROM many) masked`,
      );
      expect(row?.map(Number)).toEqual([1_000_000, 1_000_000]);
    },
    60_000,
  );
});
