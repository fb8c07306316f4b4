import { expect, test } from 'vitest';
import { forEachConcurrently, forEachWithin } from '../../src/core/concurrency.js';

const settle = async (): Promise<void> => {
  for (let turn = 0; turn < 10; turn += 1) await Promise.resolve();
};

test('starts items in order and keeps to the limit', async () => {
  const started: number[] = [];
  const finishers: (() => void)[] = [];
  const all = forEachConcurrently([1, 2, 3, 4], 2, (item) => {
    started.push(item);
    return new Promise((resolve) => finishers.push(resolve));
  });
  await settle();
  expect(started).toEqual([1, 2]);
  finishers[1]?.();
  await settle();
  expect(started).toEqual([1, 2, 3]);
  finishers[0]?.();
  finishers[2]?.();
  await settle();
  finishers[3]?.();
  await all;
  expect(started).toEqual([1, 2, 3, 4]);
});

test('rejects with the first error only after the work in flight has ended, and starts nothing more', async () => {
  const ended: string[] = [];
  let finishSlow: () => void = () => undefined;
  const all = forEachConcurrently(['slow', 'bad', 'never'], 2, async (item) => {
    if (item === 'bad') throw new Error('bad');
    await new Promise<void>((resolve) => (finishSlow = resolve));
    ended.push(item);
  });
  const failed = all.catch((error: unknown) => (error as Error).message);
  await settle();
  expect(ended).toEqual([]);
  finishSlow();
  expect(await failed).toBe('bad');
  expect(ended).toEqual(['slow']);
});

test('no items, no work', async () => {
  await expect(
    forEachConcurrently([], 3, () => Promise.reject(new Error('called'))),
  ).resolves.toBeUndefined();
});

const startWithin = (costs: readonly number[], capacity: number) => {
  const started: number[] = [];
  const finishers: ((() => void) | undefined)[] = [];
  const all = forEachWithin(
    costs.map((cost, index) => ({ cost, index })),
    capacity,
    ({ cost }) => cost,
    ({ index }) => {
      started.push(index);
      return new Promise((resolve) => (finishers[index] = resolve));
    },
  );
  return { started, all, finish: (index: number) => finishers[index]?.() };
};

test('small items run together, and a large one alone', async () => {
  const { started, all, finish } = startWithin([1, 1, 4, 1], 4);
  await settle();
  expect(started).toEqual([0, 1]);
  finish(0);
  await settle();
  expect(started).toEqual([0, 1]);
  finish(1);
  await settle();
  expect(started).toEqual([0, 1, 2]);
  finish(2);
  await settle();
  expect(started).toEqual([0, 1, 2, 3]);
  finish(3);
  await all;
});

test('an item that costs more than there is runs alone', async () => {
  const { started, all, finish } = startWithin([9, 1], 4);
  await settle();
  expect(started).toEqual([0]);
  finish(0);
  await settle();
  finish(1);
  await all;
  expect(started).toEqual([0, 1]);
});

test('after a failure nothing more starts, and what runs is waited for', async () => {
  const ended: string[] = [];
  let finishSlow: () => void = () => undefined;
  const all = forEachWithin(
    ['slow', 'bad', 'never'],
    2,
    () => 1,
    async (item) => {
      if (item === 'bad') throw new Error('bad');
      await new Promise<void>((resolve) => (finishSlow = resolve));
      ended.push(item);
    },
  );
  const failed = all.catch((error: unknown) => (error as Error).message);
  await settle();
  finishSlow();
  expect(await failed).toBe('bad');
  expect(ended).toEqual(['slow']);
});
