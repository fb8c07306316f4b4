import type { SelectedDatabase } from './diff.js';
import { SyncError } from '../errors.js';
import { type DatabaseName, isScratchDatabase, isSystemDatabase } from '../names.js';
import { suggestNearest } from '../nearest.js';
import { isAnyMatch, isMatch, isPattern } from '../plan/pattern.js';
import { makePrintable } from '../printable.js';
import type { PlannedHook, Selection } from '../plan/resolved-plan.js';
import { isHookOf } from './hooks.js';

export interface DatabaseSelection {
  /** In the order of the plan; what a glob matches, in the order of the server. */
  readonly selected: readonly SelectedDatabase[];
  /** Lines for the person, such as a glob that matches nothing. */
  readonly warnings: readonly string[];
}

type Named = Extract<Selection, { kind: 'named' }>;
type Matched = Extract<Selection, { kind: 'matched' }>;

/**
 * Resolves the plan's entries against the databases of the source. Globs never match system and scratch databases,
 * nor a database that the plan names in an entry of its own or that an earlier glob took.
 * Throws SOURCE_DATABASE_MISSING with every missing name, SELECTION_INVALID when two would become one.
 */
export const selectDatabases = (
  selections: readonly Selection[],
  available: readonly DatabaseName[],
): DatabaseSelection => {
  refuseMissing(selections.filter(isNamed), available);
  for (const { exclude } of selections.filter(isMatched))
    refuseUnknownExcludes('exclude', exclude, available);
  const taken = new Set<DatabaseName>(selections.filter(isNamed).map(({ name }) => name));
  const selected: SelectedDatabase[] = [];
  const warnings: string[] = [];
  for (const selection of selections) {
    const { onExisting, tables, programs, hooks } = selection;
    const rules = { onExisting, tables, programs, hooks };
    if (selection.kind === 'named') {
      selected.push({ from: selection.name, to: selection.as, rules });
      continue;
    }
    const matches = available.filter((name) => isSelectable(name) && isMatch(selection.pattern, name));
    const chosen = matches.filter((name) => !taken.has(name) && !isAnyMatch(selection.exclude, name));
    if (chosen.length === 0) warnings.push(describeEmptyMatch(selection, matches));
    for (const name of chosen) taken.add(name);
    selected.push(...chosen.map((name) => ({ from: name, to: name, rules })));
  }
  refuseCollisions(selected);
  refuseIdleHooks(selections, selected);
  return { selected, warnings };
};

const isNamed = (selection: Selection): selection is Named => selection.kind === 'named';

const isMatched = (selection: Selection): selection is Matched => selection.kind === 'matched';

/**
 * By a mistyped name a database would be copied that was to be left out. System databases are never copied, so naming
 * them is harmless.
 * @throws SyncError SELECTION_INVALID; `where` is how the person wrote it
 */
export const refuseUnknownExcludes = (
  where: string,
  exclude: readonly string[],
  available: readonly DatabaseName[],
): void => {
  const unknown = exclude.find(
    (text) => !isPattern(text) && !isSystemDatabase(text) && !available.some((name) => isMatch(text, name)),
  );
  if (unknown === undefined) return;
  const suggestion = suggestNearest(unknown, available.filter(isSelectable));
  throw new SyncError('SELECTION_INVALID', {
    message: `${where} "${unknown}": the source has no such database${suggestion === undefined ? '' : `; ${suggestion}`}`,
    hints: ['Correct the name, or leave it out.'],
  });
};

const isSelectable = (name: string): boolean => !isSystemDatabase(name) && !isScratchDatabase(name);

const describeEmptyMatch = ({ pattern }: Matched, matches: readonly string[]): string =>
  matches.length === 0
    ? `match "${pattern}" matches no database on the source`
    : `match "${pattern}" selects nothing: what it matches is excluded or selected by another entry`;

const refuseMissing = (named: readonly Named[], available: readonly DatabaseName[]): void => {
  const present = new Set(available);
  const missing = [...new Set(named.map(({ name }) => name))].filter((name) => !present.has(name));
  if (missing.length === 0) return;
  const names = missing.map((name) => `"${name}"`).join(', ');
  throw new SyncError('SOURCE_DATABASE_MISSING', {
    message: `the source has no ${missing.length === 1 ? 'database' : 'databases'} ${names}`,
    hints: missing.map((name) => explainMissing(name, available)),
  });
};

const explainMissing = (name: DatabaseName, available: readonly DatabaseName[]): string => {
  if (isPattern(name)) return `"${name}": a glob is written as "match", not "name"`;
  const suggestion = suggestNearest(name, available.filter(isSelectable));
  return `"${name}": ${suggestion ?? 'check the name; an account sees only databases that it has a privilege on'}`;
};

/** By a mistyped `in` a hook would silently not run. */
const refuseIdleHooks = (selections: readonly Selection[], selected: readonly SelectedDatabase[]): void => {
  const runs = (hook: PlannedHook): boolean =>
    selected.some(({ from, rules }) => rules.hooks.includes(hook) && isHookOf(hook, from));
  const idle = selections.flatMap(({ hooks }) => hooks).find((hook) => hook.in !== undefined && !runs(hook));
  if (idle?.in === undefined) return;
  const suggestion = suggestNearest(
    idle.in,
    selected.map(({ from }) => from),
  );
  throw new SyncError('SELECTION_INVALID', {
    message: `a hook is for databases "${idle.in}", and the plan copies none of that name${suggestion === undefined ? '' : `; ${suggestion}`}`,
    hints: [
      `The hook:  ${makePrintable(idle.sql)}`,
      'Correct the name behind "in": that of the source counts.',
    ],
  });
};

const refuseCollisions = (selected: readonly SelectedDatabase[]): void => {
  const sources = new Map<DatabaseName, DatabaseName>();
  for (const { from, to } of selected) {
    const other = sources.get(to);
    if (other !== undefined)
      throw new SyncError('SELECTION_INVALID', {
        message: `"${other}" and "${from}" would both become "${to}" on the target`,
        hints: [`Give one of them another name with "as", or exclude it.`],
      });
    sources.set(to, from);
  }
};
