import { supports } from '../../server/features.js';
import { describeExternal } from '../../external-tables.js';
import { type HazardRule, copiedTables, listNames } from './hazard-rule.js';

/** The target would open tables, servers and files that the source names, with its own rights. What they are may hold a password. */
export const externalTable: HazardRule = (situation) => {
  const allowed = new Set(
    situation.tables.filter(({ mayBeExternal }) => mayBeExternal).map(({ name }) => name),
  );
  const describe = (isAllowed: boolean): readonly string[] =>
    copiedTables(situation).flatMap((table) => {
      // MariaDB moves no such table, whether or not the plan permits it.
      if (table.hasDirectory && !supports(situation.targetServer.flavor, 'movableDirectories')) return [];
      const what = describeExternal(table);
      return what !== undefined && allowed.has(table.name) === isAllowed ? [`${table.name} (${what})`] : [];
    });
  const [refused, accepted] = [describe(false), describe(true)];
  return [
    ...(refused.length === 0
      ? []
      : [
          {
            code: 'EXTERNAL_TABLE',
            severity: 'blocks' as const,
            message: `the target would open data that is kept elsewhere for ${listNames(refused)}`,
            hint: 'Exclude the tables (tables.exclude), or name them in tables.external when the target may open that data.',
          },
        ]),
    ...(accepted.length === 0
      ? []
      : [
          {
            code: 'EXTERNAL_TABLE',
            severity: 'note' as const,
            message: `opens data that is kept elsewhere: ${listNames(accepted)}`,
            hint: 'Each table is copied without that data (tables.external).',
          },
        ]),
  ];
};
