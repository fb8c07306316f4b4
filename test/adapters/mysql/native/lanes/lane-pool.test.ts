import { expect, test } from 'vitest';
import { LanePool } from '../../../../../src/adapters/mysql/native/lanes/lane-pool.js';

/** Work that waits until it is let go, and the order in which it began. */
const makeRig = (lanes: number) => {
  const failures: Error[] = [];
  const pool = new LanePool(
    Array.from({ length: lanes }, (_, index) => index),
    (reason) => failures.push(reason),
  );
  const began: string[] = [];
  const release = new Map<string, () => void>();
  const use = async (
    name: string,
    group: string,
    bytes: number,
    stage: 'copy' | 'finish' = 'copy',
  ): Promise<string> =>
    pool.use({ group, bytes, stage }, async () => {
      began.push(name);
      await new Promise<void>((resolve) => release.set(name, resolve));
      return name;
    });
  const end = async (name: string): Promise<void> => {
    release.get(name)?.();
    await new Promise((resolve) => setImmediate(resolve));
  };
  return { pool, began, use, end, failures };
};

test('the largest goes first, and lanes spread over tables before two work on one', async () => {
  const { began, use, end } = makeRig(2);
  const all = [use('a1', 'a', 9), use('a2', 'a', 9), use('a3', 'a', 9), use('b1', 'b', 5), use('c1', 'c', 7)];
  await end('nobody');
  // The first two found idle lanes; from then on the table that nobody works on comes first.
  expect(began).toEqual(['a1', 'a2']);
  await end('a1');
  expect(began.at(-1)).toBe('c1');
  await end('c1');
  expect(began.at(-1)).toBe('b1');
  await end('a2');
  expect(began.at(-1)).toBe('a3');
  for (const name of ['b1', 'a3']) await end(name);
  expect(await Promise.all(all)).toEqual(['a1', 'a2', 'a3', 'b1', 'c1']);
});

test('finishing a table goes before any copying', async () => {
  const { began, use, end } = makeRig(1);
  const all = [use('a', 'a', 1), use('big', 'b', 100), use('index', 'c', 1, 'finish')];
  await end('nobody');
  await end('a');
  expect(began).toEqual(['a', 'index']);
  await end('index');
  await end('big');
  await Promise.all(all);
});

test('the first failure ends what waits, and what comes', async () => {
  const { pool, began, use, end, failures } = makeRig(1);
  const reason = new Error('refused');
  const failing = pool.use({ group: 'a', bytes: 1, stage: 'copy' }, () => Promise.reject(reason));
  const waiting = use('b', 'b', 1);
  await expect(failing).rejects.toBe(reason);
  await expect(waiting).rejects.toBe(reason);
  await expect(use('c', 'c', 1)).rejects.toBe(reason);
  await end('nobody');
  expect(began).toEqual([]);
  expect(failures).toEqual([reason]);
});
