import type { ResolvedPlan } from './resolved-plan.js';

/** The plan with the part of its lanes and its rate that each of so many workers may use; at least one lane. */
export const shareAmong = (plan: ResolvedPlan, workers: number): ResolvedPlan => {
  const { parallel, pace } = plan.options;
  const { bytesPerSecond: rate } = pace;
  return {
    ...plan,
    options: {
      ...plan.options,
      parallel: Math.max(1, Math.floor(parallel / workers)),
      pace: { ...pace, ...(rate === undefined ? {} : { bytesPerSecond: Math.ceil(rate / workers) }) },
    },
  };
};
