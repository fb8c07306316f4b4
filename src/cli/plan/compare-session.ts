import type { ChangeSet, DatabaseChange } from '../../core/change/change-set.js';
import { type ScratchDatabase, isBegun, isKept } from '../../core/change/scratch.js';
import type { DatabaseName } from '../../core/names.js';
import { type LiveJob, compareLive } from '../../engine/compare-live.js';
import { forEachConcurrently } from '../../core/concurrency.js';
import { explainTables } from '../../engine/explain-tables.js';
import type { Services } from '../services/compose.js';
import type { Screen } from '../frame/screen.js';
import type { PlanSession } from './plan-session.js';

export interface CloserLook {
  readonly rows: LiveJob['rows'];
  /** `detail`: also the lines of table definitions that change. */
  readonly extent: 'summary' | 'detail';
}

/** Each is a few questions to servers that may be far away. */
const AT_ONCE = 8;

/** The change set, and how each database that would be overwritten stands to the source now. */
export const compareSession = async (
  services: Services<'memory'>,
  { plan, servers, changeSet, source, target }: PlanSession,
  { rows, extent }: CloserLook,
  { notice }: Pick<Screen, 'notice'>,
): Promise<ChangeSet> => {
  const looked = new Map<DatabaseName, DatabaseChange>();
  const namesOf = (
    isOf: (one: ScratchDatabase) => boolean,
    { to }: DatabaseChange,
  ): readonly DatabaseName[] =>
    changeSet.scratch.filter((one) => isOf(one) && one.live === to).map(({ database }) => database);
  const wanted = changeSet.databases.filter(
    (change) =>
      change.action === 'overwrite' ||
      (change.action === 'create' && rows === 'compare' && namesOf(isBegun, change).length > 0),
  );
  await forEachConcurrently(wanted, rows === 'compare' ? 1 : AT_ONCE, async (change) => {
    if (rows === 'compare') notice(`${change.to}: comparing rows`);
    const record = await services.memory.findCopy(servers.target.facts.identity, change.to);
    const [kept, unfinished] = [namesOf(isKept, change), namesOf(isBegun, change)];
    const now = new Date();
    const job = { plan, servers, change, source, target, record, rows, kept, unfinished, now };
    const compared = await compareLive(job);
    looked.set(change.to, extent === 'detail' ? await explainTables(servers, compared) : compared);
  });
  return { ...changeSet, databases: changeSet.databases.map((change) => looked.get(change.to) ?? change) };
};
