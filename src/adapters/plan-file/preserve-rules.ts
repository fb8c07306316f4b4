import { ALL_ROWS, refuseCondition } from '../../core/sql/preserve-condition.js';
import { isRecord } from '../../core/strict-json.js';
import { readPath } from './interpolate-values.js';
import type { PlacedComplaint } from './locate.js';

/** Conditions of `tables.preserve` in a plan, of any shape, that are not taken. */
export const findBrokenPreserves = (plan: Readonly<Record<string, unknown>>): readonly PlacedComplaint[] => {
  const { databases } = plan;
  const entries = Array.isArray(databases) ? databases : [];
  return entries.flatMap((_, index) => {
    const path = ['databases', String(index), 'tables', 'preserve'];
    const rules = readPath(plan, path);
    if (!isRecord(rules)) return [];
    return Object.entries(rules).flatMap(([table, condition]) => {
      if (typeof condition !== 'string' || condition === '' || condition === ALL_ROWS) return [];
      const refusal = refuseCondition(condition, table);
      return refusal
        ? [{ code: 'PLAN_SCHEMA', path: [...path, table], mark: 'value', ...refusal } as const]
        : [];
    });
  });
};
