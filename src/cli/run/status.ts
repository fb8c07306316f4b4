import type { Access, Endpoint } from '../../core/server/connection.js';
import type { DatabaseName } from '../../core/names.js';
import { isKept } from '../../core/change/scratch.js';
import { SyncError } from '../../core/errors.js';
import type { ExitName } from '../../core/exit-codes.js';
import { formatPlural } from '../../core/plural.js';
import { suggestNearest } from '../../core/nearest.js';
import { type LiveCopy, findTooOld } from '../../core/run/live-copies.js';
import { isAnyMatch } from '../../core/plan/pattern.js';
import { looksLikeFile } from '../../core/plan/unsaved-plan.js';
import { bindValue, suggestCommand } from '../../core/shell-word.js';
import { findWorking } from '../../engine/find-working.js';
import { readScratch } from '../../engine/journal.js';
import { describeLeft } from '../../engine/describe-left.js';
import { listKept, measureKept } from '../../engine/roll-back.js';
import { dropPrevious } from '../../engine/settle-scratch.js';
import { summarizeKept } from '../../render/kept.js';
import { type JudgedCopy, renderStatus } from '../../render/status.js';
import { renderWorking } from '../../render/working.js';
import { parseAge } from '../frame/since.js';
import type { Screen } from '../frame/screen.js';
import { openKnownTarget } from '../plan/open-plan-servers.js';
import type { AskPassword } from '../services/connection-directory.js';
import type { Services } from '../services/compose.js';
import { obtainApproval } from './approval.js';
import { type KnownTarget, readCopies } from './read-copies.js';
import { newRunId } from './run-identity.js';

export interface StatusFlagValues {
  readonly only: readonly string[];
  readonly 'drop-previous': boolean;
  /** As `parseAge` takes it. */
  readonly 'max-age'?: string | undefined;
  readonly 'confirm-target'?: string | undefined;
}

type StatusServices = Services<'memory' | 'planEndpoints' | 'planFiles' | 'person' | 'servers' | 'clock'>;

/** Shows what of a target is a copy and what is kept of it, or drops what is kept. */
export const statusFromCommandLine = async (
  services: StatusServices,
  where: string | undefined,
  flags: StatusFlagValues,
  screen: Screen,
): Promise<ExitName> => {
  // A typing error there is said before anybody waits for a server.
  if (flags['max-age'] !== undefined) parseAge('--max-age', flags['max-age']);
  const ask = screen.canPrompt ? await services.person.passwordPrompt() : undefined;
  const use = flags['drop-previous'] ? 'read-write' : 'read-only';
  const place = await findPlace(services, where);
  const { target: written, named } = await resolvePlace(services, place, ask, use).catch(
    async (error: unknown) => {
      throw where === undefined ? await hintAtConnection(services, error) : error;
    },
  );
  const { target, endpoint } = await openKnownTarget(services, written, screen);
  try {
    const found = await readScratch(target);
    const kept = await measureKept(target, listKept(found, flags.only));
    const known = { target, endpoint, found, kept };
    return flags['drop-previous']
      ? await drop(services, known, flags, screen)
      : await show(services, known, { where, named }, flags, screen);
  } finally {
    await target.close();
  }
};

type Place = { readonly plan: string | undefined } | { readonly connection: string };

/** A target, and what a plan calls databases there. */
const resolvePlace = async (
  { planEndpoints }: Pick<StatusServices, 'planEndpoints'>,
  place: Place,
  ask: AskPassword | undefined,
  use: Access,
): Promise<{ readonly target: Endpoint; readonly named: readonly DatabaseName[] }> =>
  'connection' in place
    ? { target: await planEndpoints.resolveTarget(place, ask, use), named: [] }
    : planEndpoints.resolvePlanTarget(place.plan, ask, use);

/** A saved plan stands for the sync plan that it was made of. */
const findPlace = async (
  { planFiles }: Pick<StatusServices, 'planFiles'>,
  where: string | undefined,
): Promise<Place> => {
  if (where === undefined) return { plan: undefined };
  if (!looksLikeFile(where)) return { connection: where };
  const saved = where === '-' ? undefined : await planFiles.readSaved(where);
  return { plan: saved?.changeSet.plan.path ?? where };
};

/** Without a plan in this folder a saved connection does as well. The last used that may be written to is suggested. */
const hintAtConnection = async ({ memory }: StatusServices, error: unknown): Promise<unknown> => {
  if (!(error instanceof SyncError) || error.code !== 'PLAN_NOT_FOUND') return error;
  const target = (await memory.knownConnections()).find(({ access }) => access === 'read-write');
  if (!target) return error;
  const hint = `Or ask a saved connection:  ${suggestCommand`status ${target.name}`}`;
  return new SyncError(error.code, { message: error.message, hints: [...error.hints, hint], cause: error });
};

const show = async (
  services: StatusServices,
  known: KnownTarget,
  { where, named }: { readonly where: string | undefined; readonly named: readonly DatabaseName[] },
  flags: StatusFlagValues,
  screen: Screen,
): Promise<ExitName> => {
  const now = new Date();
  const { target, endpoint, found } = known;
  const { scratch } = await describeLeft(target, { known: found });
  const working = await findWorking(target, found);
  const busy = new Set(working.map(({ run }) => run));
  const left = scratch.filter((one) => !isKept(one) && !(one.run !== null && busy.has(one.run)));
  // What the plan names and was never copied is not new either.
  const expected = flags['max-age'] === undefined ? [] : named;
  const copies = narrow(await readCopies(services, known, screen, expected), flags.only, endpoint);
  const judged = judgeAges(copies, flags['max-age'], now);
  const isTooOld = judged.some(({ tooOld }) => typeof tooOld === 'string');
  // A target that holds no copy does not hold a new one.
  const exit =
    isTooOld || (flags['max-age'] !== undefined && copies.length === 0) ? 'changesPending' : 'done';
  if (screen.format === 'json') {
    screen.printJson('status', { target: endpoint.name, databases: judged, scratch: left, working });
    return exit;
  }
  const dropCommand = suggestCommand`status ${where ?? []} --drop-previous`;
  screen.print(renderStatus(judged, screen.output, { now, dropCommand }));
  if (copies.length === 0)
    screen.notice(`${endpoint.name} has no database that mysql-sync is known to have made.`);
  for (const line of renderWorking(working, now)) screen.notice(line);
  if (left.length > 0)
    screen.notice(
      `${formatPlural(left.length, 'scratch database')} left behind by runs, or not known:  mysql-sync scratch`,
    );
  return exit;
};

/** @throws SyncError SELECTION_EMPTY when a glob matches nothing: a monitor would hear that all is well */
const narrow = (
  copies: readonly LiveCopy[],
  only: readonly string[],
  { name }: Endpoint,
): readonly LiveCopy[] => {
  if (only.length === 0) return copies;
  const unmatched = only.find((pattern) => !copies.some(({ database }) => isAnyMatch([pattern], database)));
  if (unmatched === undefined) return copies.filter(({ database }) => isAnyMatch(only, database));
  const suggestion = suggestNearest(
    unmatched,
    copies.map(({ database }) => database),
  );
  throw new SyncError('SELECTION_EMPTY', {
    message: `--only "${unmatched}" matches no database of ${name} that mysql-sync is known to have made${suggestion === undefined ? '' : `; ${suggestion}`}`,
  });
};

const judgeAges = (
  copies: readonly LiveCopy[],
  maxAge: string | undefined,
  now: Date,
): readonly JudgedCopy[] => {
  if (maxAge === undefined) return copies;
  const oldest = new Date(now.getTime() - parseAge('--max-age', maxAge));
  return copies.map((copy) => ({ ...copy, tooOld: findTooOld(copy, { oldest, now }) }));
};

const drop = async (
  services: StatusServices,
  known: KnownTarget,
  flags: StatusFlagValues,
  screen: Screen,
): Promise<ExitName> => {
  const { target, endpoint, kept } = known;
  const journals = kept.map(({ journal }) => journal);
  // A mistyped name would leave what was to be dropped; a copy of which nothing is kept is no mistake.
  if (flags.only.some((pattern) => !journals.some(({ live }) => isAnyMatch([pattern], live))))
    narrow(await readCopies(services, known, screen), flags.only, endpoint);
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
