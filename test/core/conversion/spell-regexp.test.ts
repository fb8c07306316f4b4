import { expect, test } from 'vitest';
import { spellRegexp } from '../../../src/core/conversion/spell-regexp.js';

test.each([
  ['as MySQL prints it', "(regexp_like(`a`,'^x') + 1)", "(((`a`) REGEXP ('^x')) + 1)"],
  ['apart', "REGEXP_LIKE ( a , 'x' )", "( ( a ) REGEXP ( 'x' ))"],
  [
    'parameters with commas and parentheses',
    "regexp_like(concat(a,')'),('(,'))",
    "((concat(a,')')) REGEXP (('(,')))",
  ],
  ['one in another', "regexp_like(a,regexp_like(b,'c'))", "((a) REGEXP (((b) REGEXP ('c'))))"],
  ['flags stay', "regexp_like(a,'x','c')", "regexp_like(a,'x','c')"],
  ['not in a text', "'regexp_like(a,b)'", "'regexp_like(a,b)'"],
  ['not a name', '`regexp_like`(a,b)', '`regexp_like`(a,b)'],
  ['not without its end', 'regexp_like(a,b', 'regexp_like(a,b'],
])('%s', (_, statement, expected) => {
  expect(spellRegexp(statement, '')).toBe(expected);
});
