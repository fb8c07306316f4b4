import type { TableName } from '../core/names.js';
import { formatCount, formatPlural } from '../core/plural.js';
import type { Verification } from '../core/run/outcome.js';
import { isRefreshing } from '../core/plan/refresh-rule.js';
import type { ResolvedPlan } from '../core/plan/resolved-plan.js';
import type { DatabaseInventory } from '../core/server/inventory.js';
import type { AppliedDatabase } from './applied-database.js';
import { describeOrigin } from './describe-origin.js';
import { readLiveAt, recordCopy } from './record-copy.js';
import type { CopiedTable } from './ports/row-engine.js';
import type { CopiedDatabase, DatabaseRun } from './run-context.js';
import { type Reconciled, reconcile } from './tasks/reconcile.js';
import { refuseLeaks } from './tasks/refuse-leaks.js';

interface Member {
  readonly job: { readonly live: DatabaseInventory | undefined; readonly plan: ResolvedPlan };
  readonly context: DatabaseRun;
}

export const isRefreshed = ({ live, plan }: Member['job']): boolean =>
  live !== undefined && isRefreshing(plan.options.refresh);

/** Databases that are swapped together are copied whole: keys between them follow their tables. */
export const reconcileUnit = async (members: readonly Member[]): Promise<readonly Reconciled[]> => {
  const [first, ...others] = members;
  if (first?.job.live && others.length === 0 && isRefreshed(first.job))
    return [await reconcile(first.context, first.job.live)];
  return members.map(({ context }) => ({ context, left: 'all', close: () => Promise.resolve() }));
};

/** Nothing is written but when the source was like this: what earlier runs keep for a rollback stays. */
export const leaveAsIs = async (context: DatabaseRun): Promise<AppliedDatabase> => {
  const { change, kept, moment, provenance, target } = context;
  const copied: CopiedDatabase = { tables: [], rows: 0, bytes: 0, adopted: [] };
  const verification = withKept({ digested: 0, counted: 0, movedOnSource: [] }, kept);
  const masks = await refuseLeaks(context, copied);
  const restate = async (): Promise<void> => {
    const known = provenance.find(change.to);
    if (!known || !moment) return;
    const origin = { context, moment, copied, verification, masks, preserved: [], hooks: [] };
    await provenance.restate(target, change.to, { ...known, content: describeOrigin(origin) });
  };
  const [liveAt] = await Promise.all([readLiveAt(target), restate()]);
  const trouble = provenance.takeTrouble();
  return {
    tables: 0,
    copied,
    verification,
    masks,
    preserved: [],
    hooks: [],
    record:
      liveAt === undefined
        ? undefined
        : recordCopy(
            context,
            kept.map(({ record }) => record),
            liveAt,
          ),
    eventsOver: [],
    enableEvents: [],
    notes: [...describeStaying(context, []), ...(trouble === undefined ? [] : [trouble])],
  };
};

export const withKept = (verification: Verification, { length }: DatabaseRun['kept']): Verification => ({
  ...verification,
  digested: verification.digested + length,
  counted: verification.counted + length,
});

/** What the recap says of tables of which only some rows were copied. */
export const describePatched = ({ tables, adopted }: CopiedDatabase): readonly string[] =>
  (['previous', 'unfinished'] as const).flatMap((base) => {
    const names = new Set(adopted.filter((one) => one.base === base).map(({ table }) => table));
    const patched = tables.filter(({ name, replaced }) => replaced !== undefined && names.has(name));
    if (patched.length === 0) return [];
    const sum = (key: 'rows' | 'replaced'): number =>
      patched.reduce((total, table) => total + (table[key] ?? 0), 0);
    const rows = `${formatCount(sum('replaced'))} of ${formatPlural(sum('rows'), 'row')} copied`;
    return [
      `${formatPlural(patched.length, 'table')} started from ${BASES[base]}: ${rows}, compared ${describeWays(patched)}`,
    ];
  });

const describeWays = (tables: readonly CopiedTable[]): string => {
  const { length } = tables.filter(({ comparedBy }) => comparedBy === 'digests');
  if (length === 0) return 'row by row';
  return length === tables.length ? 'by digests' : `row by row, ${formatPlural(length, 'table')} by digests`;
};

const BASES = { previous: 'what was kept for a rollback', unfinished: 'a copy that was not finished' };

/** What the recap says of tables that were neither copied nor swapped. */
export const describeStaying = (
  { kept, unread = [], change, journal, plan }: DatabaseRun,
  written: readonly TableName[],
): readonly string[] => [
  ...(kept.length === 0
    ? []
    : [`${formatPlural(kept.length, 'table')} stayed: the rows are those of the source`]),
  ...(isRefreshing(plan.options.refresh) && journal.together !== undefined && change.action === 'overwrite'
    ? ['every table was copied: the database is swapped together with others']
    : []),
  ...unread.map((name) => `${name} was copied: the target could not read its rows`),
  ...written.map(
    (name) => `${name} stayed, and was written to on the target after its rows had been compared`,
  ),
];
