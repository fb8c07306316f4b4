import { firstVersion, supports } from '../../server/features.js';
import { needsJsonTable } from '../../mask/why-unfit.js';
import { patternOf } from '../classified-column.js';
import { type HazardRule, listNames } from './hazard-rule.js';

/** Elements of an array, numbers and dates are masked through JSON_TABLE, which the source may not have. */
export const maskJsonTable: HazardRule = ({ masks, sourceServer }) => {
  if (!masks || supports(sourceServer.flavor, 'jsonTables')) return [];
  const columns = masks.columns.filter(({ decided }) => decided && needsJsonTable(decided.decision));
  if (columns.length === 0) return [];
  const [mysql, mariadb] = [firstVersion('jsonTables', 'mysql'), firstVersion('jsonTables', 'mariadb')];
  return [
    {
      code: 'MASK_UNFIT',
      severity: 'blocks',
      message: `[*], id, number and date within JSON need MySQL ${mysql} or MariaDB ${mariadb} as the source: ${listNames(columns.map(patternOf))}`,
      hint: 'Name each element by its number, use another mask, or give the whole column one.',
    },
  ];
};
