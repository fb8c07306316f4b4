import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { renderMask } from '../../../../src/adapters/mysql/rows/mask-sql.js';
import { availableFlavors } from '../../../support/flavors.js';
import { type MaskRig, MASK_KEY, aColumn, literal, startMaskRig } from '../../../support/mask-rig.js';
import { maskDigits } from '../../../support/reference-masks.js';

const TEXTS: readonly string[] = [
  ...['', '0', '7', 'a', '007', '+49 (0)30 901820-12', '4111 1111 1111 1111', 'DE89 3704 0044 0532 0130 00'],
  ...['2025550142', '12345678901234567', '1234567890123456', 'extension', ' x1 ', "it's \\ 5%", 'a\0b1'],
  ...[
    '9'.repeat(300),
    `${'-'.repeat(20)}5${'-'.repeat(20)}6`,
    'Straße 12b',
    '漢字 5 かな',
    '５ full-width',
    '½ ² ٣ 3',
  ],
  ...['😀 1 😀 2', 'a1b2c3d4e5f6g7h8i9j0k1l2m3n4o5p6'],
];

type Decode = (bytes: Buffer) => string;
const swapped: Decode = (bytes) => Buffer.from(bytes).swap16().toString('utf16le');

/** Which of the texts a character set has, and how it writes them. */
const CHARSETS: readonly (readonly [charset: string, has: RegExp, decode: Decode])[] = [
  ['utf8mb4', /^[^]*$/u, (bytes) => bytes.toString()],
  ['utf8', /^[\0-\uffff]*$/u, (bytes) => bytes.toString()],
  ['latin1', /^[\0-\x7f\xa0-\xff]*$/u, (bytes) => bytes.toString('latin1')],
  ['ascii', /^[\0-\x7f]*$/u, (bytes) => bytes.toString('latin1')],
  ['ucs2', /^[\0-\uffff]*$/u, swapped],
  ['utf16', /^[^]*$/u, swapped],
  ['utf16le', /^[^]*$/u, (bytes) => bytes.toString('utf16le')],
  [
    'utf32',
    /^[^]*$/u,
    (bytes) =>
      String.fromCodePoint(
        ...Array.from({ length: bytes.length / 4 }, (_, at) => bytes.readUInt32BE(4 * at)),
      ),
  ],
];

const short = TEXTS.map((text) => Array.from(text).slice(0, 255).join(''));

describe.each(availableFlavors())('digits on $id', (flavor) => {
  let rig: MaskRig;

  beforeAll(async () => {
    rig = await startMaskRig(flavor);
  });
  afterAll(async () => rig.stop());

  const maskAll = async (columnType: string, charset: string | undefined, texts: readonly string[]) => {
    const hexes = await rig.hexesOf(aColumn(columnType, charset), texts.map(literal), { kind: 'digits' });
    return hexes.map((hex) => Buffer.from(hex, 'hex'));
  };

  test.each(CHARSETS)(
    'of %s are what the reference says, and what is none stays',
    async (charset, has, decode) => {
      const texts = short.filter((text) => has.test(text));
      expect(texts.length).toBeGreaterThan(15);
      const masks = (await maskAll('varchar(255)', charset, texts)).map(decode);
      expect(masks).toEqual(texts.map((text) => maskDigits(MASK_KEY, text)));
      for (const [index, mask] of masks.entries()) {
        const text = texts[index] ?? '';
        expect(mask.replaceAll(/[0-9]/g, '#')).toBe(text.replaceAll(/[0-9]/g, '#'));
        expect(mask === text).toBe(!/[0-9]/.test(text));
      }
    },
  );

  test('of bytes, and of narrow columns, are those of the text', async () => {
    const bytes = await maskAll(
      'varbinary(255)',
      undefined,
      short.filter((text) => /^[\0-\x7f]*$/.test(text)),
    );
    expect(bytes.map(String)).toEqual(await textsOf('varchar(255)', 'utf8mb4'));
    for (const columnType of ['char(20)', 'varchar(16)', 'varchar(1)', 'tinytext']) {
      const width = columnType === 'tinytext' ? 255 : Number(/\d+/.exec(columnType)?.[0]);
      const texts = ['5', '+49 30 901820-12', '12345678901234567890'].filter(({ length }) => length <= width);
      const masks = (await maskAll(columnType, 'latin1', texts)).map(String);
      expect(masks).toEqual(texts.map((text) => maskDigits(MASK_KEY, text)));
    }
    expect(await rig.textsOf(aColumn('varchar(9)', 'latin1'), ['NULL'], { kind: 'digits' })).toEqual([null]);
  });

  test('are the same in every collation of the column', async () => {
    const texts = ['Straße 12b', '+49 30 901820-12 and more'];
    for (const collation of ['latin1_bin', 'latin1_general_cs', 'utf8mb4_bin', 'utf8mb4_unicode_ci']) {
      const [charset = ''] = collation.split('_');
      const column = aColumn('varchar(80)', charset);
      await rig.maskAll(column, texts.map(literal), { kind: 'digits' });
      await rig.connection.query(`ALTER TABLE x MODIFY c VARCHAR(80) COLLATE ${collation}`);
      const mask = `HEX(CONVERT(${renderMask(column, { kind: 'digits' })} USING utf8mb4))`;
      const masks = (await rig.read(`SELECT ${mask} FROM x ORDER BY n`)).map(([hex]) =>
        Buffer.from(hex ?? '', 'hex').toString(),
      );
      expect(masks, collation).toEqual(texts.map((text) => maskDigits(MASK_KEY, text)));
    }
  });

  const textsOf = async (columnType: string, charset: string): Promise<readonly string[]> =>
    (
      await maskAll(
        columnType,
        charset,
        short.filter((text) => /^[\0-\x7f]*$/.test(text)),
      )
    ).map(String);
});
