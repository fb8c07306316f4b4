import { type ChangeSet, isPending, listPending } from '../../core/change/change-set.js';
import { type ConsentRules, refuseBlocked, requireConsent } from '../../core/change/consent.js';
import { type ExitName, exitCodeOf, exitNameOf } from '../../core/exit-codes.js';
import type { RunId } from '../../core/names.js';
import type { RunSummary } from '../../core/run/outcome.js';
import { type SavedPlan, refuseStale } from '../../core/change/saved-plan.js';
import type { Shard } from '../../core/plan/shard.js';
import { type UnsavedPlan, isPlanFile, planArgument } from '../../core/plan/unsaved-plan.js';
import { applyChangeSet } from '../../engine/apply-change-set.js';
import { renderChangeSet, renderNotes } from '../../render/change-set.js';
import { type RecapView, renderRecap } from '../../render/recap.js';
import { obtainApproval } from './approval.js';
import type { Services } from '../services/compose.js';
import { listenForInterrupts } from '../frame/interrupts.js';
import { type PlanFlagValues, type ViewFlagValues, viewOf } from '../plan/plan-flags.js';
import { compareSession } from '../plan/compare-session.js';
import { type PlanSession, openPlanSession } from '../plan/plan-session.js';
import { announceRetry, findRetry, refuseElsewhere } from './retry.js';
import { describePerson, newRunId } from './run-identity.js';
import { describeSlice, listKeptParts, openSavedPlan, refuseApplied } from '../plan/saved-plan.js';
import { type EventSummary, openRunViews, withEventStream } from './run-views.js';
import type { Screen } from '../frame/screen.js';
import { type EndFlagValues, type EndNotes, withEndTold } from './tell-end.js';
import { suggestCommand } from '../../core/shell-word.js';

export interface ApplyFlagValues extends PlanFlagValues, ViewFlagValues, EndFlagValues {
  readonly 'auto-approve'?: boolean | undefined;
  readonly 'confirm-target'?: string | undefined;
  readonly events?: string | undefined;
  readonly 'lock-timeout'?: number | undefined;
  readonly 'fail-fast'?: boolean | undefined;
  /** Seconds; undefined for as long as it takes. */
  readonly grace?: number | undefined;
  readonly 'keep-previous'?: boolean | undefined;
  /** A run, or `LAST_RUN`. */
  readonly retry?: string | undefined;
  /** The slice of a saved plan; undefined for all of it. */
  readonly shard?: Shard | undefined;
}

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
  });
  try {
    const { changeSet } = session;
    if (retry) {
      refuseElsewhere(retry, changeSet);
      for (const line of announceRetry(retry, changeSet)) screen.notice(line);
    }
    if (saved && typeof file === 'string') {
      refuseApplied(saved, file, listKeptParts(saved, changeSet));
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
    return await runAndRecap(services, session, { ...words, savedPlan: saved?.id });
  } finally {
    await session.close();
  }
};

/** What a saved plan was shown with, unless the call says otherwise. */
const refreshOf = (
  { changeSet: { options } }: SavedPlan,
  { full, refresh }: ApplyFlagValues,
): Pick<ApplyFlagValues, 'refresh'> => (full ? {} : { refresh: refresh ?? options.refresh });

const endWithoutRun = (screen: Screen): ExitName => {
  if (screen.format === 'json') screen.printJson('apply', { run: null, outcomes: [] });
  return 'done';
};

/** The plan goes to stderr: the result of apply is its recap. */
const showChangeSet = (changeSet: ChangeSet, flags: ApplyFlagValues, screen: Screen): void => {
  for (const line of renderChangeSet(changeSet, screen.error, viewOf(flags))) screen.notice(line);
  if (screen.error.isTerminal) screen.notice('');
  else for (const line of renderNotes(changeSet, screen.error, 'notes')) screen.notice(line);
};

const approve = async (
  services: Services<'settings' | 'person'>,
  changeSet: ChangeSet,
  {
    flags,
    screen,
    origin,
  }: { readonly flags: ApplyFlagValues; readonly screen: Screen; readonly origin: ConsentRules['origin'] },
): Promise<void> => {
  const { config } = await services.settings.read();
  const confirmDestructive = config.batch.confirm_destructive;
  if (!confirmDestructive) screen.notice('batch.confirm_destructive is false: a yes is enough to overwrite.');
  const consent = requireConsent(changeSet, { origin, confirmDestructive });
  await obtainApproval({ target: changeSet.target.name, planPath: changeSet.plan.path }, consent, {
    autoApprove: flags['auto-approve'],
    confirmTarget: flags['confirm-target'],
    ask: screen.canPrompt ? await services.person.prompts() : undefined,
  });
};

/** What one call of apply was told, and what it is known by. */
interface CallWords {
  readonly flags: ApplyFlagValues;
  readonly screen: Screen;
  readonly run: RunId;
  readonly events: EventSummary;
  readonly notes: EndNotes;
}

interface RunWords extends CallWords {
  readonly savedPlan: string | undefined;
}

const runAndRecap = async (
  services: Services<'settings' | 'ports' | 'reports'>,
  { plan, narrowing, servers, changeSet }: PlanSession,
  { flags, screen, run, events, notes, savedPlan }: RunWords,
): Promise<ExitName> => {
  const sizes = new Map(changeSet.databases.map(({ to, source }) => [to, source.bytes]));
  const view = await openRunViews(services, screen, { run, sizes, events });
  const interrupts = listenForInterrupts((event) => view.follow(event), flags.grace);
  try {
    const ports = await services.ports((event) => view.follow(event), plan.options);
    const { signals } = interrupts;
    const keep = flags['keep-previous'] === false ? 'nothing' : 'previous';
    const onFailure = flags['fail-fast'] ? 'stop' : 'continue';
    const { config } = await services.settings.read();
    const limits = {
      lockWaitMilliseconds: (flags['lock-timeout'] ?? 0) * 1000,
      maxRetries: config.connections.max_retries,
    };
    const who = {
      startedBy: describePerson(),
      processId: process.pid,
      logPath: view.logPath,
    };
    const summary = await applyChangeSet(
      { run, savedPlan, plan, changeSet, narrowing, onFailure, signals, keep, ...limits, ...who },
      servers,
      ports,
    );
    notes.runEnded(run, summary);
    await view.end();
    const undo = keep === 'previous' ? suggestCommand`rollback ${run}` : undefined;
    const { path } = changeSet.plan;
    const recap = {
      run,
      target: changeSet.target.name,
      kind: 'apply' as const,
      retry: isPlanFile(path)
        ? (only: readonly string[]) =>
            services.reports.isReadHere
              ? suggestCommand`apply ${planArgument(path)} --retry ${run}`
              : suggestCommand`apply ${planArgument(path)} --only ${only}`
        : undefined,
      undo,
      logPath: view.logPath,
    };
    showRecap(recap, summary, screen);
    services.reports.github(summary, recap);
    return exitNameOf(summary.exitCode);
  } finally {
    interrupts.stopListening();
    await view.end();
  }
};

const showRecap = (recap: RecapView, summary: RunSummary, screen: Screen): void => {
  if (screen.format === 'json')
    screen.printJson('apply', { run: recap.run, log: recap.logPath ?? null, ...summary });
  else
    screen.print([...(screen.output.isTerminal ? [''] : []), ...renderRecap(summary, screen.output, recap)]);
};
