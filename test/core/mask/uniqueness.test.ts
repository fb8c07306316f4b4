import { expect, test } from 'vitest';
import { idMask, maskText } from '../../support/reference-masks.js';

const MILLION = 1_000_000;
const KEY = 'one key';

const countDifferent = (make: (index: number) => string | bigint): number => {
  const seen = new Set<string | bigint>();
  for (let index = 0; index < MILLION; index += 1) seen.add(make(index));
  return seen.size;
};

test.each(['email', 'token', 'uuid'] as const)('%s: a million values have a million masks', (kind) => {
  // Of the narrowest column that it is for.
  const width = { email: 28, token: 16, uuid: 32 }[kind];
  expect(
    countDifferent((index) =>
      maskText(KEY, { kind }, Buffer.from(`person${index}@mail.example`), { characters: 20, width }),
    ),
  ).toBe(MILLION);
});

test('id: a million numbers have a million masks, beside each other and far apart', () => {
  const mask = idMask(KEY, 'bigint');
  expect(countDifferent((index) => mask(BigInt(index % 2 === 0 ? index : index * 7_000_001)))).toBe(MILLION);
});

test.each([
  ['tinyint', 2n ** 6n],
  ['smallint', 2n ** 14n],
] as const)('id: %s is a permutation that keeps 0, the sign and what is above', (type, size) => {
  const mask = idMask(KEY, type);
  const block = Array.from({ length: Number(size) }, (_, index) => BigInt(index));
  expect(new Set(block.map(mask))).toEqual(new Set(block));
  expect(mask(0n)).toBe(0n);
  for (const value of block) expect(mask(value + size)).toBe(mask(value) + size);
  for (const value of block) expect(mask(-1n - value)).toBe(-1n - mask(value));
});

test('id: INT and BIGINT agree, and another key is another permutation', () => {
  const [int, bigint, other] = [idMask(KEY, 'int'), idMask(KEY, 'bigint'), idMask('two keys', 'int')];
  const values = Array.from({ length: 10_000 }, (_, index) => BigInt(index * 107_000));
  expect(values.map(bigint)).toEqual(values.map(int));
  expect(values.filter((value) => int(value) === other(value)).length).toBeLessThan(3);
});
