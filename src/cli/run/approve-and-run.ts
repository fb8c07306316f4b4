import { type ChangeSet } from '../../core/change/change-set.js';
import { type ConsentRules, requireConsent } from '../../core/change/consent.js';
import { type ExitName, exitNameOf } from '../../core/exit-codes.js';
import type { RunId } from '../../core/names.js';
import type { SavedPlan } from '../../core/change/saved-plan.js';
import type { Shard } from '../../core/plan/shard.js';
import { isPlanFile, planArgument } from '../../core/plan/unsaved-plan.js';
import type { RunSummary } from '../../core/run/outcome.js';
import { suggestCommand } from '../../core/shell-word.js';
import type { ApplyRequest } from '../../engine/apply-request.js';
import type { OpenServers } from '../../engine/open-servers.js';
import type { Ports } from '../../engine/ports/ports.js';
import { renderChangeSet, renderNotes } from '../../render/change-set.js';
import { renderRecap } from '../../render/recap.js';
import { listenForInterrupts } from '../frame/interrupts.js';
import type { Screen } from '../frame/screen.js';
import { type PlanFlagValues, type ViewFlagValues, viewOf } from '../plan/plan-flags.js';
import type { PlanSession } from '../plan/plan-session.js';
import type { Services } from '../services/compose.js';
import { obtainApproval } from './approval.js';
import { describePerson } from './run-identity.js';
import { type EventSummary, openRunViews } from './run-views.js';
import type { EndFlagValues, EndNotes } from './tell-end.js';

export interface ApplyFlagValues extends PlanFlagValues, ViewFlagValues, EndFlagValues {
  readonly 'auto-approve'?: boolean | undefined;
  readonly 'confirm-target'?: string | undefined;
  readonly events?: string | undefined;
  readonly 'lock-timeout'?: number | undefined;
  readonly 'fail-fast'?: boolean | undefined;
  /** Seconds; undefined for as long as it takes. */
  readonly grace?: number | undefined;
  readonly 'keep-previous'?: boolean | undefined;
  readonly claim?: boolean | undefined;
  /** How many share lanes and rate; undefined where each has its own. */
  readonly workers?: number | undefined;
  /** A run, or `LAST_RUN`. */
  readonly retry?: string | undefined;
  /** The slice of a saved plan; undefined for all of it. */
  readonly shard?: Shard | undefined;
}

/** What a saved plan was shown with, unless the call says otherwise. */
export const refreshOf = (
  { changeSet: { options } }: SavedPlan,
  { full, refresh }: ApplyFlagValues,
): Pick<ApplyFlagValues, 'refresh'> => (full ? {} : { refresh: refresh ?? options.refresh });

export const endWithoutRun = (screen: Screen): ExitName => {
  if (screen.format === 'json') screen.printJson('apply', { run: null, outcomes: [] });
  return 'done';
};

/** The plan goes to stderr: the result of apply is its recap. */
export const showChangeSet = (changeSet: ChangeSet, flags: ApplyFlagValues, screen: Screen): void => {
  for (const line of renderChangeSet(changeSet, screen.error, viewOf(flags))) screen.notice(line);
  if (screen.error.isTerminal) screen.notice('');
  else for (const line of renderNotes(changeSet, screen.error, 'notes')) screen.notice(line);
};

export const approve = async (
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
export interface CallWords {
  readonly flags: ApplyFlagValues;
  readonly screen: Screen;
  readonly run: RunId;
  readonly events: EventSummary;
  readonly notes: EndNotes;
}

interface RunWords extends CallWords {
  readonly savedPlan: string | undefined;
}

type RunSession = Pick<PlanSession, 'plan' | 'narrowing' | 'servers' | 'changeSet'> &
  Partial<Pick<PlanSession, 'held'>>;

type Work = (request: ApplyRequest, servers: OpenServers, ports: Ports) => Promise<RunSummary>;

export const runAndRecap = async (
  services: Services<'settings' | 'ports' | 'reports'>,
  { plan, narrowing, servers, changeSet, held }: RunSession,
  { flags, screen, run, events, notes, savedPlan }: RunWords,
  work: Work,
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
    const summary = await work(
      {
        run,
        savedPlan,
        plan,
        changeSet,
        held,
        narrowing,
        onFailure,
        signals,
        keep,
        ...limits,
        ...who,
      },
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
    if (screen.format === 'json')
      screen.printJson('apply', {
        run,
        target: recap.target,
        plan: plan.name,
        savedPlan: savedPlan ?? null,
        log: recap.logPath ?? null,
        ...summary,
      });
    else
      screen.print([
        ...(screen.output.isTerminal ? [''] : []),
        ...renderRecap(summary, screen.output, recap),
      ]);
    services.reports.github(summary, recap);
    return exitNameOf(summary.exitCode);
  } finally {
    interrupts.stopListening();
    await view.end();
  }
};
