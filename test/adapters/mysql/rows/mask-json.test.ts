import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { maskKeyStatement, maskKeyValues, renderMask } from '../../../../src/adapters/mysql/rows/mask-sql.js';
import { readMaskDecision } from '../../../../src/core/mask/read-mask-decision.js';
import type { MaskRule } from '../../../../src/core/mask/mask-rule.js';
import { availableFlavors } from '../../../support/flavors.js';
import { type MaskRig, MASK_KEY, aColumn, literal, startMaskRig } from '../../../support/mask-rig.js';
import { idMask, maskDate, maskNumber, maskText } from '../../../support/reference-masks.js';

const readRule = (paths: Readonly<Record<string, unknown>>): MaskRule => {
  const reading = readMaskDecision({ json: paths });
  if ('problem' in reading || reading.decision.kind === 'keep') throw new Error('no rule');
  return reading.decision;
};

const emailOf = (text: string): string =>
  maskText(MASK_KEY, { kind: 'email' }, Buffer.from(text), { characters: text.length, width: 99 });

const [JANE, JOE] = ['jane@example.org', 'joé@example.org'];
const [MASKED_JANE, MASKED_JOE] = [emailOf(JANE), emailOf(JOE)];

/** JSON_TABLE is there since MySQL 8.0.4 and MariaDB 10.6. */
const flavors = availableFlavors().filter(({ id }) => id !== 'mariadb-10.5');

describe.each(flavors)('[*] on $id', (flavor) => {
  let rig: MaskRig;

  beforeAll(async () => {
    rig = await startMaskRig(flavor);
  });
  afterAll(async () => rig.stop());

  const maskIn = async (columnType: string, documents: readonly unknown[], rule: MaskRule) => {
    const column = aColumn(columnType, columnType === 'json' ? undefined : 'utf8mb4');
    const texts = documents.map((document) => `CONVERT(${literal(JSON.stringify(document))} USING utf8mb4)`);
    const [none, ...rows] = await rig.maskAll(column, [null, ...texts], rule);
    expect(none).toEqual([null]);
    return rows.map(([hex]) => JSON.parse(Buffer.from(hex ?? '', 'hex').toString()) as unknown);
  };

  const types = flavor.vendor === 'mysql' ? ['json', 'longtext'] : ['longtext'];

  test.each(types)('all elements of arrays are masked, in their order (%s)', async (columnType) => {
    const rest = { n: 1.5, deep: [1, { z: null }], text: 'é 😀 "q" \\' };
    const many = Array.from({ length: 300 }, (_, index) => ({
      mail: `p${String(index)}@corp.example`,
      index,
    }));
    const documents = [
      { list: [{ mail: JANE, ...rest }, { mail: JOE }, { other: 1 }, 5, 'text', null, [1, 2]], k: 1 },
      { list: [] },
      { list: { mail: JANE } },
      { list: null, tags: [JANE, null, '', 7] },
      [],
      { list: many },
    ];
    const rule = readRule({ '$.list[*].mail': 'email', '$.tags[*]': 'email', '$.k': { value: 2 } });
    expect(await maskIn(columnType, documents, rule)).toEqual([
      {
        list: [{ mail: MASKED_JANE, ...rest }, { mail: MASKED_JOE }, { other: 1 }, 5, 'text', null, [1, 2]],
        k: 2,
      },
      { list: [] },
      { list: { mail: JANE } },
      { list: null, tags: [MASKED_JANE, null, '', emailOf('7')] },
      [],
      { list: many.map(({ mail, index }) => ({ mail: emailOf(mail), index })) },
    ]);
  });

  test.each(types)('members by any spelling, and one array by two (%s)', async (columnType) => {
    const rule = readRule({
      '$.list[*].mail': 'email',
      '$."list"[*].who': 'email',
      '$.box[0][*].mail': 'email',
      '$.box.b[*].mail': 'email',
      '$.prénom': 'email',
      '$."a \\"b\\""[*]': 'email',
    });
    const documents = [
      { list: [{ mail: JANE, who: JOE }] },
      { box: { b: [{ mail: JANE }] } },
      { prénom: JANE, 'a "b"': [JANE] },
    ];
    expect(await maskIn(columnType, documents, rule)).toEqual([
      { list: [{ mail: MASKED_JANE, who: MASKED_JOE }] },
      { box: { b: [{ mail: MASKED_JANE }] } },
      { prénom: MASKED_JANE, 'a "b"': [MASKED_JANE] },
    ]);
  });

  test.each(types)('arrays in arrays, at the top, and beside other paths (%s)', async (columnType) => {
    const order = (mail: string) => ({ who: mail, lines: [{ to: [mail, JOE] }, { to: mail }], keep: mail });
    const masked = (mail: string) => ({
      who: MASKED_JANE,
      lines: [{ to: [MASKED_JANE, MASKED_JOE] }, { to: mail }],
      keep: mail,
    });
    const rule = readRule({ '$[*].who': 'email', '$[*].lines[*].to[*]': 'email' });
    expect(await maskIn(columnType, [[order(JANE), order(JANE)], order(JANE)], rule)).toEqual([
      [masked(JANE), masked(JANE)],
      order(JANE),
    ]);
    // What is no array is put back, before what is masked within it.
    const beside = readRule({
      '$.a[*].x': 'email',
      '$.a.b[*].y': 'email',
      '$.a.c': 'email',
      '$."a b"[*]': 'email',
    });
    const document = { a: { b: [{ y: JANE }], c: JOE }, 'a b': [JOE] };
    expect(await maskIn(columnType, [document, { a: [{ x: JOE, b: [{ y: JANE }] }] }], beside)).toEqual([
      { a: { b: [{ y: MASKED_JANE }], c: MASKED_JOE }, 'a b': [MASKED_JOE] },
      { a: [{ x: MASKED_JOE, b: [{ y: JANE }] }] },
    ]);
  });

  test.each(types)('ids, numbers and dates are those of columns (%s)', async (columnType) => {
    const idOf = idMask(MASK_KEY, 'bigint');
    const tokenOf = (text: string): string =>
      maskText(MASK_KEY, { kind: 'token' }, Buffer.from(text), { characters: text.length, width: 99 });
    const rule = readRule({
      ...{
        '$.id': 'id',
        '$.ids[*]': 'id',
        '$.n': 'number',
        '$.prices[*]': 'number',
        '$.born': 'date',
        '$.y[*]': { date: 'year' },
      },
    });
    const ids = [0, 7, -7, 4_294_967_296, 'x', '7', 1.5, null];
    const documents = [
      { id: 42, ids, n: 1234, born: '1980-02-29', y: ['1980-02-29T10:00:00Z', '', 'soon', 5] },
      { id: 'abc', n: 'words', born: '1980-02-29T10:11:12Z', keep: 1.5 },
      { id: null, n: null, born: 'yesterday', prices: [12.4, '12', 0, [1]] },
    ];
    const numberOf = (text: string): number => Number(maskNumber(MASK_KEY, text, 2n ** 63n - 1n));
    const dateOf = (text: string): string => maskDate(MASK_KEY, text, 'date');
    expect(await maskIn(columnType, documents, rule)).toEqual([
      {
        id: Number(idOf(42n)),
        ids: ids.map((id) =>
          typeof id === 'number' && id !== 1.5
            ? Number(idOf(BigInt(id)))
            : id === null
              ? null
              : tokenOf(String(id)),
        ),
        n: numberOf('1234'),
        born: dateOf('1980-02-29'),
        y: ['1980-01-01', '', null, null],
      },
      { id: tokenOf('abc'), n: null, born: dateOf('1980-02-29T10:11:12Z'), keep: 1.5 },
      { id: null, n: null, born: null, prices: [numberOf('12'), null, numberOf('0'), null] },
    ]);
  });

  test('what the text of JSON does not show stays, and no array is cut', async () => {
    await rig.connection.query('SET group_concat_max_len = 1024');
    await rig.connection.execute(maskKeyStatement, maskKeyValues(MASK_KEY));
    const list = Array.from({ length: 50_000 }, (_, index) => ({ index, text: 'so and so many words' }));
    const rule = readRule({ '$.list[*].mail': 'email' });
    expect(await maskIn('longtext', [{ list }], rule)).toEqual([{ list }]);
    if (flavor.vendor !== 'mysql') return;
    const typed = `JSON_OBJECT('list', JSON_ARRAY(JSON_OBJECT('d', CAST('1.50' AS DECIMAL(5,2)), 't', CAST('2020-01-01' AS DATE), 'mail', '${JANE}')))`;
    await rig.maskAll(aColumn('json'), [typed], rule);
    const mask = renderMask(aColumn('json'), rule);
    const typeOf = (path: string): string => `JSON_TYPE(JSON_EXTRACT(${mask}, '$.list[0].${path}'))`;
    expect(await rig.read(`SELECT ${['d', 't', 'mail'].map(typeOf).join(', ')} FROM x`)).toEqual([
      ['DECIMAL', 'DATE', 'STRING'],
    ]);
  });

  // MySQL keeps the last of members with one name. MariaDB keeps all of them and replaces the first, and a reader takes the last.
  test.each([
    ['$.mail', `{"mail": "x", "mail": "${JANE}"}`],
    ['$.mail', `{"mail": "x", "m\\\\u0061il": "${JANE}"}`],
    ['$.a.mail', `{"a": {"mail": "x"}, "a": {"mail": "${JANE}"}}`],
    ['$.a[0].mail', `{"a": [{"mail": "x", "mail": "${JANE}"}]}`],
    ['$.a[0]', `{"a": ["x"], "a": ["${JANE}"]}`],
    ['$.list[*]', `{"list": ["x"], "list": ["${JANE}"]}`],
    ['$.list[*].mail', `{"list": [{"mail": "x"}, {"mail": "x", "mail": "${JANE}"}]}`],
    ['$[*].mail', `[{"mail": "x", "mail": "${JANE}"}]`],
  ])('%s of a document with a repeated name is masked or an error: %s', async (path, text) => {
    const column = aColumn('longtext', 'utf8mb4');
    const masked = rig.maskAll(column, [`'${text}'`], readRule({ [path]: 'email' }));
    if (flavor.vendor === 'mariadb') await expect(masked).rejects.toMatchObject({ errno: 1690 });
    else expect(Buffer.from((await masked)[0]?.[0] ?? '', 'hex').toString()).not.toContain(JANE);
  });

  test('neighbours in an array are no repetition', async () => {
    const documents = [
      { a: [JANE, JOE], text: 'é 😀' },
      { a: [{ m: JANE }, { m: JOE }] },
      { a: [[JANE], [JOE]] },
    ];
    const rule = readRule({ '$.a[0]': 'email' });
    expect((await maskIn('longtext', documents, rule))[0]).toEqual({
      a: [MASKED_JANE, JOE],
      text: 'é 😀',
    });
    const within = readRule({ '$.a[0].m': 'email' });
    expect((await maskIn('longtext', documents, within))[1]).toEqual({ a: [{ m: MASKED_JANE }, { m: JOE }] });
  });

  test('text that is no JSON is an error, and so is a session without the key', async () => {
    const rule = readRule({ '$.list[*].mail': 'email' });
    const column = aColumn('longtext', 'utf8mb4');
    await expect(rig.maskAll(column, [`'{"list": [jane]}'`], rule)).rejects.toThrow();
    await maskIn('longtext', [{ list: [{ mail: JANE }] }], rule);
    const other = await rig.server.connect();
    await expect(
      other.query(`SELECT ${renderMask(column, rule)} FROM d.x WHERE c IS NOT NULL`),
    ).rejects.toMatchObject({ errno: 1690 });
    await other.end();
  });
});
