import { describeFlavor } from '../flavor.js';
import { chooseUtf8Name, renameUtf8 } from '../utf8-name.js';
import { type HazardRule, type Situation, copiedPrograms, copiedTables, listNames } from './hazard-rule.js';

/** A collation that the target server does not have cannot be created there. */
export const unknownCollation: HazardRule = (situation) => {
  const unknown = findUnknown(situation, [
    situation.source.collation,
    ...copiedTables(situation).flatMap(({ columns }) => columns.map(({ collation }) => collation)),
  ]);
  const programs = copiedPrograms(situation).filter(
    ({ collations }) => findUnknown(situation, collations).length > 0,
  );
  const ofPrograms = findUnknown(
    situation,
    programs.flatMap(({ collations }) => collations),
  );
  const where = `unknown to ${describeFlavor(situation.targetServer.flavor)}`;
  return [
    ...report(unknown, `uses ${listNames(unknown)}, ${where}`, CONVERT_TABLES),
    ...report(
      ofPrograms,
      `${listNames(programs.map(({ kind, name }) => `${kind} ${name}`))} made under ${listNames(ofPrograms)}, ${where}`,
      'On the source, make them again in a session and database with a collation that both servers have (SET NAMES utf8mb4 COLLATE utf8mb4_general_ci).',
    ),
  ];
};

const CONVERT_TABLES = 'Exclude the tables that use it (tables.exclude), or convert them on the source.';

const findUnknown = (
  { targetServer: { collations } }: Situation,
  used: readonly (string | undefined)[],
): readonly string[] => {
  const utf8 = chooseUtf8Name(collations);
  return [...new Set(used.flatMap((collation) => collation ?? []))]
    .filter((collation) => !collations.has(renameUtf8(collation, utf8)))
    .sort();
};

const report = (unknown: readonly string[], message: string, hint: string): ReturnType<HazardRule> =>
  unknown.length === 0 ? [] : [{ code: 'UNKNOWN_COLLATION', severity: 'blocks', message, hint }];
