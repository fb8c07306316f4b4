import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isAnyMatch, isMatch, isPattern } from '../../../src/core/plan/pattern.js';

describe('isMatch', () => {
  test.each([
    ['shop', 'shop', true],
    ['shop', 'Shop', false],
    ['shop', 'shops', false],
    ['', '', true],
    ['', 'a', false],
    ['*', '', true],
    ['*', 'anything', true],
    ['*', '.hidden', true],
    ['*', 'a/b', true],
    ['app_*', 'app_one', true],
    ['app_*', 'app_', true],
    ['app_*', 'myapp_one', false],
    ['*_archive', 'app_archive', true],
    ['*_archive', 'app_archive_2', false],
    ['a*b*c', 'a1b2b3c', true],
    ['a*b*c', 'a1c2b3', false],
    ['a**c', 'abc', true],
    ['log_?', 'log_1', true],
    ['log_?', 'log_', false],
    ['log_?', 'log_12', false],
    ['?', '\u{1F600}', true],
    ['db[1]', 'db[1]', true],
    ['db[1]', 'db1', false],
    ['{a,b}', '{a,b}', true],
    ['{a,b}', 'a', false],
    ['!x', '!x', true],
    ['a\\*b', 'a*b', true],
    ['a\\*b', 'axb', false],
    ['a\\?', 'a?', true],
    ['a\\\\b', 'a\\b', true],
    ['a\\', 'a\\', true],
    ['a.c', 'abc', false],
    ['^a$', 'a', false],
  ])('%j on %j is %s', (pattern, name, expected) => {
    expect(isMatch(pattern, name)).toBe(expected);
  });

  test('agrees with a plain definition on every short pattern and name', () => {
    const letters = fc.constantFrom('a', 'b', '_', '*', '?', '\\');
    fc.assert(
      fc.property(
        fc.array(letters, { maxLength: 7 }),
        fc.array(fc.constantFrom('a', 'b', '_', '*', '\\'), { maxLength: 8 }),
        (pattern, name) => isMatch(pattern.join(''), name.join('')) === matchPlainly(pattern, name),
      ),
      { seed: 20261122, numRuns: 5000 },
    );
  });

  test('a hostile pattern takes no time', () => {
    const startedAt = performance.now();
    expect(isMatch('*a'.repeat(40) + 'b', 'a'.repeat(5000))).toBe(false);
    expect(performance.now() - startedAt).toBeLessThan(2000);
  });
});

test('isAnyMatch asks every pattern, and none matches nothing', () => {
  expect(isAnyMatch(['a*', 'b*'], 'bee')).toBe(true);
  expect(isAnyMatch(['a*', 'b*'], 'cow')).toBe(false);
  expect(isAnyMatch([], 'cow')).toBe(false);
});

test.each([
  ['shop', false],
  ['sh*p', true],
  ['sh?p', true],
  ['sh\\*p', false],
  ['[a]', false],
])('isPattern(%j) is %s', (text, expected) => {
  expect(isPattern(text)).toBe(expected);
});

/** The definition, one rule a line; exponential, so for short words only. */
const matchPlainly = (pattern: readonly string[], name: readonly string[]): boolean => {
  const [token, ...restOfPattern] = pattern;
  const [character, ...restOfName] = name;
  if (token === undefined) return name.length === 0;
  if (token === '*')
    return (
      matchPlainly(restOfPattern, name) || (character !== undefined && matchPlainly(pattern, restOfName))
    );
  if (character === undefined) return false;
  if (token === '?') return matchPlainly(restOfPattern, restOfName);
  const [escaped, ...afterEscape] = restOfPattern;
  if (token === '\\' && escaped !== undefined)
    return escaped === character && matchPlainly(afterEscape, restOfName);
  return token === character && matchPlainly(restOfPattern, restOfName);
};
