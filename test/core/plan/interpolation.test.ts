import { describe, expect, test } from 'vitest';
import { interpolate, literalPartsOf } from '../../../src/core/plan/interpolation.js';

const VARIABLES = { HOST: 'db-1', PORT: '3306', EMPTY: '', _x9: 'under', NESTED: '${HOST}' };

describe('interpolate', () => {
  test.each([
    ['plain', 'plain'],
    ['${HOST}', 'db-1'],
    ['a-${HOST}:${PORT}-b', 'a-db-1:3306-b'],
    ['${_x9}', 'under'],
    ['${NOPE:-fallback}', 'fallback'],
    ['${NOPE:-}', ''],
    ['${NOPE:-a:b-c d$e}', 'a:b-c d$e'],
    ['${HOST:-fallback}', 'db-1'],
    ['${EMPTY}', ''],
    ['${EMPTY:-fallback}', 'fallback'],
    ['${HOST:?needed}', 'db-1'],
    ['$${HOST}', '${HOST}'],
    ['$$${HOST}', '$${HOST}'],
    ['costs 5$', 'costs 5$'],
    ["JSON_EXTRACT(a, '$.b')", "JSON_EXTRACT(a, '$.b')"],
    ['$HOST', '$HOST'],
    ['$$', '$$'],
    ['${NESTED}', '${HOST}'],
  ])('%j becomes %j', (text, expected) => {
    expect(interpolate(text, VARIABLES)).toMatchObject({ text: expected, problems: [] });
  });

  test.each([
    ['${NOPE}', 'NOPE', undefined],
    ['${NOPE:?set it in CI}', 'NOPE', 'set it in CI'],
    ['${NOPE:?}', 'NOPE', undefined],
    ['${EMPTY:?must not be empty}', 'EMPTY', 'must not be empty'],
    ['${toString}', 'toString', undefined],
    ['${__proto__}', '__proto__', undefined],
  ])('%j is unset', (text, variable, message) => {
    expect(interpolate(text, VARIABLES)).toEqual({
      text,
      hasVariables: true,
      problems: [{ kind: 'unset', expression: text, variable, message }],
    });
  });

  test.each(['${}', '${1A}', '${HOST', '${HOST:x}', '${HOST-x}', '${A B}', '${NOPE:-${HOST}}'])(
    '%j is malformed and stays',
    (text) => {
      const { problems, text: after } = interpolate(text, {});
      expect(problems[0]).toMatchObject({ kind: 'malformed', variable: '' });
      expect(after).toBe(text);
    },
  );

  test('every problem of a text is reported, and the rest is replaced', () => {
    const { text, problems } = interpolate('${A}${HOST}${B}', VARIABLES);
    expect(text).toBe('${A}db-1${B}');
    expect(problems.map(({ variable }) => variable)).toEqual(['A', 'B']);
  });

  test.each([
    ['plain', false],
    ['$${HOST}', false],
    ['${HOST}', true],
    ['${NOPE}', true],
  ])('hasVariables of %j is %s', (text, expected) => {
    expect(interpolate(text, VARIABLES).hasVariables).toBe(expected);
  });
});

test.each([
  ['${A}', ''],
  ['${A:?message}', ''],
  ['${A:-hunter2}', 'hunter2'],
  ['${A:-}', ''],
  ['x${A}y', 'xy'],
  ['hunter2', 'hunter2'],
  ['$${A}', '${A}'],
])('the literal parts of %j are %j', (text, expected) => {
  expect(literalPartsOf(text)).toBe(expected);
});
