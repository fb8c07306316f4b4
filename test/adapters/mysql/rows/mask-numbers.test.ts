import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { renderMask } from '../../../../src/adapters/mysql/rows/mask-sql.js';
import { integerRange } from '../../../../src/core/mask/column-size.js';
import { whyUnfit } from '../../../../src/core/mask/why-unfit.js';
import { STRICT_MODE } from '../../../../src/core/session/target-modes.js';
import { availableFlavors } from '../../../support/flavors.js';
import { type MaskRig, MASK_KEY, aColumn, startMaskRig } from '../../../support/mask-rig.js';
import { idMask, maskDate, maskNumber } from '../../../support/reference-masks.js';

describe.each(availableFlavors())('$id', (flavor) => {
  let rig: MaskRig;

  beforeAll(async () => {
    rig = await startMaskRig(flavor);
  });
  afterAll(async () => rig.stop());

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
    const ids = await rig.textsOf(column, values.map(String), { kind: 'id' });
    const idOf = idMask(MASK_KEY, column.dataType);
    expect(ids).toEqual(values.map((value) => String(idOf(value))));
    expect(ids[0]).toBe('0');
    const numbers = await rig.textsOf(column, values.map(String), { kind: 'number' });
    expect(numbers).toEqual(values.map((value) => maskNumber(MASK_KEY, String(value), range.most)));
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
      const masks = await rig.textsOf(column, values, { kind: 'number' });
      const stored = await rig.read('SELECT CAST(c AS CHAR) FROM x ORDER BY n');
      expect(masks).toEqual(
        stored.map(([text]) => maskNumber(MASK_KEY, text ?? '', 10n ** BigInt(digits) - 1n)),
      );
      expect(masks.filter((text, index) => text === stored[index]?.[0])).toEqual([]);
    },
  );

  test('ZEROFILL is printed with its zeros', async () => {
    const column = aColumn('int(10) unsigned zerofill');
    const id = await rig.textsOf(column, ['7', '1234567'], { kind: 'id' });
    expect(id).toEqual(
      [7n, 1_234_567n].map((value) => String(idMask(MASK_KEY, 'int')(value)).padStart(10, '0')),
    );
    const narrow = aColumn('smallint(3) unsigned zerofill');
    expect(await rig.textsOf(narrow, ['7', '12345'], { kind: 'number' })).toEqual([
      maskNumber(MASK_KEY, '7', 65_535n).padStart(3, '0'),
      maskNumber(MASK_KEY, '12345', 65_535n),
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
      const masks = await rig.textsOf(column, values, { kind: 'date' });
      const stored = (await rig.read('SELECT CAST(c AS CHAR) FROM x ORDER BY n')).map(([text]) => text ?? '');
      expect(masks).toEqual(stored.map((text) => maskDate(MASK_KEY, text, column.dataType)));
      const same = masks.filter((text, index) => text === stored[index]);
      expect(same.map((text) => text?.slice(0, 10))).toEqual(['0000-00-00']);
      const midnight = stored[0]?.slice(10) ?? '';
      const first = column.dataType === 'timestamp' ? '1970-01-02' : '1970-01-01';
      const firstDay = (start: string): string => (start === '1970-01-01' ? first : start) + midnight;
      expect(await rig.textsOf(column, values, { kind: 'date-to', unit: 'year' })).toEqual(
        stored.map((text, index) => (index === 0 ? text : firstDay(`${text.slice(0, 4)}-01-01`))),
      );
      expect(await rig.textsOf(column, values, { kind: 'date-to', unit: 'month' })).toEqual(
        stored.map((text, index) =>
          index === 0 ? text : firstDay(`${text.slice(0, 7).replace('-00', '-01')}-01`),
        ),
      );
      // The column takes them as they are.
      await rig.connection.query(`SET sql_mode = '${STRICT_MODE}'`);
      await rig.connection.query(`UPDATE x SET c = ${renderMask(column, { kind: 'date' })}`);
      await rig.connection.query("SET sql_mode = ''");
      expect((await rig.read('SELECT CAST(c AS CHAR) FROM x ORDER BY n')).map(([text]) => text)).toEqual(
        masks,
      );
    },
  );

  test('id keeps 100,000 numbers apart, and INT and BIGINT agree', async () => {
    await rig.connection.query(
      `DROP TABLE IF EXISTS ten, x; CREATE TABLE ten (d INT); INSERT INTO ten VALUES (0),(1),(2),(3),(4),(5),(6),(7),(8),(9);
       CREATE TABLE x (c INT UNSIGNED, e BIGINT, KEY (c)) SELECT 37 * (a.d + 10 * b.d + 100 * f.d + 1000 * g.d + 10000 * h.d) AS c
       FROM ten a, ten b, ten f, ten g, ten h; UPDATE x SET e = c`,
    );
    const int = renderMask(aColumn('int unsigned'), { kind: 'id' });
    const bigint = renderMask({ ...aColumn('bigint'), name: 'e' }, { kind: 'id' });
    const [row = []] = await rig.read(
      `SELECT COUNT(*), COUNT(DISTINCT m), SUM(m <> b) FROM (SELECT ${int} AS m, ${bigint} AS b FROM x) masked`,
    );
    expect(row.map(Number)).toEqual([100_000, 100_000, 0]);
  });
});
