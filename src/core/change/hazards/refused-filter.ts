import type { HazardRule } from './hazard-rule.js';

/** Found by preparing it, which runs nothing. */
export const refusedFilter: HazardRule = ({ refusedFilters }) =>
  [...refusedFilters].map(([table, reason]) => ({
    code: 'WHERE_REFUSED',
    severity: 'blocks',
    message: `the source refuses the condition of tables.where for ${table}: ${reason}`,
    hint: 'Correct the condition: it is SQL as after WHERE, over the columns of that table. Tables of a subquery are named with their database.',
  }));
