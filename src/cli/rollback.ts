import { existsSync } from 'node:fs';
import type { Endpoint } from '../core/connection.js';
import { describeAddress } from '../core/connection.js';
import { SyncError } from '../core/errors.js';
import { type ExitName, exitNameOf } from '../core/exit-codes.js';
import { describeFlavor } from '../core/flavor.js';
import { type RunId, toRunId } from '../core/names.js';
import type { RecoveryStep } from '../core/recovery.js';
import type { PastRun, Run } from '../core/run.js';
import { type SwapJournal, readScratch } from '../engine/journal.js';
import type { TargetServer } from '../engine/ports.js';
import { type KeptContent, listKept, measureKept } from '../engine/roll-back.js';
import { planRecovery } from '../engine/recover.js';
import { rollBackRun } from '../engine/roll-back-run.js';
import { renderRecap } from '../render/recap.js';
import { renderRecovery } from '../render/recovery.js';
import { renderRollback } from '../render/rollback.js';
import { obtainApproval } from './approval.js';
import type { Composition } from './compose.js';
import { listenForInterrupts } from './interrupts.js';
import { describePerson, newRunId } from './run-identity.js';
import { openRunViews } from './run-views.js';
import type { Screen } from './screen.js';
import { bindValue, suggestCommand } from '../core/shell-word.js';

export interface RollbackFlagValues {
  readonly plan?: string | undefined;
  readonly target?: string | undefined;
  readonly only: readonly string[];
  readonly 'confirm-target'?: string | undefined;
}

/** Find what was kept, show it, ask, swap it back. Without a run: the newest that has something kept on the target. */
export const rollBackFromCommandLine = async (
  composition: Composition,
  runArgument: string | undefined,
  flags: RollbackFlagValues,
  screen: Screen,
): Promise<ExitName> => {
  const past = await findPastRun(composition, runArgument, flags);
  const endpoint = await resolveServer(composition, past, flags, screen);
  const target = await (await composition.servers()).openTarget(endpoint);
  try {
    const scratch = await readScratch(target);
    const { steps: recovery } = await planRecovery(target, scratch);
    const found = listKept(scratch, flags.only);
    const run = runArgument === undefined ? newestOf(found) : (past?.id ?? toRunId(runArgument));
    const kept = await measureKept(
      target,
      found.filter((journal) => journal.run === run),
    );
    const isDoubted = scratch.some(({ doubt }) => doubt !== null);
    if (kept.length === 0) throw explainNothingKept(runArgument, endpoint, found, isDoubted);
    show(kept, recovery, endpoint, screen);
    await obtainApproval(
      { target: endpoint.name, planPath: '' },
      { kind: 'target-name', flag: bindValue('--confirm-target', endpoint.name) },
      {
        autoApprove: undefined,
        confirmTarget: flags['confirm-target'],
        ask: screen.canPrompt ? await composition.prompts() : undefined,
      },
    );
    return await perform(composition, { kept, recovery, endpoint, target, past }, screen);
  } finally {
    await target.close();
  }
};

/** The history names the plan and so the target; a run of another machine needs --plan or --target. */
const findPastRun = async (
  composition: Composition,
  runArgument: string | undefined,
  flags: RollbackFlagValues,
): Promise<PastRun | undefined> => {
  if (flags.plan || flags.target) return undefined;
  const history = await composition.history();
  if (runArgument !== undefined) return history.findRun(runArgument);
  const [last] = await history.listRuns({ limit: 1 });
  if (last) return history.findRun('latest');
  throw new SyncError('RUN_UNKNOWN', {
    message: 'there is no run in the history of this machine',
    hints: ['Say where:  mysql-sync rollback --plan FILE'],
  });
};

const resolveServer = async (
  composition: Composition,
  past: PastRun | undefined,
  flags: RollbackFlagValues,
  screen: Screen,
): Promise<Endpoint> => {
  const ask = screen.canPrompt ? await composition.passwordPrompt() : undefined;
  if (flags.target !== undefined) return composition.resolveTarget({ connection: flags.target }, ask);
  const plan = flags.plan ?? past?.plan.path;
  if (plan !== undefined && (flags.plan !== undefined || existsSync(plan)))
    return composition.resolveTarget({ plan }, ask);
  return composition.resolveTarget({ connection: past?.target.name ?? '' }, ask);
};

const newestOf = (kept: readonly SwapJournal[]): RunId | undefined =>
  kept.toSorted((a, b) => b.startedAt.localeCompare(a.startedAt))[0]?.run;

const explainNothingKept = (
  run: string | undefined,
  { name }: Endpoint,
  found: readonly SwapJournal[],
  isDoubted: boolean,
): SyncError =>
  new SyncError('RUN_UNKNOWN', {
    message: `${name} keeps nothing of ${run === undefined ? 'any run' : `run ${run}`} to roll back to`,
    hints: [
      ...found.map(({ live, run }) => `Kept:  ${live}, as it was before run ${run}`),
      ...(isDoubted ? [`Some journals are not believed. List them:  ${suggestCommand`scratch`}`] : []),
    ],
  });

const show = (
  kept: readonly KeptContent[],
  recovery: readonly RecoveryStep[],
  { name }: Endpoint,
  screen: Screen,
): void => {
  if (screen.format === 'json') return;
  const rows = kept.map(({ journal, bytes }) => ({
    live: journal.live,
    run: journal.run,
    startedAt: journal.startedAt,
    tables: journal.swap.outgoing?.tables.length ?? null,
    bytes,
  }));
  for (const line of renderRollback(rows, screen.error, { target: name, now: new Date() }))
    screen.notice(line);
  for (const line of renderRecovery(recovery, screen.error)) screen.notice(line);
};

interface Approved {
  readonly kept: readonly KeptContent[];
  readonly recovery: readonly RecoveryStep[];
  readonly endpoint: Endpoint;
  readonly target: TargetServer;
  readonly past: PastRun | undefined;
}

const perform = async (
  composition: Composition,
  { kept, recovery, endpoint, target, past }: Approved,
  screen: Screen,
): Promise<ExitName> => {
  const id = newRunId();
  const events = { write: () => undefined, end: () => undefined };
  const view = await openRunViews(composition, screen, { run: id, databases: kept.length, events });
  const interrupts = listenForInterrupts((signal) => view.follow({ type: 'draining', signal }));
  try {
    const run = {
      ...describeRun(kept, endpoint, target, past),
      id,
      ...(view.logPath === undefined ? {} : { logPath: view.logPath }),
    };
    const ports = await composition.ports((event) => view.follow(event));
    const summary = await rollBackRun({ run, kept, recovery, signals: interrupts.signals }, target, ports);
    await view.end();
    if (screen.format === 'json') screen.printJson('rollback', { run: run.id, ...summary });
    else {
      const undo = suggestCommand`rollback ${run.id}`;
      const undone = kept[0]?.journal.run ?? '';
      screen.print(
        renderRecap(summary, screen.output, {
          run: run.id,
          target: endpoint.name,
          kind: 'rollback',
          retry: (only) => suggestCommand`rollback ${undone} --only ${only}`,
          undo,
          logPath: view.logPath,
        }),
      );
    }
    return exitNameOf(summary.exitCode);
  } finally {
    interrupts.stopListening();
    await view.end();
  }
};

const describeRun = (
  kept: readonly KeptContent[],
  endpoint: Endpoint,
  target: TargetServer,
  past: PastRun | undefined,
): Omit<Run, 'id'> => {
  const side = {
    name: endpoint.name,
    address: describeAddress(endpoint),
    server: describeFlavor(target.facts.flavor),
  };
  return {
    kind: 'rollback',
    startedAt: new Date().toISOString(),
    startedBy: describePerson(),
    processId: process.pid,
    plan: past?.plan ?? { name: '', path: '', digest: '' },
    source: side,
    target: side,
    databases: kept.map(({ journal: { live } }) => ({ from: live, to: live })),
    outcomes: [],
  };
};
