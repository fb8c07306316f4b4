import { JOURNAL_TABLE } from '../../names.js';
import type { HazardRule } from './hazard-rule.js';

/** The journal of a run stands beside the retired tables, so a table of its name could not be retired. */
export const reservedTable: HazardRule = ({ source, target }) =>
  [...source.tables, ...(target?.tables ?? [])].some(({ name }) => name === JOURNAL_TABLE)
    ? [
        {
          code: 'RESERVED_TABLE',
          severity: 'blocks',
          message: `has a table called ${JOURNAL_TABLE}, which mysql-sync needs for itself`,
          hint: 'Rename the table.',
        },
      ]
    : [];
