import type { DatabaseName, TableName } from '../core/names.js';
import { formatCount, formatPlural } from '../core/plural.js';
import type { Verification } from '../core/run/outcome.js';
import { isRefreshing } from '../core/plan/refresh-rule.js';
import type { ResolvedPlan } from '../core/plan/resolved-plan.js';
import type { DatabaseInventory } from '../core/server/inventory.js';
import type { AppliedDatabase } from './applied-database.js';
import { type CopyToRecord, describeOrigin } from './describe-origin.js';
import type { RestatedRecord } from './provenance.js';
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

const NOTHING_COPIED: CopiedDatabase = { tables: [], rows: 0, bytes: 0, adopted: [] };

/**
 * Databases on the same connections that stay as they are: all that is written is as of when they are the source's, and what
 * earlier runs keep for a rollback stays.
 */
export const leaveAsIs = async (
  contexts: readonly DatabaseRun[],
): Promise<ReadonlyMap<DatabaseName, AppliedDatabase>> => {
  const [{ provenance, target }] = contexts as readonly [DatabaseRun];
  const left = await Promise.all(contexts.map(describeUnchanged));
  const records = left.flatMap(({ context, ...content }): readonly RestatedRecord[] => {
    const { change, moment } = context;
    const known = provenance.find(change.to);
    if (!known || !moment) return [];
    const origin = { context, moment, copied: NOTHING_COPIED, ...content };
    return [{ live: change.to, record: { ...known, content: describeOrigin(origin) } }];
  });
  const [liveAt] = await Promise.all([readLiveAt(target), provenance.restate(target, records)]);
  return new Map(
    left.map(({ context, ...content }) => {
      const trouble = provenance.takeTrouble();
      const marks = context.kept.map(({ record }) => record);
      const applied = {
        ...content,
        tables: 0,
        copied: NOTHING_COPIED,
        record: liveAt === undefined ? undefined : recordCopy(context, marks, liveAt),
        eventsOver: [],
        enableEvents: [],
        notes: [...describeStaying(context, []), ...(trouble === undefined ? [] : [trouble])],
      };
      return [context.change.to, applied];
    }),
  );
};

const describeUnchanged = async (context: DatabaseRun): Promise<Omit<CopyToRecord, 'moment' | 'copied'>> => ({
  context,
  verification: withKept({ digested: 0, counted: 0, movedOnSource: [] }, context.kept),
  masks: await refuseLeaks(context, NOTHING_COPIED),
  preserved: [],
  hooks: [],
});

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
