import fc from 'fast-check';
import { expect, test } from 'vitest';
import { diffLines, plainLines } from '../../../src/core/change/line-diff.js';

const diff = (before: readonly string[], after: readonly string[]): readonly string[] =>
  diffLines(plainLines(before), plainLines(after));

test('the fewest lines, in their order', () => {
  expect(diff(['a', 'b', 'c', 'd'], ['a', 'x', 'c', 'd', 'e'])).toEqual(['- b', '+ x', '+ e']);
  expect(diff(['a', 'b', 'c'], ['c', 'a', 'b'])).toEqual(['+ c', '- c']);
  expect(diff([], ['a'])).toEqual(['+ a']);
  expect(diff(['a'], ['a'])).toEqual([]);
});

const countLines = (lines: readonly string[]): ReadonlyMap<string, number> => {
  const counts = new Map<string, number>();
  for (const line of lines) counts.set(line, (counts.get(line) ?? 0) + 1);
  return counts;
};

test('what goes and what comes makes one text of the other', () => {
  const texts = fc.array(fc.constantFrom('a', 'b', 'c', 'd'), { maxLength: 30 });
  fc.assert(
    fc.property(texts, texts, (before, after) => {
      const changed = diff(before, after);
      const signed = (sign: string) =>
        changed.filter((line) => line.startsWith(sign)).map((line) => line.slice(2));
      expect(countLines([...before, ...signed('+ ')])).toEqual(countLines([...after, ...signed('- ')]));
      expect(changed.length === 0).toBe(before.join() === after.join());
    }),
  );
});

test('texts of any length end soon', () => {
  const many = Array.from({ length: 300_000 }, (_, line) => `${String(line % 7)} before`);
  const others = many.map((line) => line.replace('before', 'after'));
  const found = diff(many, [...others, 'x'.repeat(1_000_000)]);
  expect(found).toHaveLength(401);
  expect(found.at(-1)).toBe('(599 601 more lines)');
  expect(diff([], ['x'.repeat(1_000_000)])[0]?.length).toBeLessThan(4100);
});
