import { type HazardRule, copiedTables, listNames } from './hazard-rule.js';

/** `lower_case_table_names` differs: the target would store other names, or two names would become one. */
export const foldedNames: HazardRule = (situation) => {
  const { sourceServer, targetServer, to } = situation;
  if (targetServer.lowerCaseTableNames !== 1 || sourceServer.lowerCaseTableNames === 1) return [];
  const changed = [to, ...copiedTables(situation).map(({ name }) => name)].filter(
    (name) => name !== name.toLowerCase(),
  );
  if (changed.length === 0) return [];
  return [
    {
      code: 'FOLDED_NAMES',
      severity: 'blocks',
      message: `the target stores names in lower case (lower_case_table_names=1) and would change ${listNames(changed)}`,
      hint: 'Exclude the tables, rename them on the source, or use a target with lower_case_table_names=0.',
    },
  ];
};
