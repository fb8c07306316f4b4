import type { Endpoint } from '../../core/server/connection.js';
import { describeAddress } from '../../core/server/connection.js';
import { isKept } from '../../core/change/scratch.js';
import { SyncError } from '../../core/errors.js';
import type { ExitName } from '../../core/exit-codes.js';
import { formatPlural } from '../../core/plural.js';
import { type KeptPrevious, listLiveCopies } from '../../core/run/live-copies.js';
import type { PastRun } from '../../core/run/run.js';
import { isAnyMatch } from '../../core/plan/pattern.js';
import { looksLikeFile } from '../../core/plan/unsaved-plan.js';
import { bindValue, suggestCommand } from '../../core/shell-word.js';
import { type ReadScratch, readScratch } from '../../engine/journal.js';
import { describeLeft } from '../../engine/plan-sync.js';
import type { TargetServer } from '../../engine/ports.js';
import { type KeptContent, listKept, measureKept } from '../../engine/roll-back.js';
import { dropPrevious } from '../../engine/settle-scratch.js';
import { summarizeKept } from '../../render/kept.js';
import { renderStatus } from '../../render/status.js';
import type { Screen } from '../frame/screen.js';
import { openKnownTarget } from '../plan/open-plan-servers.js';
import type { Services } from '../services/compose.js';
import { isUnusable } from '../services/unusable-store.js';
import { obtainApproval } from './approval.js';
import { newRunId } from './run-identity.js';

export interface StatusFlagValues {
  readonly only: readonly string[];
  readonly 'drop-previous': boolean;
  readonly 'confirm-target'?: string | undefined;
}

type StatusServices = Services<'memory' | 'planEndpoints' | 'person' | 'servers' | 'clock'>;

/** Shows what of a target is a copy and what is kept of it, or drops what is kept. */
export const statusFromCommandLine = async (
  services: StatusServices,
  where: string | undefined,
  flags: StatusFlagValues,
  screen: Screen,
): Promise<ExitName> => {
  const ask = screen.canPrompt ? await services.person.passwordPrompt() : undefined;
  const written = await services.planEndpoints
    .resolveTarget(where === undefined || looksLikeFile(where) ? { plan: where } : { connection: where }, ask)
    .catch(async (error: unknown) => {
      throw where === undefined ? await hintAtConnection(services, error) : error;
    });
  const { target, endpoint } = await openKnownTarget(services, written, screen);
  try {
    const found = await readScratch(target);
    const kept = await measureKept(target, listKept(found, flags.only));
    const known = { target, endpoint, found, kept };
    return flags['drop-previous']
      ? await drop(services, known, flags, screen)
      : await show(services, known, where, flags, screen);
  } finally {
    await target.close();
  }
};

/** Without a plan in this folder a saved connection does as well. The last used that may be written to is suggested. */
const hintAtConnection = async ({ memory }: StatusServices, error: unknown): Promise<unknown> => {
  if (!(error instanceof SyncError) || error.code !== 'PLAN_NOT_FOUND') return error;
  const target = (await memory.knownConnections()).find(({ access }) => access === 'read-write');
  if (!target) return error;
  const hint = `Or ask a saved connection:  ${suggestCommand`status ${target.name}`}`;
  return new SyncError(error.code, { message: error.message, hints: [...error.hints, hint], cause: error });
};

interface KnownTarget {
  readonly target: TargetServer;
  readonly endpoint: Endpoint;
  readonly found: readonly ReadScratch[];
  readonly kept: readonly KeptContent[];
}

const show = async (
  services: StatusServices,
  { target, endpoint, found, kept }: KnownTarget,
  where: string | undefined,
  { only }: StatusFlagValues,
  screen: Screen,
): Promise<ExitName> => {
  const { scratch } = await describeLeft(target, found);
  const left = scratch.filter((one) => !isKept(one));
  const runs = await readRunsOn(services, endpoint, screen);
  const names = [
    ...kept.map(({ journal }) => journal.live),
    ...runs.flatMap(({ databases }) => databases.map(({ to }) => to)),
  ];
  const there = new Set(await target.listDatabases());
  const known = await target.measureDatabases([...new Set(names)].filter((name) => there.has(name)));
  const sizes = new Map([...there].map((name) => [name, known.get(name) ?? 0]));
  const copies = listLiveCopies(kept.map(toPrevious), runs, sizes).filter(
    ({ database }) => only.length === 0 || isAnyMatch(only, database),
  );
  if (screen.format === 'json') {
    screen.printJson('status', { target: endpoint.name, databases: copies, scratch: left });
    return 'done';
  }
  const dropCommand = suggestCommand`status ${where ?? []} --drop-previous`;
  screen.print(renderStatus(copies, screen.output, { now: new Date(), dropCommand }));
  if (copies.length === 0)
    screen.notice(`${endpoint.name} has no database that mysql-sync is known to have made.`);
  if (left.length > 0)
    screen.notice(
      `${formatPlural(left.length, 'scratch database')} left behind by runs, or not known:  mysql-sync scratch`,
    );
  return 'done';
};

const toPrevious = ({ journal, bytes }: KeptContent): KeptPrevious => ({
  live: journal.live,
  run: journal.run,
  plan: journal.plan.name,
  startedAt: journal.startedAt,
  scratch: journal.retired,
  tables: journal.swap.outgoing?.tables.length ?? null,
  bytes,
});

/** Runs on this target, the newest first. What the target itself tells is worth showing without them. */
const readRunsOn = async (
  services: Pick<StatusServices, 'memory'>,
  endpoint: Endpoint,
  screen: Pick<Screen, 'notice'>,
): Promise<readonly PastRun[]> => {
  try {
    const history = await services.memory.history();
    const runs = await history.listRuns({ limit: Number.MAX_SAFE_INTEGER });
    const address = describeAddress(endpoint);
    return runs.filter(({ target }) => target.name === endpoint.name || target.address === address);
  } catch (error) {
    if (!isUnusable(error)) throw error;
    screen.notice(`warning: the history of this machine cannot be read: ${error.message}`);
    return [];
  }
};

const drop = async (
  services: StatusServices,
  { target, endpoint, kept }: KnownTarget,
  flags: StatusFlagValues,
  screen: Screen,
): Promise<ExitName> => {
  const journals = kept.map(({ journal }) => journal);
  if (journals.length === 0) {
    if (screen.format === 'json') screen.printJson('status', { target: endpoint.name, dropped: [] });
    else
      screen.notice(
        `${endpoint.name} has nothing kept${flags.only.length > 0 ? ' of those databases' : ''}.`,
      );
    return 'done';
  }
  const startedAt = kept.map(({ journal, bytes }) => ({ bytes, startedAt: journal.startedAt }));
  screen.notice(`${summarizeKept(startedAt, new Date())}: ${journals.map(({ live }) => live).join(', ')}`);
  screen.notice('Once it is dropped, no rollback brings it back. What is live stays as it is.');
  await obtainApproval(
    {
      target: endpoint.name,
      planPath: '',
      deed: `drop what is kept of ${formatPlural(journals.length, 'database')}`,
    },
    { kind: 'target-name', flag: bindValue('--confirm-target', endpoint.name) },
    {
      autoApprove: undefined,
      confirmTarget: flags['confirm-target'],
      ask: screen.canPrompt ? await services.person.prompts() : undefined,
    },
  );
  const { clock } = services;
  const wish = { run: newRunId(), waitMilliseconds: 0, signal: new AbortController().signal, clock };
  await dropPrevious(target, journals, wish);
  if (screen.format === 'json')
    screen.printJson('status', { target: endpoint.name, dropped: journals.map(({ live }) => live) });
  else screen.print(journals.map(({ live, run }) => `${live}: what run ${run} kept is dropped`));
  return 'done';
};
