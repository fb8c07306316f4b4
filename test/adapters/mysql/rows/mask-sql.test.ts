import type mysql from 'mysql2/promise';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { maskKeyStatement, maskKeyValues, renderMask } from '../../../../src/adapters/mysql/rows/mask-sql.js';
import { integerRange } from '../../../../src/core/mask/column-size.js';
import type { MaskRule } from '../../../../src/core/mask/mask-rule.js';
import { whyUnfit } from '../../../../src/core/mask/why-unfit.js';
import type { ColumnInventory } from '../../../../src/core/server/inventory.js';
import { STRICT_MODE } from '../../../../src/core/session/target-modes.js';
import { EVERY_SESSION } from '../../../../src/core/session/every-session.js';
import { renderAssignments } from '../../../../src/core/session/setting.js';
import { availableFlavors } from '../../../support/flavors.js';
import {
  idMask,
  maskDate,
  maskIp,
  maskNumber,
  maskText,
  maskUuid,
} from '../../../support/reference-masks.js';
import type { TestServer } from '../../../support/servers.js';

const KEY = `a key: 'é' and more than sixty-four bytes, so that it is hashed before it is used at all`;

const aColumn = (columnType: string, charset?: string): ColumnInventory => ({
  ...{ name: 'c', columnType, charset, dataType: /^\w+/.exec(columnType)?.[0] ?? '' },
  ...{ collation: undefined, isGenerated: false, primaryKeyPosition: undefined, isNullable: true },
});

const TEXT_KINDS = [
  ...(['email', 'token', 'uuid', 'text', 'phone', 'first-name', 'last-name'] as const),
  ...(['name', 'company', 'street', 'city', 'ip'] as const),
];

const TEXTS: readonly string[] = [
  ...['', 'a', 'L', 'l', ' ', 'x  ', '0', '*', 'Anna', 'anna', 'Thomas', 'Adam', 'John Smith', 'Jane Walker'],
  ...['Acorn Trading', '1 Acorn Street', 'Woodside', 'jane@example.com', `it's "quoted" \\ %`, 'tab\tline\n'],
  ...['+12025550142', '+12025550143', '2025550199', '555-0142', '198.18.0.1', '198.1', '10.0.0.1', '::1'],
  ...[
    '2001:db8::1',
    '::ffff:1.2.3.4',
    '0d1c9f1e-7f6e-4d0a-9a0b-3f5d0c9b8a71',
    '0D1C9F1E7F6E4D0A9A0B3F5D0C9B8A71',
  ],
  ...[
    'zzzzzzzz-zzzz-zzzz-zzzz-zzzzzzzzzzzz',
    'w'.repeat(300),
    'Ünïcode ÿ',
    'łódź',
    '漢字かな',
    '😀 smile',
    'a\0b',
  ],
];

/** How a character set writes ASCII, and which of the texts it has. */
const CHARSETS: readonly (readonly [charset: string, has: RegExp, bytesBefore: number])[] = [
  ['utf8mb4', /^[^]*$/u, 0],
  ['utf8', /^[\0-\uffff]*$/u, 0],
  ['latin1', /^[\0-\x7f\xa0-\xff]*$/u, 0],
  ['ascii', /^[\0-\x7f]*$/u, 0],
  ['ucs2', /^[\0-\uffff]*$/u, 1],
  ['utf16', /^[^]*$/u, 1],
  ['utf32', /^[^]*$/u, 3],
];

const hexOf = (ascii: string, bytesBefore = 0): string =>
  (Buffer.from(ascii, 'latin1').toString('hex').match(/../g) ?? [])
    .map((byte) => '00'.repeat(bytesBefore) + byte)
    .join('')
    .toUpperCase();

describe.each(availableFlavors())('$id', (flavor) => {
  let server: TestServer;
  let connection: mysql.Connection;

  beforeAll(async () => {
    server = await flavor.start();
    connection = await server.connect();
    await connection.query(`SET ${renderAssignments(EVERY_SESSION)}`);
    await connection.query('CREATE DATABASE d; USE d');
    await connection.execute(maskKeyStatement, maskKeyValues(KEY));
  });
  afterAll(async () => {
    await connection.end();
    await server.stop();
  });

  const read = async (sql: string): Promise<readonly (string | null)[][]> => {
    const [rows] = await connection.query<mysql.RowDataPacket[]>({ sql, rowsAsArray: true });
    return rows as unknown as (string | null)[][];
  };

  /** The masks of a column that holds these values, as hexadecimal digits. */
  const maskAll = async (
    column: ColumnInventory,
    values: readonly (string | null)[],
    ...rules: readonly MaskRule[]
  ): Promise<readonly (string | null)[][]> => {
    const charset = column.charset === undefined ? '' : ` CHARACTER SET ${column.charset}`;
    await connection.query('DROP TABLE IF EXISTS x');
    await connection.query(`CREATE TABLE x (n INT PRIMARY KEY, c ${column.columnType}${charset} NULL)`);
    for (const [index, value] of values.entries())
      await connection.query(`INSERT INTO x VALUES (${index}, ${value ?? 'NULL'})`);
    for (const rule of rules) expect(whyUnfit(rule, column, { isUnique: false }), rule.kind).toBeUndefined();
    return read(
      `SELECT ${rules.map((rule) => `HEX(CAST(${renderMask(column, rule)} AS BINARY))`).join(', ')} FROM x ORDER BY n`,
    );
  };

  const literal = (text: string): string =>
    text === '' ? "''" : `_utf8mb4 0x${Buffer.from(text).toString('hex')}`;
  const rulesOf = (kinds: readonly (typeof TEXT_KINDS)[number][]): readonly MaskRule[] =>
    kinds.map((kind) => ({ kind }));

  test.each(CHARSETS)('texts of %s become what the reference says', async (charset, has, bytesBefore) => {
    const texts = TEXTS.filter((text) => has.test(text));
    expect(texts.length).toBeGreaterThan(30);
    const rows = await maskAll(
      aColumn('varchar(400)', charset),
      [null, ...texts.map(literal)],
      ...rulesOf(TEXT_KINDS),
    );
    expect(rows[0]).toEqual(TEXT_KINDS.map(() => null));
    for (const [index, text] of texts.entries())
      for (const [at, kind] of TEXT_KINDS.entries()) {
        const characters = text.match(/[^]/gu)?.length ?? 0;
        const mask = maskText(KEY, { kind }, Buffer.from(text), { characters, width: 400 });
        expect(rows[index + 1]?.[at], `${kind} of ${text}`).toBe(hexOf(mask, bytesBefore));
        if (text !== '') expect(mask, kind).not.toBe(text);
      }
  });

  test('binary columns have the masks of their text', async () => {
    const rows = await maskAll(aColumn('varbinary(400)'), TEXTS.map(literal), ...rulesOf(TEXT_KINDS));
    for (const [index, text] of TEXTS.entries())
      for (const [at, kind] of TEXT_KINDS.entries()) {
        const bytes = Buffer.from(text);
        const mask = maskText(KEY, { kind }, bytes, { characters: bytes.length, width: 400 });
        expect(rows[index]?.[at], `${kind} of ${text}`).toBe(hexOf(mask));
      }
  });

  test.each([
    ['char(40)', 'latin1', ['Jane Doe', 'Li', '漢字'].slice(0, 2)],
    ['varchar(10)', 'utf8mb4', ['+12025550142', '2025550142'].slice(1)],
    ['varchar(20)', 'utf8mb4', ['::1', '10.1.2.3', 'abc']],
    ['text', 'latin1', ['é'.repeat(60_000)]],
    ['longtext', 'latin1', ['é'.repeat(60_000), 'é'.repeat(200_010)]],
    ['longtext', 'utf8mb4', ['é'.repeat(60_000), '😀'.repeat(60_000)]],
  ] as const)('%s of %s gets what fits', async (columnType, charset, texts) => {
    const column = aColumn(columnType, charset);
    const width = Number(/\d+/.exec(columnType)?.[0] ?? 60_000);
    const kinds = TEXT_KINDS.filter((kind) => whyUnfit({ kind }, column, { isUnique: false }) === undefined);
    const rows = await maskAll(column, texts.map(literal), ...rulesOf(kinds));
    for (const [index, text] of texts.entries())
      for (const [at, kind] of kinds.entries()) {
        const characters = text.match(/[^]/gu)?.length ?? 0;
        const mask = maskText(KEY, { kind }, Buffer.from(text), { characters, width });
        expect(mask.length).toBeLessThanOrEqual(charset === 'latin1' ? 200_000 : width);
        expect(rows[index]?.[at] === hexOf(mask), `${kind} of ${text.slice(0, 20)}`).toBe(true);
      }
  });

  test('ends keeps the end, and never the whole', async () => {
    const texts = ['', 'a', 'abcd', 'abcde', '4111 1111 1111 1234', '漢字かな漢', 'x😀yz!'];
    const rows = await maskAll(aColumn('varchar(40)', 'utf8mb4'), [null, ...texts.map(literal)], {
      kind: 'ends',
      keep: 4,
    });
    expect(rows.flat().map((hex) => (hex === null ? null : Buffer.from(hex, 'hex').toString()))).toEqual([
      ...[null, '', '*', '****', '*bcde', '***************1234', '*字かな漢', '*😀yz!'],
    ]);
  });

  const textsOf = async (
    column: ColumnInventory,
    values: readonly string[],
    rule: MaskRule,
  ): Promise<readonly (string | null)[]> =>
    (await maskAll(column, values, rule)).map(([hex]) =>
      hex == null ? null : Buffer.from(hex, 'hex').toString('latin1'),
    );

  const INTEGERS = ['tinyint', 'smallint', 'mediumint', 'int', 'bigint'].flatMap((type) => [
    type,
    `${type} unsigned`,
  ]);

  test.each(INTEGERS)('%s: id is the permutation, and number another one', async (columnType) => {
    const column = aColumn(columnType);
    const range = integerRange(column);
    if (!range) throw new Error('no range');
    const values = [0n, 1n, 2n, 7n, 9n, 10n, 42n, 63n, 64n, 99n, 127n, 4_097n, 123_456n, 2n ** 30n - 1n]
      .concat([2n ** 30n, 2n ** 31n, 5n * 10n ** 9n, 2n ** 52n, 2n ** 61n + 12_345n])
      .flatMap((value) => [value, -value])
      .concat([range.least, range.least + 1n, range.most - 1n, range.most])
      .filter((value) => value >= range.least && value <= range.most);
    const ids = await textsOf(column, values.map(String), { kind: 'id' });
    const idOf = idMask(KEY, column.dataType);
    expect(ids).toEqual(values.map((value) => String(idOf(value))));
    expect(ids[0]).toBe('0');
    const numbers = await textsOf(column, values.map(String), { kind: 'number' });
    expect(numbers).toEqual(values.map((value) => maskNumber(KEY, String(value), range.most)));
    expect(numbers.filter((text, index) => text === String(values[index]))).toEqual([]);
    for (const text of numbers) expect(BigInt(text ?? '') >= range.least).toBe(true);
    for (const text of numbers) expect(BigInt(text ?? '') <= range.most).toBe(true);
  });

  test.each(['decimal(10,2)', 'decimal(36,6)', 'decimal(5,5)', 'decimal(3,0)', 'decimal(20,4) unsigned'])(
    '%s: number keeps the digits',
    async (columnType) => {
      const column = aColumn(columnType);
      const [digits = 0, scale = 0] = (columnType.match(/\d+/g) ?? []).map(Number);
      const whole = '9'.repeat(digits - scale) || '0';
      const values = [
        '0',
        '0.01',
        '0.1',
        '0.99',
        whole,
        whole.slice(1) || '0',
        `${whole}.${'9'.repeat(scale)}`,
      ]
        .flatMap((value) => (columnType.includes('unsigned') ? [value] : [value, `-${value}`]))
        .filter((value) => (value.split('.')[1]?.length ?? 0) <= scale);
      const masks = await textsOf(column, values, { kind: 'number' });
      const stored = await read('SELECT CAST(c AS CHAR) FROM x ORDER BY n');
      expect(masks).toEqual(stored.map(([text]) => maskNumber(KEY, text ?? '', 10n ** BigInt(digits) - 1n)));
      expect(masks.filter((text, index) => text === stored[index]?.[0])).toEqual([]);
    },
  );

  test('ZEROFILL is printed with its zeros', async () => {
    const column = aColumn('int(10) unsigned zerofill');
    const id = await textsOf(column, ['7', '1234567'], { kind: 'id' });
    expect(id).toEqual([7n, 1_234_567n].map((value) => String(idMask(KEY, 'int')(value)).padStart(10, '0')));
    const narrow = aColumn('smallint(3) unsigned zerofill');
    expect(await textsOf(narrow, ['7', '12345'], { kind: 'number' })).toEqual([
      maskNumber(KEY, '7', 65_535n).padStart(3, '0'),
      maskNumber(KEY, '12345', 65_535n),
    ]);
    expect(whyUnfit({ kind: 'id' }, narrow, { isUnique: false })).toMatch(/more digits/);
  });

  const DATES = ['0000-00-00', '0001-01-01', '0099-12-31', '1970-01-01', '1970-06-05', '1999-12-31'].concat([
    '2000-02-29',
    '2020-00-00',
    '2020-05-00',
    '2023-01-01',
    '2023-12-31',
    '2024-12-31',
    '9999-12-31',
  ]);

  test.each(['date', 'datetime(3)', 'timestamp', 'timestamp(6)'])(
    '%s: another day, or the first one',
    async (columnType) => {
      const column = aColumn(columnType);
      const time = columnType === 'date' ? '' : columnType.includes('(') ? ' 00:00:01.5' : ' 23:59:59';
      const days =
        column.dataType === 'timestamp'
          ? ['0000-00-00', '1970-01-01', '1970-12-31', '2023-02-28', '2038-01-18']
          : DATES;
      const values = days.map((day) => `'${day}${day === '0000-00-00' ? '' : time}'`);
      const masks = await textsOf(column, values, { kind: 'date' });
      const stored = (await read('SELECT CAST(c AS CHAR) FROM x ORDER BY n')).map(([text]) => text ?? '');
      expect(masks).toEqual(stored.map((text) => maskDate(KEY, text, column.dataType)));
      const same = masks.filter((text, index) => text === stored[index]);
      expect(same.map((text) => text?.slice(0, 10))).toEqual(['0000-00-00']);
      const midnight = stored[0]?.slice(10) ?? '';
      const first = column.dataType === 'timestamp' ? '1970-01-02' : '1970-01-01';
      const firstDay = (start: string): string => (start === '1970-01-01' ? first : start) + midnight;
      expect(await textsOf(column, values, { kind: 'date-to', unit: 'year' })).toEqual(
        stored.map((text, index) => (index === 0 ? text : firstDay(`${text.slice(0, 4)}-01-01`))),
      );
      expect(await textsOf(column, values, { kind: 'date-to', unit: 'month' })).toEqual(
        stored.map((text, index) =>
          index === 0 ? text : firstDay(`${text.slice(0, 7).replace('-00', '-01')}-01`),
        ),
      );
      // The column takes them as they are.
      await connection.query(`SET sql_mode = '${STRICT_MODE}'`);
      await connection.query(`UPDATE x SET c = ${renderMask(column, { kind: 'date' })}`);
      await connection.query("SET sql_mode = ''");
      expect((await read('SELECT CAST(c AS CHAR) FROM x ORDER BY n')).map(([text]) => text)).toEqual(masks);
    },
  );

  const hexesOf = async (
    column: ColumnInventory,
    values: readonly string[],
    rule: MaskRule,
  ): Promise<readonly string[]> => (await maskAll(column, values, rule)).map(([hex]) => hex ?? 'NULL');

  test('uuid is one in text, without dashes and in bytes', async () => {
    const uuid = TEXTS[31] ?? '';
    const mask = maskUuid(KEY, Buffer.from(uuid), 36);
    expect(mask).toMatch(/^[\da-f]{8}-[\da-f]{4}-8[\da-f]{3}-8[\da-f]{3}-[\da-f]{12}$/);
    const raw = `0x${uuid.replaceAll('-', '')}`;
    const bare = mask.replaceAll('-', '');
    expect(await textsOf(aColumn('char(36)', 'ascii'), [`'${uuid}'`], { kind: 'uuid' })).toEqual([mask]);
    expect(await textsOf(aColumn('char(32)', 'latin1'), [`'${raw.slice(2)}'`], { kind: 'uuid' })).toEqual([
      bare,
    ]);
    expect(await hexesOf(aColumn('binary(16)'), [raw], { kind: 'uuid' })).toEqual([bare.toUpperCase()]);
  });

  test('addresses are the same as text, bytes and numbers', async () => {
    const [four, six] = [maskIp(KEY, '10.1.2.3', 39), maskIp(KEY, 'fe80::1', 39)];
    const numberOf = (ip: string): string =>
      String(ip.split('.').reduce((sum, part) => sum * 256 + Number(part), 0));
    const raw = [`INET6_ATON('10.1.2.3')`, `INET6_ATON('fe80::1')`];
    expect(
      await textsOf(aColumn('varchar(39)', 'ascii'), [`'10.1.2.3'`, `'fe80::1'`], { kind: 'ip' }),
    ).toEqual([four, six]);
    const hexes = await hexesOf(aColumn('varbinary(16)'), raw, { kind: 'ip' });
    expect(hexes).toEqual((await read(`SELECT HEX(INET6_ATON('${four}')), HEX(INET6_ATON('${six}'))`))[0]);
    expect(await hexesOf(aColumn('binary(4)'), raw.slice(0, 1), { kind: 'ip' })).toEqual(hexes.slice(0, 1));
    const numbers = await textsOf(aColumn('int unsigned'), ['0', `INET_ATON('10.1.2.3')`], { kind: 'ip' });
    expect(numbers).toEqual(['0', numberOf(four)]);
    // What the server prints of a mask is the mask.
    expect(await read(`SELECT INET6_NTOA(INET6_ATON('${six}'))`)).toEqual([[six]]);
  });

  test.runIf(flavor.vendor === 'mariadb')('the types of MariaDB for addresses', async () => {
    const six = maskIp(KEY, 'fe80::1', 39);
    expect(await textsOf(aColumn('inet6'), [`'fe80::1'`], { kind: 'ip' })).toEqual([six]);
    if (flavor.id === 'mariadb-10.5') return;
    const uuid = TEXTS[31] ?? '';
    expect(await textsOf(aColumn('uuid'), [`'${uuid}'`], { kind: 'uuid' })).toEqual([
      maskUuid(KEY, Buffer.from(uuid), 36),
    ]);
    expect(await textsOf(aColumn('inet4'), [`'10.1.2.3'`], { kind: 'ip' })).toEqual([
      maskIp(KEY, '10.1.2.3', 15),
    ]);
    for (const [type, mask] of [
      ['inet6', six],
      ['uuid', maskUuid(KEY, Buffer.from(uuid), 36)],
    ] as const)
      expect(await read(`SELECT CAST(CAST('${mask}' AS ${type}) AS CHAR)`)).toEqual([[mask]]);
  });

  test('JSON is masked where its paths lead', async () => {
    const documents = [
      `{"a": {"email": "jane@example.org"}, "n": 5}`,
      `{"a": {"email": null}}`,
      `{"a": {"email": ""}, "list": [1, "x"]}`,
      `{"a": {"email": {"deep": "jane@example.org"}}}`,
      `{"b": "é 😀 \\"quoted\\" \\u00e9"}`,
      `[]`,
    ];
    const rule: MaskRule = {
      kind: 'json',
      paths: [
        { path: '$.a.email', rule: { kind: 'email' } },
        { path: '$.b', rule: { kind: 'text' } },
        { path: '$.n', rule: { kind: 'value', value: 7 } },
        { path: '$.list[1]', rule: { kind: 'null' } },
      ],
    };
    const email = maskText(KEY, { kind: 'email' }, Buffer.from('jane@example.org'), {
      ...{ characters: 16, width: 99 },
    });
    const type = flavor.vendor === 'mysql' ? 'json' : 'longtext';
    const rows = await maskAll(
      aColumn(type, type === 'json' ? undefined : 'utf8mb4'),
      [null, ...documents.map(literal).map((text) => `CONVERT(${text} USING utf8mb4)`)],
      rule,
    );
    const [none, ...masked] = rows.map(([hex]) => (hex == null ? null : Buffer.from(hex, 'hex').toString()));
    expect(none).toBeNull();
    const parsed = masked.map((text) => JSON.parse(text ?? '') as unknown);
    expect(parsed).toMatchObject([
      { a: { email }, n: 7 },
      { a: { email: null } },
      { a: { email: '' }, list: [1, null] },
      {},
      {},
      [],
    ]);
    // What JSON_UNQUOTE makes of four bytes there.
    const face = flavor.id === 'mariadb-10.5' ? '?' : '😀';
    const text = `é ${face} "quoted" é`;
    expect(parsed[4]).toEqual({
      b: maskText(KEY, { kind: 'text' }, Buffer.from(text), { characters: 14, width: 99 }),
    });
    expect(masked.join('')).not.toMatch(/jane|quoted/);
    expect(masked[3]).toMatch(/"email": ?"[\da-f]{16}@example\.com"/);
  });

  test('text that is no JSON is an error and never goes through', async () => {
    const rule: MaskRule = { kind: 'json', paths: [{ path: '$.a', rule: { kind: 'text' } }] };
    const column = aColumn('longtext', 'utf8mb4');
    await expect(maskAll(column, [`'{"a": jane}'`], rule)).rejects.toThrow();
    expect(await maskAll(column, ["''"], rule)).toEqual([['']]);
  });

  test('constants, defaults and own expressions', async () => {
    const texts = aColumn('varchar(20)', 'latin1');
    expect(await hexesOf(texts, ["'x'", 'NULL', "''"], { kind: 'value', value: 'né' })).toEqual([
      ...['6EE9', 'NULL', '6EE9'],
    ]);
    expect(await textsOf(aColumn('decimal(8,2)'), ['1'], { kind: 'value', value: 3 })).toEqual(['3.00']);
    expect(await hexesOf(aColumn('binary(4)'), ['0x01'], { kind: 'value', value: 'ab' })).toEqual([
      '61620000',
    ]);
    expect(await textsOf(texts, ["'x'"], { kind: 'null' })).toEqual([null]);
    expect(await hexesOf(texts, ["'x'"], { kind: 'sql', sql: "CONCAT(UPPER(c), 'é') -- so" })).toEqual([
      '58E9',
    ]);
    await connection.query("ALTER TABLE x MODIFY c ENUM('a', 'b') DEFAULT 'b'");
    const members = { ...aColumn("enum('a','b')", 'latin1'), default: 'constant' as const };
    expect(await read(`SELECT ${renderMask(members, { kind: 'default' })} + 0 AS n FROM x`)).toHaveLength(1);
  });

  test('without the key every mask that needs it is an error', async () => {
    const other = await server.connect();
    await other.query(`SET ${renderAssignments(EVERY_SESSION)}; USE d`);
    const refused = async (column: ColumnInventory, value: string, rule: MaskRule): Promise<void> => {
      await maskAll(column, [value, 'NULL'], rule);
      await expect(other.query(`SELECT ${renderMask(column, rule)} FROM x`), rule.kind).rejects.toMatchObject(
        {
          errno: 1690,
        },
      );
      await expect(
        other.query(
          `SELECT COUNT(*), SUM(LENGTH(m)) FROM (SELECT ${renderMask(column, rule)} AS m FROM x) y`,
        ),
      ).rejects.toMatchObject({ errno: 1690 });
    };
    for (const rule of rulesOf(TEXT_KINDS)) await refused(aColumn('varchar(40)', 'latin1'), "'Jane'", rule);
    for (const kind of ['id', 'number'] as const) {
      await refused(aColumn('bigint'), '5', { kind });
      await refused(aColumn('int unsigned'), '5', { kind });
    }
    await refused(aColumn('date'), "'2020-01-01'", { kind: 'date' });
    await other.end();
  });
});
