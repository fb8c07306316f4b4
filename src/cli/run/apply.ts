import { isPending, listPending } from '../../core/change/change-set.js';
import { refuseBlocked } from '../../core/change/consent.js';
import { type ExitName, exitCodeOf } from '../../core/exit-codes.js';
import { type SavedPlan, refuseStale } from '../../core/change/saved-plan.js';
import type { UnsavedPlan } from '../../core/plan/unsaved-plan.js';
import { applyChangeSet } from '../../engine/apply-change-set.js';
import { provenanceKey } from '../../engine/provenance.js';
import {
  type ApplyFlagValues,
  type CallWords,
  approve,
  endWithoutRun,
  refreshOf,
  runAndRecap,
  showChangeSet,
} from './approve-and-run.js';
import type { Services } from '../services/compose.js';
import { claimFromSavedPlan } from './claim.js';
import { compareSession } from '../plan/compare-session.js';
import { type PlanSession, openPlanSession } from '../plan/plan-session.js';
import { announceRetry, findRetry, refuseElsewhere } from './retry.js';
import { newRunId } from './run-identity.js';
import {
  type AppliedPart,
  describeSlice,
  listKeptParts,
  openSavedPlan,
  refuseApplied,
} from '../plan/saved-plan.js';
import { withEventStream } from './run-views.js';
import type { Screen } from '../frame/screen.js';
import { withEndTold } from './tell-end.js';

/** Plan, show, ask, run, recap: the whole of `apply`. */
export const applyFromCommandLine = async (
  services: Services<
    'settings' | 'memory' | 'planFiles' | 'planEndpoints' | 'person' | 'servers' | 'ports' | 'reports'
  >,
  file: string | UnsavedPlan | undefined,
  flags: ApplyFlagValues,
  screen: Screen,
): Promise<ExitName> => {
  const run = newRunId();
  return withEndTold(services, flags, (notes) =>
    withEventStream(services, { destination: flags.events, run, codeOf: exitCodeOf }, (events) =>
      planAndRun(services, file, { flags, screen: resultScreen(screen, flags), run, events, notes }),
    ),
  );
};

/** With the event stream on stdout the recap goes to stderr, so that stdout stays one JSON document a line. */
const resultScreen = (screen: Screen, { events }: ApplyFlagValues): Screen =>
  events === '-' ? { ...screen, print: (lines) => lines.forEach((line) => screen.notice(line)) } : screen;

const planAndRun = async (
  services: Services<
    'settings' | 'memory' | 'planFiles' | 'planEndpoints' | 'person' | 'servers' | 'ports' | 'reports'
  >,
  file: string | UnsavedPlan | undefined,
  words: CallWords,
): Promise<ExitName> => {
  const { flags, screen } = words;
  if (flags.claim) return claimFromSavedPlan(services, file, words);
  const retry =
    flags.retry === undefined || typeof file === 'object'
      ? undefined
      : await findRetry(services, file, flags.retry);
  if (retry?.left.size === 0) {
    screen.notice(`Nothing to retry: run ${retry.past.id} applied all of its databases.`);
    return endWithoutRun(screen);
  }
  const saved = typeof file === 'object' || retry ? undefined : await openSavedPlan(services, file, flags);
  const slice = saved && flags.shard ? listPending(saved.changeSet) : undefined;
  if (flags.shard && slice) screen.notice(describeSlice(flags.shard, slice));
  if (slice?.size === 0) return endWithoutRun(screen);
  const planned = saved
    ? { ...flags, ...saved.narrowing, ...refreshOf(saved, flags), to: slice }
    : { ...flags, to: retry?.left };
  const path = saved?.changeSet.plan.path ?? retry?.file ?? file;
  const session = await openPlanSession(services, path, planned, screen, {
    planRead: (read) => words.notes.planRead(read),
    lockFor: mayAsk(words) ? undefined : words.run,
  });
  try {
    const { changeSet } = session;
    if (retry) {
      refuseElsewhere(retry, changeSet);
      for (const line of announceRetry(retry, changeSet)) screen.notice(line);
    }
    if (saved && typeof file === 'string') {
      refuseApplied(saved, file, await listAppliedParts(saved, session));
      refuseStale(saved, file, changeSet);
    }
    if (screen.format !== 'json') {
      // What is overwritten is copied whatever it is now, so the servers are only asked where somebody wants to know.
      const shown = flags.verbose
        ? await compareSession(services, session, { rows: 'leave', extent: 'detail' }, screen)
        : changeSet;
      showChangeSet(shown, flags, screen);
    }
    refuseBlocked(changeSet);
    if (!changeSet.databases.some(isPending)) return endWithoutRun(screen);
    await approve(services, changeSet, { flags, screen, origin: saved ? 'saved-plan' : 'sync-plan' });
    return await runAndRecap(services, session, { ...words, savedPlan: saved?.id }, applyChangeSet);
  } finally {
    await session.close();
  }
};

/** Nobody else should have to wait for an answer. */
const mayAsk = ({ flags, screen }: CallWords): boolean =>
  screen.canPrompt && flags['confirm-target'] === undefined;

/** Of any machine: what the target has written down of a saved plan, and keeps for a rollback. */
const listAppliedParts = async (
  saved: SavedPlan,
  { servers: { target }, changeSet }: PlanSession,
): Promise<readonly AppliedPart[]> => {
  const found = await target.readApplied(saved.id);
  const runs = new Map(found.kind === 'rows' ? found.rows.map(({ live, run }) => [live, run]) : []);
  return [
    ...listKeptParts(saved, changeSet),
    ...saved.changeSet.databases.flatMap(({ to }) => {
      const run = runs.get(provenanceKey(target, to));
      return run === undefined ? [] : [{ run, database: to }];
    }),
  ];
};
