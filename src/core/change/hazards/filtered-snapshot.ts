import { traitsOf } from '../../plan/row-engines.js';
import { type HazardRule, listNames } from './hazard-rule.js';

/** mysqldump takes one condition a process, so each filtered table is read in a snapshot of its own. */
export const filteredSnapshot: HazardRule = ({ tables, options }) => {
  const filtered = tables.filter(({ content }) => content === 'filtered').map(({ name }) => name);
  if (filtered.length === 0 || !traitsOf(options.engine).textDump) return [];
  return [
    {
      code: 'FILTERED_SNAPSHOT',
      severity: 'note',
      message: `read in a snapshot of ${filtered.length === 1 ? 'its' : 'their'} own because of tables.where: ${listNames(filtered)}`,
      hint: 'Rows written on the source during the copy may be in one table and not in another.',
    },
  ];
};
