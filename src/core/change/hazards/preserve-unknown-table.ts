import { suggestNearest } from '../../nearest.js';
import type { PreservedTable } from '../preserve.js';
import { type HazardRule, type Situation, copiedTables, preservedTables } from './hazard-rule.js';

/** By a mistyped name rows would go that somebody wants to keep. */
export const preserveUnknownTable: HazardRule = (situation) =>
  preservedTables(situation)
    .filter(({ copied }) => copied === undefined)
    .map((table) => ({
      code: 'PRESERVE_UNKNOWN_TABLE',
      severity: 'blocks',
      message: `tables.preserve names ${table.written}, ${explain(table, situation)}`,
      hint: 'Correct the name under tables.preserve, or remove it. A table that is excluded stays as it is anyway.',
    }));

const explain = ({ written, live }: PreservedTable, situation: Situation): string => {
  const { source, from } = situation;
  if (source.tables.some(({ name }) => name === written)) return 'which the plan does not copy';
  if (live) return `which only the target has: ${from} on the source does not`;
  const suggestion = suggestNearest(
    written,
    copiedTables(situation).map(({ name }) => name),
  );
  return `which neither side has${suggestion === undefined ? '' : `; ${suggestion}`}`;
};
