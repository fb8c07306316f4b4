import type { ChangeSet, DatabaseChange } from '../../core/change/change-set.js';
import { type LiveJob, compareLive } from '../../engine/compare-live.js';
import type { Services } from '../services/compose.js';
import type { Screen } from '../frame/screen.js';
import type { PlanSession } from './plan-session.js';

/** The change set, and how each database that would be overwritten stands to the source now. */
export const compareSession = async (
  services: Services<'memory'>,
  { plan, servers, changeSet, source, target }: PlanSession,
  rows: LiveJob['rows'],
  { notice }: Pick<Screen, 'notice'>,
): Promise<ChangeSet> => {
  const databases: DatabaseChange[] = [];
  for (const change of changeSet.databases) {
    const isCompared = change.action === 'overwrite';
    if (isCompared && rows === 'compare') notice(`${change.to}: comparing rows`);
    const record = isCompared
      ? await services.memory.findCopy(servers.target.facts.identity, change.to)
      : undefined;
    const sameness = await compareLive({ plan, servers, change, source, target, record, rows });
    databases.push(sameness ? { ...change, sameness } : change);
  }
  return { ...changeSet, databases };
};
