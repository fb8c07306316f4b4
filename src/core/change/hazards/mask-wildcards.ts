import { firstVersion, supports } from '../../server/features.js';
import { hasWildcard } from '../../mask/json-path.js';
import { patternOf } from '../classified-column.js';
import { type HazardRule, listNames } from './hazard-rule.js';

/** Elements of an array are masked through JSON_TABLE, which the source may not have. */
export const maskWildcards: HazardRule = ({ masks, sourceServer }) => {
  if (!masks || supports(sourceServer.flavor, 'jsonTables')) return [];
  const columns = masks.columns.filter(
    ({ decided }) =>
      decided?.decision.kind === 'json' && decided.decision.paths.some(({ path }) => hasWildcard(path)),
  );
  if (columns.length === 0) return [];
  const [mysql, mariadb] = [firstVersion('jsonTables', 'mysql'), firstVersion('jsonTables', 'mariadb')];
  return [
    {
      code: 'MASK_UNFIT',
      severity: 'blocks',
      message: `[*] in a path of JSON needs MySQL ${mysql} or MariaDB ${mariadb} as the source: ${listNames(columns.map(patternOf))}`,
      hint: 'Name each element by its number, or give the whole column a mask.',
    },
  ];
};
