import type { RollbackFlagValues } from './rollback-flags.js';
import type { Endpoint } from '../../core/server/connection.js';
import { describeAddress } from '../../core/server/connection.js';
import { SyncError } from '../../core/errors.js';
import { type ExitName, exitNameOf } from '../../core/exit-codes.js';
import { describeFlavor } from '../../core/flavor.js';
import { type RunId, toRunId } from '../../core/names.js';
import type { RecoveryStep } from '../../core/change/recovery.js';
import type { PastRun, Run } from '../../core/run/run.js';
import { readScratch } from '../../engine/journal.js';
import type { TargetServer } from '../../engine/ports/target-server.js';
import { type KeptContent, listKept, measureKept } from '../../engine/roll-back.js';
import { planRecovery } from '../../engine/recover.js';
import { rollBackRun } from '../../engine/roll-back-run.js';
import { renderRecap } from '../../render/recap.js';
import { renderRecovery } from '../../render/recovery.js';
import { type RollbackRow, renderKept, renderRollback } from '../../render/rollback.js';
import { obtainApproval } from './approval.js';
import { chooseKept, explainNothingKept, suggestRollback } from './choose-kept.js';
import type { Services } from '../services/compose.js';
import { openKnownTarget } from '../plan/open-plan-servers.js';
import { listenForInterrupts } from '../frame/interrupts.js';
import { findRollbackTarget } from './rollback-target.js';
import { describePerson, newRunId } from './run-identity.js';
import { openRunViews } from './run-views.js';
import type { Screen } from '../frame/screen.js';
import { bindValue, suggestCommand } from '../../core/shell-word.js';

/**
 * Finds what a run kept, shows it, asks, swaps it back. The run is the one that is named, or the newest of the plan;
 * with neither, what is kept is listed: the newest run on a target can be that of anybody.
 */
export const rollBackFromCommandLine = async (
  services: Services<'memory' | 'planEndpoints' | 'person' | 'servers' | 'portsWithoutRows' | 'reports'>,
  runArgument: string | undefined,
  flags: RollbackFlagValues,
  screen: Screen,
): Promise<ExitName> => {
  const { endpoint: written, past, plan } = await findRollbackTarget(services, runArgument, flags, screen);
  const { target, endpoint } = await openKnownTarget(services, written, screen);
  try {
    const scratch = await readScratch(target);
    const { steps: recovery } = await planRecovery(target, scratch);
    const found = listKept(scratch, flags.only);
    const wanted = { run: runArgument === undefined ? undefined : (past?.id ?? toRunId(runArgument)), plan };
    const kept = await measureKept(target, chooseKept(found, wanted));
    const isDoubted = scratch.some(({ doubt }) => doubt !== null);
    if (kept.length === 0) throw explainNothingKept(wanted, { endpoint, flags, found, isDoubted });
    if (wanted.run === undefined && plan === undefined) return listForChoice(kept, endpoint, flags, screen);
    show(kept, recovery, endpoint, screen);
    await obtainApproval(
      { target: endpoint.name, planPath: '' },
      { kind: 'target-name', flag: bindValue('--confirm-target', endpoint.name) },
      {
        autoApprove: undefined,
        confirmTarget: flags['confirm-target'],
        ask: screen.canPrompt ? await services.person.prompts() : undefined,
      },
    );
    return await perform(services, { kept, recovery, endpoint, target, past }, screen);
  } finally {
    await target.close();
  }
};

/** @throws SyncError INPUT_INVALID where it was approved: a script must not take a list for a rollback */
const listForChoice = (
  kept: readonly KeptContent[],
  { name }: Endpoint,
  flags: RollbackFlagValues,
  screen: Screen,
): ExitName => {
  const commandFor = (run: RunId): string => suggestRollback(run, flags);
  if (screen.format === 'json') screen.printJson('kept', { target: name, kept: kept.map(toRow) });
  else screen.print(renderKept(kept.map(toRow), screen.output, { now: new Date(), commandFor }));
  if (flags['confirm-target'] === undefined) return 'done';
  throw new SyncError('INPUT_INVALID', {
    message: 'nothing was rolled back: name the run, or the plan whose newest run is meant',
    hints: [...new Set(kept.map(({ journal }) => commandFor(journal.run)))],
  });
};

const show = (
  kept: readonly KeptContent[],
  recovery: readonly RecoveryStep[],
  { name }: Endpoint,
  screen: Screen,
): void => {
  if (screen.format === 'json') return;
  for (const line of renderRollback(kept.map(toRow), screen.error, { target: name, now: new Date() }))
    screen.notice(line);
  for (const line of renderRecovery(recovery, screen.error)) screen.notice(line);
};

const toRow = ({ journal, bytes }: KeptContent): RollbackRow => ({
  live: journal.live,
  run: journal.run,
  startedAt: journal.startedAt,
  plan: journal.plan.name,
  tables: journal.swap.outgoing?.tables.length ?? null,
  bytes,
});

interface Approved {
  readonly kept: readonly KeptContent[];
  readonly recovery: readonly RecoveryStep[];
  readonly endpoint: Endpoint;
  readonly target: TargetServer;
  readonly past: PastRun | undefined;
}

const perform = async (
  services: Services<'portsWithoutRows' | 'reports'>,
  { kept, recovery, endpoint, target, past }: Approved,
  screen: Screen,
): Promise<ExitName> => {
  const id = newRunId();
  const events = { write: () => undefined, end: () => undefined };
  const view = await openRunViews(services, screen, { run: id, sizes: new Map(), events });
  const interrupts = listenForInterrupts((event) => view.follow(event));
  try {
    const run = {
      ...describeRun(kept, endpoint, target, past),
      id,
      ...(view.logPath === undefined ? {} : { logPath: view.logPath }),
    };
    const ports = await services.portsWithoutRows((event) => view.follow(event));
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
    plan: past?.plan ?? { path: '', ...(kept[0]?.journal.plan ?? { name: '', digest: '' }) },
    source: side,
    target: side,
    databases: kept.map(({ journal: { live } }) => ({ from: live, to: live })),
    outcomes: [],
  };
};
