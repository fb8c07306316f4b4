import { isPending, listPending } from '../../core/change/change-set.js';
import { refuseBlocked } from '../../core/change/consent.js';
import { type SavedPlan, refuseOtherBasis } from '../../core/change/saved-plan.js';
import { SyncError } from '../../core/errors.js';
import type { ExitName } from '../../core/exit-codes.js';
import type { ResolvedPlan } from '../../core/plan/resolved-plan.js';
import { shareAmong } from '../../core/plan/share-among.js';
import { type UnsavedPlan, planArgument } from '../../core/plan/unsaved-plan.js';
import { describeAddress } from '../../core/server/connection.js';
import { suggestCommand } from '../../core/shell-word.js';
import { claimDatabases } from '../../engine/claim-databases.js';
import type { OpenServers } from '../../engine/open-servers.js';
import { closeServers } from '../../engine/plan-sync.js';
import { openPlanServers } from '../plan/open-plan-servers.js';
import { narrowingOf, overridesOf } from '../plan/plan-flags.js';
import { describeSlice, readSavedPlan, takeSlice } from '../plan/saved-plan.js';
import type { Services } from '../services/compose.js';
import {
  type CallWords,
  approve,
  endWithoutRun,
  refreshOf,
  runAndRecap,
  showChangeSet,
} from './approve-and-run.js';

/**
 * `apply FILE --claim`: shows and asks for what was saved, then does its part of it. The servers are not planned first,
 * because others may be at work there: each database is compared with the saved plan when it is taken.
 */
export const claimFromSavedPlan = async (
  services: Services<
    'settings' | 'memory' | 'planFiles' | 'planEndpoints' | 'person' | 'servers' | 'ports' | 'reports'
  >,
  file: string | UnsavedPlan | undefined,
  words: CallWords,
): Promise<ExitName> => {
  const { flags, screen, notes } = words;
  const path = typeof file === 'string' ? file : undefined;
  const whole = await readSavedPlan(services, path, flags);
  if (whole === undefined || path === undefined) throw unsavedError(path);
  const saved = flags.shard ? takeSlice(whole, flags.shard) : whole;
  if (flags.shard) screen.notice(describeSlice(flags.shard, listPending(saved.changeSet)));
  const narrowed = { ...flags, ...saved.narrowing, ...refreshOf(saved, flags) };
  const ask = screen.canPrompt ? await services.person.passwordPrompt() : undefined;
  const own = await services.planEndpoints.resolvePlan(saved.changeSet.plan.path, overridesOf(narrowed), {
    targetUse: 'read-write',
    planRead: (read) => notes.planRead(read),
    ...(ask && { ask }),
  });
  refuseBatch(own);
  const shared = shareAmong(own, flags.workers ?? 1);
  const { plan, servers } = await openPlanServers(services, shared, screen);
  try {
    const changeSet = describeSaved(saved, path, plan, servers);
    if (screen.format !== 'json') showChangeSet(changeSet, flags, screen);
    refuseBlocked(changeSet);
    if (!changeSet.databases.some(isPending)) return endWithoutRun(screen);
    await services.planEndpoints.noteUse(plan, servers);
    await approve(services, changeSet, { flags, screen, origin: 'saved-plan' });
    const session = { plan, narrowing: narrowingOf(narrowed), servers, changeSet };
    const { id } = saved;
    return await runAndRecap(services, session, { ...words, savedPlan: id }, (request, opened, ports) =>
      claimDatabases({ ...request, savedPlan: id }, opened, ports),
    );
  } finally {
    await closeServers(servers);
  }
};

/** What was saved, and the target as it is known and protected now. */
const describeSaved = (
  saved: SavedPlan,
  path: string,
  plan: ResolvedPlan,
  { source, target }: OpenServers,
): SavedPlan['changeSet'] => {
  const { changeSet } = saved;
  refuseOtherBasis(saved, path, {
    source: { identity: source.facts.identity, address: describeAddress(plan.source) },
    target: { identity: target.facts.identity, address: describeAddress(plan.target) },
    plan: { digest: plan.digest },
  });
  const { name, isProtected } = plan.target;
  return {
    ...changeSet,
    target: { ...changeSet.target, name, isProtected: isProtected || changeSet.target.isProtected },
  };
};

const unsavedError = (path: string | undefined): SyncError =>
  new SyncError('INPUT_INVALID', {
    message: '--claim needs a saved plan, which says to every process the same',
    hints: [
      `Save one:  ${suggestCommand`plan ${planArgument(path ?? 'mysql-sync.yaml')} --out FILE`}`,
      'Then start any number of:  mysql-sync apply FILE --claim',
    ],
  });

/** One snapshot of all databases is held by one process. */
const refuseBatch = ({ options }: ResolvedPlan): void => {
  if (options.consistency === 'database') return;
  throw new SyncError('INPUT_INVALID', {
    message: `consistency: ${options.consistency} reads all databases at one moment, and processes that share a plan with --claim have no moment in common`,
    hints: ['Apply it with one process, without --claim, or plan with consistency: database.'],
  });
};
