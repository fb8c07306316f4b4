import { fileArgument } from '../../plan/unsaved-plan.js';
import { suggestCommand } from '../../shell-word.js';
import { type ClassifiedColumn, patternOf } from '../classified-column.js';
import { type HazardRule, listNames } from './hazard-rule.js';

/** A column that nobody thought of may hold anything. */
export const maskUndecided: HazardRule = ({ masks }) => {
  const undecided = (masks?.columns ?? []).filter(({ decided }) => decided === undefined);
  if (!masks || undecided.length === 0) return [];
  const [verb, them] = undecided.length === 1 ? ['is', 'it'] : ['are', 'them'];
  return [
    {
      code: 'MASK_UNDECIDED',
      severity: 'blocks',
      message: `${countColumns(undecided)} ${verb} neither masked nor kept: ${listNames(undecided.map(patternOf))}`,
      hint: `Mask ${them} under mask.columns, or keep ${them}:  ${suggestCommand`mask accept ${fileArgument(masks.planPath)} ${firstOf(undecided)}`}`,
    },
  ];
};

export const countColumns = ({ length }: readonly ClassifiedColumn[]): string =>
  length === 1 ? '1 column' : `${length} columns`;

/** So many columns are named in a command; the others are told when those are decided. */
const MOST_NAMED = 5;

export const firstOf = (columns: readonly ClassifiedColumn[]): readonly string[] =>
  columns.slice(0, MOST_NAMED).map(patternOf);
