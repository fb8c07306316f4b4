import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { MaskRule } from '../../../../src/core/mask/mask-rule.js';
import { whyUnfit } from '../../../../src/core/mask/why-unfit.js';
import { availableFlavors } from '../../../support/flavors.js';
import { type MaskRig, MASK_KEY, aColumn, hexOf, literal, startMaskRig } from '../../../support/mask-rig.js';
import { maskText } from '../../../support/reference-masks.js';

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

const rulesOf = (kinds: readonly (typeof TEXT_KINDS)[number][]): readonly MaskRule[] =>
  kinds.map((kind) => ({ kind }));

describe.each(availableFlavors())('$id', (flavor) => {
  let rig: MaskRig;

  beforeAll(async () => {
    rig = await startMaskRig(flavor);
  });
  afterAll(async () => rig.stop());

  test.each(CHARSETS)('texts of %s become what the reference says', async (charset, has, bytesBefore) => {
    const texts = TEXTS.filter((text) => has.test(text));
    expect(texts.length).toBeGreaterThan(30);
    const rows = await rig.maskAll(
      aColumn('varchar(400)', charset),
      [null, ...texts.map(literal)],
      ...rulesOf(TEXT_KINDS),
    );
    expect(rows[0]).toEqual(TEXT_KINDS.map(() => null));
    for (const [index, text] of texts.entries())
      for (const [at, kind] of TEXT_KINDS.entries()) {
        const characters = text.match(/[^]/gu)?.length ?? 0;
        const mask = maskText(MASK_KEY, { kind }, Buffer.from(text), { characters, width: 400 });
        expect(rows[index + 1]?.[at], `${kind} of ${text}`).toBe(hexOf(mask, bytesBefore));
        if (text !== '') expect(mask, kind).not.toBe(text);
      }
  });

  test('binary columns have the masks of their text', async () => {
    const rows = await rig.maskAll(aColumn('varbinary(400)'), TEXTS.map(literal), ...rulesOf(TEXT_KINDS));
    for (const [index, text] of TEXTS.entries())
      for (const [at, kind] of TEXT_KINDS.entries()) {
        const bytes = Buffer.from(text);
        const mask = maskText(MASK_KEY, { kind }, bytes, { characters: bytes.length, width: 400 });
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
    const rows = await rig.maskAll(column, texts.map(literal), ...rulesOf(kinds));
    for (const [index, text] of texts.entries())
      for (const [at, kind] of kinds.entries()) {
        const characters = text.match(/[^]/gu)?.length ?? 0;
        const mask = maskText(MASK_KEY, { kind }, Buffer.from(text), { characters, width });
        expect(mask.length).toBeLessThanOrEqual(charset === 'latin1' ? 200_000 : width);
        expect(rows[index]?.[at] === hexOf(mask), `${kind} of ${text.slice(0, 20)}`).toBe(true);
      }
  });

  test('a letter whose bytes stand in the other order never becomes itself', async () => {
    expect(await rig.hexesOf(aColumn('varchar(9)', 'utf16le'), ["'L'", "'a'"], { kind: 'text' })).toEqual([
      ...['4400', '4C00'],
    ]);
  });

  test('ends keeps the end, and never the whole', async () => {
    const texts = ['', 'a', 'abcd', 'abcde', '4111 1111 1111 1234', '漢字かな漢', 'x😀yz!'];
    const rows = await rig.maskAll(aColumn('varchar(40)', 'utf8mb4'), [null, ...texts.map(literal)], {
      kind: 'ends',
      keep: 4,
    });
    expect(rows.flat().map((hex) => (hex === null ? null : Buffer.from(hex, 'hex').toString()))).toEqual([
      ...[null, '', '*', '****', '*bcde', '***************1234', '*字かな漢', '*😀yz!'],
    ]);
  });
});
