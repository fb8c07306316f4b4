import type { RefreshRule } from './sync-plan.js';

/** All of them, in the order in which they are told. */
export const REFRESH_RULES = ['full', 'auto', 'strict'] as const satisfies readonly RefreshRule[];

/** Whether tables whose rows are the source's stay. */
export const isRefreshing = (rule: RefreshRule): boolean => rule !== 'full';
