import { supports } from '../../server/features.js';
import { type HazardRule, type Situation, copiedTables, listNames } from './hazard-rule.js';

/**
 * MariaDB moves a table to another database and leaves its files in the folder of the one that it came from. After a
 * swap those of a live table would be in a scratch database, which then cannot be dropped (errno 39).
 */
export const dataDirectory: HazardRule = (situation) => {
  if (supports(situation.targetServer.flavor, 'movableDirectories')) return [];
  const moving = [
    ...copiedTables(situation)
      .filter(({ hasDirectory }) => hasDirectory)
      .map(({ name }) => name),
    ...leavingTables(situation).map((name) => `${name} (the one on the target)`),
  ];
  if (moving.length === 0) return [];
  return [
    {
      code: 'DATA_DIRECTORY',
      severity: 'blocks',
      message: `MariaDB cannot move tables that have a DATA DIRECTORY or INDEX DIRECTORY to another database: ${listNames(moving)}`,
      hint: 'Exclude them (tables.exclude), or make them again without it.',
    },
  ];
};

const leavingTables = ({ tables, target }: Situation): readonly string[] => {
  const leaving = new Set(
    tables.filter(({ action }) => action === 'replace' || action === 'drop').map(({ name }) => name),
  );
  return (target?.tables ?? [])
    .filter(({ name, hasDirectory }) => hasDirectory && leaving.has(name))
    .map(({ name }) => name);
};
