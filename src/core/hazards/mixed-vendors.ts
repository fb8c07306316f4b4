import type { Hazard } from '../change-set.js';
import type { Owner } from '../conversion/findings.js';
import { BugError } from '../errors.js';
import { describeFlavor } from '../flavor.js';
import { type HazardRule, type Situation, copiedPrograms, copiedTables, listNames } from './hazard-rule.js';

/**
 * Between vendors the same statement can mean something else. What has an equivalent is converted and told, what has none
 * is refused by its name.
 */
export const mixedVendors: HazardRule = (situation) => {
  const { source, sourceServer, targetServer, options } = situation;
  if (sourceServer.flavor.vendor === targetServer.flavor.vendor) return [];
  const target = describeFlavor(targetServer.flavor);
  if (options.engine === 'dump')
    return [
      {
        code: 'DUMP_BETWEEN_VENDORS',
        severity: 'blocks',
        message: `a dump of ${describeFlavor(sourceServer.flavor)} is not made for ${target}`,
        hint: 'Copy with engine: native.',
      },
    ];
  const isCopied = chooseCopied(situation);
  if (!source.conversion) throw new BugError(`nobody has converted ${source.name}`);
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
        hint: `The closest that ${target} has.`,
      }),
    ),
  ];
};

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
