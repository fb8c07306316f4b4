import { isExternalEngine } from '../../external-tables.js';
import { traitsOf } from '../../plan/row-engines.js';
import { type HazardRule, filledTables, listNames } from './hazard-rule.js';

/** The native engine makes such a table and counts what it shows; the rows come with the tables that have them. */
export const rowsElsewhere: HazardRule = (situation) => {
  if (!traitsOf(situation.options.engine).textDump) return [];
  const left = filledTables(situation).filter(({ engine }) => isExternalEngine(engine));
  if (left.length === 0) return [];
  return [
    {
      code: 'ROWS_ELSEWHERE',
      severity: 'blocks',
      message: `a dump leaves out the rows of ${listNames(left.map(({ name, engine }) => `${name} (${engine ?? ''})`))}, which are kept elsewhere`,
      hint: 'Copy with engine: native, or without those rows (tables.structure_only).',
    },
  ];
};
