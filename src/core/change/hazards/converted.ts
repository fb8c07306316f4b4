import type { Hazard } from '../change-set.js';
import type { Owner } from '../../server/findings.js';
import { describeFlavor } from '../../flavor.js';
import { type HazardRule, type Situation, copiedPrograms, copiedTables, listNames } from './hazard-rule.js';

/**
 * Between vendors the same statement can mean something else, and an older server does not have every collation. What
 * has an equivalent is converted and told, what has none is refused by its name.
 */
export const converted: HazardRule = (situation) => {
  const { source, targetServer } = situation;
  if (!source.conversion) return [];
  const target = describeFlavor(targetServer.flavor);
  const isCopied = chooseCopied(situation);
  const { refusals, notes } = source.conversion;
  return [
    ...groupBy(refusals.filter(isCopied), ({ what }) => what).map(([{ what, owner }, places]): Hazard => ({
      code: 'NO_EQUIVALENT',
      severity: 'blocks',
      message: `${places.join(', ')}: ${what} has no equivalent in ${target}`,
      hint: WAYS_OUT[owner.kind === 'table' ? 'table' : owner.kind === 'database' ? 'database' : 'program'],
    })),
    ...groupBy(notes.filter(isCopied), ({ before, after }) => JSON.stringify([before, after])).map(
      ([{ before, after }, places]): Hazard => ({
        code: 'CONVERTED',
        severity: 'note',
        message: `${before} becomes ${after}: ${listNames(places)}`,
        hint: `The closest that ${target} has.${before.startsWith('collation ') ? OTHER_ORDER : ''}`,
      }),
    ),
  ];
};

const OTHER_ORDER =
  ' It may sort and compare otherwise: where it treats two values of a unique key as equal, the copy fails and the target stays as it was.';

const WAYS_OUT = {
  table: 'Exclude the tables (tables.exclude), or change them on the source.',
  program: 'Leave it out (programs.exclude), or change it on the source.',
  database: 'Change it on the source (ALTER DATABASE).',
} as const;

const chooseCopied = (situation: Situation): ((finding: { readonly owner: Owner }) => boolean) => {
  const keyOf = (kind: string, name: string): string => `${kind} ${name}`;
  const copied = new Set([
    ...copiedTables(situation).map(({ name }) => keyOf('table', name)),
    ...copiedPrograms(situation).map(({ kind, name }) => keyOf(kind, name)),
  ]);
  return ({ owner }) => owner.kind === 'database' || copied.has(keyOf(owner.kind, owner.name));
};

/** The first of each group, and the places of all. */
const groupBy = <Finding extends { readonly place: string }>(
  findings: readonly Finding[],
  keyOf: (finding: Finding) => string,
): readonly (readonly [Finding, readonly string[]])[] => {
  const groups = new Map<string, { readonly first: Finding; readonly places: Set<string> }>();
  for (const finding of findings) {
    const group = groups.get(keyOf(finding)) ?? { first: finding, places: new Set<string>() };
    group.places.add(finding.place);
    groups.set(keyOf(finding), group);
  }
  return [...groups.values()].map(({ first, places }) => [first, [...places]]);
};
