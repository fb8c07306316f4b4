import type { DatabaseChange, ProgramChange, TableChange } from '../core/change/change-set.js';
import { listRefresh, pipeRefresh } from './refresh-lines.js';
import { makePrintable } from '../core/printable.js';
import { pipeDiff, renderDiff } from './definition-diff.js';
import { listHooks, pipeHooks } from './hooks.js';
import { listMasks, pipeMasks } from './mask-decisions.js';
import type { Look } from './paint.js';
import { listPreserve, pipePreserve } from './preserve.js';
import { formatPlural } from './units.js';

/** The tables that come, go or stay apart from the rest, and the programs that go or stay. */
export const summarizeObjects = (change: DatabaseChange): readonly string[] => {
  const { target, tables } = change;
  const names = (action: TableChange['action']): readonly string[] =>
    tables.filter((table) => table.action === action).map(({ name }) => makePrintable(name));
  const restructured = tables.filter(({ isRestructured }) => isRestructured).length;
  const rewritten = change.programs.filter(({ diff }) => diff !== undefined).length;
  return [
    ...(target ? [shorten('+', names('create'))] : []),
    shorten('-', names('drop'), DROPPED),
    shorten('-', programsThat(change, 'drop').map(describeObject), DROPPED),
    describeKept(change),
    restructured > 0
      ? `~ ${formatPlural(restructured, 'table changes', 'tables change')} structure (-v shows how)`
      : '',
    rewritten > 0 ? `~ ${formatPlural(rewritten, 'program changes', 'programs change')} (-v shows how)` : '',
    ...describeContent(change),
    ...listRefresh(change, 'short'),
    ...listPreserve(change, 'short'),
    ...listMasks(change, 'short'),
    ...listHooks(change, 'short'),
  ].filter((line) => line !== '');
};

/** The same, each table and program that changes on a line of its own, with the lines of its definition that change. */
export const listObjects = (change: DatabaseChange, look: Look): readonly string[] => [
  ...listChanged(change)
    .filter(({ word }) => word !== 'keep')
    .flatMap(({ sign, suffix, ...object }) => [
      `${sign} ${describeObject(object)}${suffix}`,
      ...renderDiff(object.diff ?? [], look),
    ]),
  ...[
    describeKept(change),
    ...describeContent(change),
    ...listRefresh(change, 'full'),
    ...listPreserve(change, 'full'),
    ...listMasks(change, 'full'),
    ...listHooks(change, 'full'),
  ].filter((line) => line !== ''),
];

/** In a pipe: `object`, database, kind, name, what happens; below each the lines of its definition that change. */
export const pipeObjects = (change: DatabaseChange): readonly string[] => [
  ...listChanged(change).flatMap((object) => [
    ['object', change.to, object.kind, object.name, object.word].map(makePrintable).join('\t'),
    ...pipeDiff(change.to, object),
  ]),
  ...pipeRefresh(change),
  ...pipePreserve(change),
  ...pipeMasks(change),
  ...pipeHooks(change),
];

const describeKept = (change: DatabaseChange): string => {
  const tables = change.tables.filter(({ action }) => action === 'keep');
  const names = tables.map(({ name }) => makePrintable(name));
  return shorten('=', [...names, ...programsThat(change, 'keep').map(describeObject)], KEPT);
};

const DROPPED = ' (only on target, dropped)';
const KEPT = ' (excluded, left as on target)';

interface NamedObject {
  readonly kind: ProgramChange['kind'] | 'table';
  readonly name: string;
  readonly diff?: readonly string[];
}

interface ChangedObject extends NamedObject {
  readonly sign: string;
  readonly word: 'create' | 'drop' | 'keep' | 'change';
  readonly suffix: string;
}

/** Of a database that exists: all that is not the same afterwards, and what is left out on purpose. */
export const listChanged = (change: DatabaseChange): readonly ChangedObject[] => {
  const { target, tables, programs } = change;
  if (!target) return [];
  const toTable = (table: TableChange): NamedObject => ({ ...table, kind: 'table' });
  const changed = [
    ...tables.filter(({ isRestructured }) => isRestructured).map(toTable),
    ...programs.filter(({ diff }) => diff !== undefined),
  ];
  const objectsThat = (action: TableChange['action']): readonly NamedObject[] => [
    ...tables.filter((table) => table.action === action).map(toTable),
    ...programsThat(change, action),
  ];
  return [
    ...objectsThat('create').map((one) => ({ ...one, sign: '+', word: 'create' as const, suffix: '' })),
    ...objectsThat('drop').map((one) => ({ ...one, sign: '-', word: 'drop' as const, suffix: DROPPED })),
    ...changed.map((one) => ({ ...one, sign: '~', word: 'change' as const, suffix: '' })),
    ...objectsThat('keep').map((one) => ({ ...one, sign: '=', word: 'keep' as const, suffix: '' })),
  ];
};

const programsThat = (
  { programs }: DatabaseChange,
  action: TableChange['action'],
): readonly ProgramChange[] =>
  programs
    .filter((program) => program.action === action)
    // The trigger of a table that stays is part of it.
    .filter(({ kind }) => action !== 'keep' || kind !== 'trigger');

const describeObject = ({ kind, name }: NamedObject): string => `${kind} ${makePrintable(name)}`;

/** Which rows come, where it is not all of them. */
const describeContent = ({ tables }: DatabaseChange): readonly string[] => [
  shorten(
    'rows where',
    tables
      .filter(({ content }) => content === 'filtered')
      .map(({ name, where }) => `${makePrintable(name)} (${makePrintable(where ?? '')})`),
  ),
  shorten(
    'no rows of',
    tables
      .filter(({ action, content }) => content === 'none' && (action === 'create' || action === 'replace'))
      .map(({ name }) => makePrintable(name)),
  ),
];

const MOST_NAMES = 6;

const shorten = (label: string, names: readonly string[], suffix = ''): string => {
  if (names.length === 0) return '';
  const rest = names.length - MOST_NAMES;
  return `${label} ${names.slice(0, MOST_NAMES).join(', ')}${rest > 0 ? ` and ${String(rest)} more` : ''}${suffix}`;
};
