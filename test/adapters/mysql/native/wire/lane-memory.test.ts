import { afterEach, expect, test } from 'vitest';
import {
  BLOCK_BYTES,
  LaneMemory,
  copyBytes,
} from '../../../../../src/adapters/mysql/native/wire/lane-memory.js';

const laneMemory = new LaneMemory();
const taken: Buffer[] = [];
const take = (): Buffer => {
  const block = laneMemory.take();
  taken.push(block);
  return block;
};
afterEach(() => {
  for (const block of taken.splice(0)) laneMemory.give(block);
});

/** More blocks than lie in one piece of memory. */
const takeBeyond = (): Buffer => {
  const blocks = Array.from({ length: 200 }, take);
  const first = blocks[0]?.buffer;
  const beyond = blocks.findLast(({ buffer }) => buffer !== first);
  expect(beyond).toBeDefined();
  return beyond ?? Buffer.alloc(0);
};

const fill = (block: Buffer, step: number): Buffer => {
  for (let at = 0; at < block.length; at += 1) block[at] = at * step;
  return block;
};

const makers = {
  'a block': take,
  'a block beyond the piece': takeBeyond,
  'a part of a block': () => take().subarray(7),
};

test.each(
  Object.entries(makers).flatMap(([one, makeOne]) =>
    Object.entries(makers).map(([other, makeOther]) => [one, other, makeOne, makeOther] as const),
  ),
)('bytes go from %s into %s, and nowhere else', (_one, _other, makeOne, makeOther) => {
  const from = fill(makeOne(), 7);
  const into = fill(makeOther(), 3);
  const others = [take(), take()].map((block) => fill(block, 1));
  const expected = Buffer.from(into);
  from.copy(expected, 1_000, 500, 90_500);
  copyBytes(into, 1_000, from, 500, 90_500);
  expect(into.equals(expected)).toBe(true);
  expect(from.equals(fill(Buffer.alloc(from.length), 7))).toBe(true);
  for (const block of others) expect(block.equals(fill(Buffer.alloc(BLOCK_BYTES), 1))).toBe(true);
});

test('blocks do not overlap, and those of other sizes are let go', () => {
  const blocks = Array.from({ length: 200 }, take);
  const ends = [0, BLOCK_BYTES - 1];
  blocks.forEach((block, index) => ends.forEach((end) => (block[end] = index)));
  expect(blocks.map((block) => ends.map((end) => block[end]))).toEqual(
    blocks.map((_, index) => [index, index]),
  );
  const large = Buffer.alloc(2 * BLOCK_BYTES);
  laneMemory.give(large);
  expect(Array.from({ length: 200 }, take)).not.toContain(large);
});
