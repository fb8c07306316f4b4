import { supports } from '../../server/features.js';
import { traitsOf } from '../../plan/row-engines.js';
import { type HazardRule, copiedTables, listNames } from './hazard-rule.js';

/** Of the name of a column of a result. */
const MOST_BYTES = 256;

/**
 * mysqldump looks for each table with SHOW TABLES LIKE, whose only column MySQL 8 and newer name after the database and
 * the pattern. Where that name is too long they do not find the column themselves (1054): tried on MySQL 9.7.
 */
export const nameInDump: HazardRule = (situation) => {
  const { from, options, sourceServer } = situation;
  if (!traitsOf(options.engine).textDump || !supports(sourceServer.flavor, 'dataDictionary')) return [];
  const unfound = copiedTables(situation)
    .map(({ name }) => name)
    .filter((name) => {
      const pattern = name.replaceAll(/[\\_%]/g, '\\$&');
      return Buffer.byteLength(`Tables_in_${from} (${pattern})`) > MOST_BYTES;
    });
  if (unfound.length === 0) return [];
  return [
    {
      code: 'NAME_IN_DUMP',
      severity: 'blocks',
      message: `mysqldump cannot find tables whose name is this long together with the database's: ${listNames(unfound)}`,
      hint: 'Copy with engine: native.',
    },
  ];
};
