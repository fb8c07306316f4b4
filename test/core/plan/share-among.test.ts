import { expect, test } from 'vitest';
import type { ResolvedPlan } from '../../../src/core/plan/resolved-plan.js';
import { shareAmong } from '../../../src/core/plan/share-among.js';

const planOf = (parallel: number, bytesPerSecond?: number): ResolvedPlan =>
  ({
    options: {
      parallel,
      pace: { replicas: [], ...(bytesPerSecond === undefined ? {} : { bytesPerSecond }) },
    },
  }) as unknown as ResolvedPlan;

test.each([
  [4, 1000, 2, 2, 500],
  [4, 1000, 3, 1, 334],
  [4, 2, 8, 1, 1],
  [4, 1000, 1, 4, 1000],
])('%i lanes and %i bytes a second among', (parallel, rate, workers, lanes, each) => {
  const { options } = shareAmong(planOf(parallel, rate), workers);
  expect([options.parallel, options.pace.bytesPerSecond]).toEqual([lanes, each]);
});

test('no rate stays no rate', () => {
  expect(shareAmong(planOf(4), 2).options.pace).toEqual({ replicas: [] });
});
