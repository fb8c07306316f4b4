import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { renderMask } from '../../../../src/adapters/mysql/rows/mask-sql.js';
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
import { maskIp, maskText, maskUuid } from '../../../support/reference-masks.js';

const UUID = '0d1c9f1e-7f6e-4d0a-9a0b-3f5d0c9b8a71';

const TEXT_KINDS = [
  ...(['email', 'token', 'uuid', 'text', 'phone', 'first-name', 'last-name'] as const),
  ...(['name', 'company', 'street', 'city', 'ip'] as const),
];

describe.each(availableFlavors())('$id', (flavor) => {
  let rig: MaskRig;

  beforeAll(async () => {
    rig = await startMaskRig(flavor);
  });
  afterAll(async () => rig.stop());

  test('uuid is one in text, without dashes and in bytes', async () => {
    const mask = maskUuid(MASK_KEY, Buffer.from(UUID), 36);
    expect(mask).toMatch(/^[\da-f]{8}-[\da-f]{4}-8[\da-f]{3}-8[\da-f]{3}-[\da-f]{12}$/);
    const raw = `0x${UUID.replaceAll('-', '')}`;
    const bare = mask.replaceAll('-', '');
    expect(await rig.textsOf(aColumn('char(36)', 'ascii'), [`'${UUID}'`], { kind: 'uuid' })).toEqual([mask]);
    expect(await rig.textsOf(aColumn('char(32)', 'latin1'), [`'${raw.slice(2)}'`], { kind: 'uuid' })).toEqual(
      [bare],
    );
    expect(await rig.hexesOf(aColumn('binary(16)'), [raw], { kind: 'uuid' })).toEqual([bare.toUpperCase()]);
  });

  test('addresses are the same as text, bytes and numbers', async () => {
    const [four, six] = [maskIp(MASK_KEY, '10.1.2.3', 39), maskIp(MASK_KEY, 'fe80::1', 39)];
    const numberOf = (ip: string): string =>
      String(ip.split('.').reduce((sum, part) => sum * 256 + Number(part), 0));
    const raw = [`INET6_ATON('10.1.2.3')`, `INET6_ATON('fe80::1')`];
    expect(
      await rig.textsOf(aColumn('varchar(39)', 'ascii'), [`'10.1.2.3'`, `'fe80::1'`], { kind: 'ip' }),
    ).toEqual([four, six]);
    const hexes = await rig.hexesOf(aColumn('varbinary(16)'), raw, { kind: 'ip' });
    expect(hexes).toEqual(
      (await rig.read(`SELECT HEX(INET6_ATON('${four}')), HEX(INET6_ATON('${six}'))`))[0],
    );
    expect(await rig.hexesOf(aColumn('binary(4)'), raw.slice(0, 1), { kind: 'ip' })).toEqual(
      hexes.slice(0, 1),
    );
    const numbers = await rig.textsOf(aColumn('int unsigned'), ['0', `INET_ATON('10.1.2.3')`], {
      kind: 'ip',
    });
    expect(numbers).toEqual(['0', numberOf(four)]);
    // What the server prints of a mask is the mask.
    expect(await rig.read(`SELECT INET6_NTOA(INET6_ATON('${six}'))`)).toEqual([[six]]);
  });

  test.runIf(flavor.vendor === 'mariadb')('the types of MariaDB for addresses', async () => {
    const six = maskIp(MASK_KEY, 'fe80::1', 39);
    expect(await rig.textsOf(aColumn('inet6'), [`'fe80::1'`], { kind: 'ip' })).toEqual([six]);
    if (flavor.id === 'mariadb-10.5') return;
    expect(await rig.textsOf(aColumn('uuid'), [`'${UUID}'`], { kind: 'uuid' })).toEqual([
      maskUuid(MASK_KEY, Buffer.from(UUID), 36),
    ]);
    expect(await rig.textsOf(aColumn('inet4'), [`'10.1.2.3'`], { kind: 'ip' })).toEqual([
      maskIp(MASK_KEY, '10.1.2.3', 15),
    ]);
    for (const [type, mask] of [
      ['inet6', six],
      ['uuid', maskUuid(MASK_KEY, Buffer.from(UUID), 36)],
    ] as const)
      expect(await rig.read(`SELECT CAST(CAST('${mask}' AS ${type}) AS CHAR)`)).toEqual([[mask]]);
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
    const email = maskText(MASK_KEY, { kind: 'email' }, Buffer.from('jane@example.org'), {
      ...{ characters: 16, width: 99 },
    });
    const type = flavor.vendor === 'mysql' ? 'json' : 'longtext';
    const rows = await rig.maskAll(
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
      b: maskText(MASK_KEY, { kind: 'text' }, Buffer.from(text), { characters: 14, width: 99 }),
    });
    expect(masked.join('')).not.toMatch(/jane|quoted/);
    expect(masked[3]).toMatch(/"email": ?"[\da-f]{16}@example\.com"/);
  });

  test('text that is no JSON is an error and never goes through', async () => {
    const rule: MaskRule = { kind: 'json', paths: [{ path: '$.a', rule: { kind: 'text' } }] };
    const column = aColumn('longtext', 'utf8mb4');
    await expect(rig.maskAll(column, [`'{"a": jane}'`], rule)).rejects.toThrow();
    expect(await rig.maskAll(column, ["''"], rule)).toEqual([['']]);
  });

  test('constants, defaults and own expressions', async () => {
    const texts = aColumn('varchar(20)', 'latin1');
    expect(await rig.hexesOf(texts, ["'x'", 'NULL', "''"], { kind: 'value', value: 'né' })).toEqual([
      ...['6EE9', 'NULL', '6EE9'],
    ]);
    expect(await rig.textsOf(aColumn('decimal(8,2)'), ['1'], { kind: 'value', value: 3 })).toEqual(['3.00']);
    expect(await rig.hexesOf(aColumn('binary(4)'), ['0x01'], { kind: 'value', value: 'ab' })).toEqual([
      '61620000',
    ]);
    expect(await rig.textsOf(texts, ["'x'"], { kind: 'null' })).toEqual([null]);
    expect(await rig.hexesOf(texts, ["'x'"], { kind: 'sql', sql: "CONCAT(UPPER(c), 'é') -- so" })).toEqual([
      '58E9',
    ]);
    await rig.connection.query("ALTER TABLE x MODIFY c ENUM('a', 'b') DEFAULT 'b'");
    const members = { ...aColumn("enum('a','b')", 'latin1'), default: 'constant' as const };
    expect(await rig.read(`SELECT ${renderMask(members, { kind: 'default' })} + 0 AS n FROM x`)).toHaveLength(
      1,
    );
  });

  test('without the key every mask that needs it is an error', async () => {
    const other = await rig.server.connect();
    await other.query(`${SESSION}; USE d`);
    const refused = async (column: ColumnInventory, value: string, rule: MaskRule): Promise<void> => {
      await rig.maskAll(column, [value, 'NULL'], rule);
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
    for (const kind of TEXT_KINDS) await refused(aColumn('varchar(40)', 'latin1'), "'Jane'", { kind });
    await refused(aColumn('varchar(40)', 'latin1'), "'+49 30'", { kind: 'digits' });
    for (const kind of ['id', 'number'] as const) {
      await refused(aColumn('bigint'), '5', { kind });
      await refused(aColumn('int unsigned'), '5', { kind });
    }
    await refused(aColumn('date'), "'2020-01-01'", { kind: 'date' });
    await other.end();
  });
});
