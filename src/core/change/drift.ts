import type { ChangeSet, DatabaseChange, TableChange } from './change-set.js';
import { type RecoveryStep, describeRecoveryStep, listUnapproved } from './recovery.js';
import { fingerprintOfPreserve } from './preserve.js';
import { formatCount, formatPlural } from '../plural.js';

/**
 * How the world moved between two change sets of one sync plan, a sentence each; empty when applying the first is
 * still exactly what the second would do.
 */
export const findDrift = (planned: ChangeSet, now: ChangeSet): readonly string[] => {
  // One database of the source may be copied to several of the target.
  const before = new Set(planned.databases.map(({ to }) => to));
  const after = new Map(now.databases.map((change) => [change.to, change]));
  return [
    ...(planned.source.identity === now.source.identity
      ? []
      : [`source ${now.source.name} is a different server now`]),
    ...(planned.target.identity === now.target.identity
      ? []
      : [`target ${now.target.name} is a different server now`]),
    ...(planned.mask?.key === now.mask?.key ? [] : ['the masks have a different key now']),
    ...(planned.mask?.lock === now.mask?.lock ? [] : ['the lock file of the masks changed']),
    ...planned.databases.flatMap((change) => describeDrift(change, after.get(change.to))),
    ...now.databases.filter(({ to }) => !before.has(to)).map(({ from }) => `${from}: appeared on the source`),
    ...describeUnapproved(listApproved(planned), now.recovery),
  ];
};

/** What may be put in order: also an unfinished copy that was shown may be dropped, whatever was to become of it. */
export const listApproved = ({
  recovery,
  scratch,
}: Pick<ChangeSet, 'recovery' | 'scratch'>): readonly RecoveryStep[] => [
  ...recovery,
  ...scratch
    .filter(({ state, run }) => state === 'staging' && run !== null)
    .map(({ database, run, live }): RecoveryStep => ({ action: 'drop', database, run, live })),
];

/** What was put in order since is no drift: nothing that was not approved would be done. */
export const describeUnapproved = (
  approved: readonly RecoveryStep[],
  now: readonly RecoveryStep[],
): readonly string[] =>
  listUnapproved(approved, now).map((step) => `a run was killed since: ${describeRecoveryStep(step)}`);

const describeDrift = (planned: DatabaseChange, now: DatabaseChange | undefined): readonly string[] => {
  if (!now) return [`${planned.from}: vanished from the source`];
  const lines: string[] = [];
  if (planned.basis.target !== now.basis.target) lines.push(`${planned.to}: ${describeTarget(planned, now)}`);
  if (planned.basis.source !== now.basis.source)
    lines.push(`${planned.from}: its structure changed on the source`);
  if (JSON.stringify(planned.hooks) !== JSON.stringify(now.hooks))
    lines.push(`${planned.to}: its hooks changed`);
  if (JSON.stringify(masksOf(planned)) !== JSON.stringify(masksOf(now)))
    lines.push(`${planned.to}: its masks changed`);
  if (fingerprintOfPreserve(planned) !== fingerprintOfPreserve(now))
    lines.push(`${planned.to}: tables.preserve changed`);
  return lines;
};

const masksOf = ({ tables }: DatabaseChange): unknown =>
  tables.flatMap(({ name, masks }) => (masks ? [{ name, masks }] : []));

const describeTarget = (planned: DatabaseChange, now: DatabaseChange): string => {
  if (planned.target === null) return 'appeared on the target';
  if (now.target === null) return 'vanished from the target';
  const before = liveTables(planned.tables);
  const after = liveTables(now.tables);
  const added = after.filter((name) => !before.includes(name)).map((name) => `+ ${name}`);
  const removed = before.filter((name) => !after.includes(name)).map((name) => `- ${name}`);
  const moved = [...added, ...removed];
  if (moved.length === 0) return 'its structure or programs changed on the target';
  return `target had ${formatPlural(before.length, 'table')}, now ${formatCount(after.length)} (${moved.join(', ')})`;
};

const liveTables = (tables: readonly TableChange[]): readonly string[] =>
  tables.filter(({ action }) => action !== 'create').map(({ name }) => name);
