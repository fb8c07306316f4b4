import type { DatabaseChange, Hazard, MaskCounts, TableChange } from '../core/change/change-set.js';
import { type LockedColumn, type MaskLock, describeDecision } from '../core/mask/mask-lock.js';
import { fileArgument } from '../core/plan/unsaved-plan.js';
import { makePrintable } from '../core/printable.js';
import { suggestCommand } from '../core/shell-word.js';
import { formatCount, formatPlural } from './units.js';

/** `41 masked, 206 kept, 3 new (refused)` */
export const countMasked = ({ masked, kept, undecided }: MaskCounts): string =>
  [
    `${formatCount(masked)} masked`,
    `${formatCount(kept)} kept`,
    ...(undecided > 0 ? [`${formatCount(undecided)} new (refused)`] : []),
  ].join(', ');

type Masked = Pick<DatabaseChange, 'to' | 'mask' | 'tables'>;

/** What becomes of the columns; with `full` the masked ones, a line each, and the others of each table in one. */
export const listMasks = ({ to, mask, tables }: Masked, extent: 'short' | 'full'): readonly string[] =>
  mask === undefined
    ? []
    : [
        makePrintable(`mask  ${to}  ${countMasked(mask)}`),
        ...(extent === 'short' ? [] : tables.flatMap(listMasksOfTable)),
      ];

const listMasksOfTable = ({ name, masks, keeps, undecided }: TableChange): readonly string[] =>
  [
    ...(masks?.columns ?? []).map(({ column, rule }) => `  ${name}.${column}  ${describeDecision(rule)}`),
    ...(masks?.unless ? [`  ${name}  unless ${masks.unless}`] : []),
    ...(keeps ? [`  ${name}  keeps ${keeps.join(', ')}`] : []),
    ...(undecided ? [`  ${name}  new (refused): ${undecided.join(', ')}`] : []),
  ].map(makePrintable);

/** In a pipe: `mask`, database, table, column, the mask; `keep` of what stays, and `new` of what nobody decided. */
export const pipeMasks = ({ to, tables }: Masked): readonly string[] =>
  tables.flatMap(({ name, masks, keeps = [], undecided = [] }) =>
    [
      ...(masks?.columns ?? []).map(({ column, rule }) => [column, describeDecision(rule)] as const),
      ...keeps.map((column) => [column, 'keep'] as const),
      ...undecided.map((column) => [column, 'new'] as const),
    ].map((cells) => ['mask', to, name, ...cells].map(makePrintable).join('\t')),
  );

/** Of each database its columns, and what stands against a copy. */
export const renderMaskCheck = (
  hazards: readonly Hazard[],
  databases: readonly (MaskCounts & { readonly from: string; readonly hazards: readonly Hazard[] })[],
): readonly string[] => [
  ...hazards.flatMap(renderHazard),
  ...databases.flatMap((one) => [
    makePrintable(`${one.from}: ${countMasked(one)}`),
    ...one.hazards.flatMap(renderHazard),
  ]),
];

const renderHazard = ({ code, severity, message, hint }: Hazard): readonly string[] => [
  makePrintable(`  ${severity === 'blocks' ? 'error' : 'note'} [${code}] ${message}`),
  makePrintable(`    ${hint}`),
];

export interface LockChanges {
  readonly added: readonly string[];
  readonly changed: readonly string[];
  readonly removed: readonly string[];
}

export const compareLocks = (before: MaskLock['columns'], after: MaskLock['columns']): LockChanges => ({
  added: [...after.keys()].filter((name) => !before.has(name)),
  changed: [...after].filter(([name, now]) => isChanged(before.get(name), now)).map(([name]) => name),
  removed: [...before.keys()].filter((name) => !after.has(name)),
});

const isChanged = (before: LockedColumn | undefined, now: LockedColumn): boolean =>
  before !== undefined && JSON.stringify(before) !== JSON.stringify(now);

interface Accepted extends LockChanges {
  readonly plan: string;
  readonly lock: string;
  readonly undecided: number;
}

export const renderAccepted = ({
  plan,
  lock,
  undecided,
  added,
  changed,
  removed,
}: Accepted): readonly string[] => [
  ...added.map((name) => makePrintable(`+ ${name}`)),
  ...changed.map((name) => makePrintable(`~ ${name}`)),
  ...removed.map((name) => makePrintable(`- ${name}`)),
  makePrintable(
    `${lock} is written: ${added.length + changed.length + removed.length === 0 ? 'nothing changed' : 'look at it, and commit it with the plan'}.`,
  ),
  ...(undecided === 0
    ? []
    : [
        makePrintable(
          `${formatPlural(undecided, 'column')} without a decision:  ${suggestCommand`mask suggest ${fileArgument(plan)}`}`,
        ),
      ]),
];
