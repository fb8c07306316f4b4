import type { Endpoint } from '../../core/server/connection.js';
import { isKept } from '../../core/change/scratch.js';
import type { ExitName } from '../../core/exit-codes.js';
import { toDatabaseName } from '../../core/names.js';
import { bindValue } from '../../core/shell-word.js';
import { describeLeft } from '../../engine/describe-left.js';
import { type ReadScratch, readScratch } from '../../engine/journal.js';
import type { TargetServer } from '../../engine/ports/target-server.js';
import { acceptScratch, dropScratch, findScratch } from '../../engine/settle-scratch.js';
import { renderClaim, renderScratchList } from '../../render/scratch-list.js';
import { obtainApproval } from './approval.js';
import type { Services } from '../services/compose.js';
import { openKnownTarget } from '../plan/open-plan-servers.js';
import { newRunId } from './run-identity.js';
import type { Screen } from '../frame/screen.js';

export interface ScratchFlagValues {
  readonly plan?: string | undefined;
  readonly target?: string | undefined;
  readonly 'confirm-target'?: string | undefined;
}

/** Lists what is left behind on the target by runs, or by others under such names, and whether their journals are believed. */
export const listScratchDatabases = async (
  services: Services<'memory' | 'planEndpoints' | 'person' | 'servers'>,
  flags: ScratchFlagValues,
  screen: Screen,
): Promise<ExitName> =>
  withTarget(services, flags, screen, async (target, { name }) => {
    const { scratch: found } = await describeLeft(target);
    const scratch = found.filter((one) => !isKept(one));
    const kept = found.length - scratch.length;
    if (screen.format === 'json') screen.printJson('scratch', { target: name, scratch });
    else {
      screen.print(renderScratchList(scratch, screen.output, new Date()));
      if (scratch.length === 0) screen.notice(`${name} has no scratch databases that runs left behind.`);
      if (kept > 0) screen.notice(`${String(kept)} kept for rollback:  mysql-sync status`);
    }
    return 'done';
  });

/** Shows what stands in one of them, believed or not. */
export const showScratchDatabase = async (
  services: Services<'memory' | 'planEndpoints' | 'person' | 'servers'>,
  name: string,
  flags: ScratchFlagValues,
  screen: Screen,
): Promise<ExitName> =>
  withTarget(services, flags, screen, async (target) => {
    await show(target, findScratch(await readScratch(target), name), screen);
    return 'done';
  });

const show = async (target: TargetServer, seen: ReadScratch, screen: Screen): Promise<void> => {
  const { scratch } = await describeLeft(target);
  const described = scratch.filter(({ database }) => database === seen.database);
  const tables = await target.listTables(seen.database);
  const claim = seen.journal ? JSON.stringify(seen.journal) : seen.claim;
  if (screen.format === 'json') {
    screen.printJson('scratch-database', {
      database: seen.database,
      described: described[0] ?? null,
      tables,
      journal: claim ?? null,
    });
    return;
  }
  screen.print([
    ...renderScratchList(described, screen.output, new Date()),
    `tables: ${tables.length === 0 ? 'none' : tables.join(', ')}`,
    ...(claim === undefined ? [] : ['journal:', ...renderClaim(claim)]),
  ]);
};

/** `accept` signs the journal that was shown; `drop` drops the database. */
export const judgeScratchDatabase = async (
  services: Services<'memory' | 'planEndpoints' | 'person' | 'servers' | 'clock'>,
  { name, verdict }: { readonly name: string; readonly verdict: 'accept' | 'drop' },
  flags: ScratchFlagValues,
  screen: Screen,
): Promise<ExitName> =>
  withTarget(services, flags, screen, async (target, endpoint) => {
    const seen = findScratch(await readScratch(target), name);
    if (screen.format === 'text') await show(target, seen, { ...screen, print: noticesOf(screen) });
    await obtainApproval(
      {
        target: endpoint.name,
        planPath: '',
        deed: verdict === 'accept' ? `accept the journal of ${name}` : `drop ${name}`,
      },
      { kind: 'target-name', flag: bindValue('--confirm-target', endpoint.name) },
      {
        autoApprove: undefined,
        confirmTarget: flags['confirm-target'],
        ask: screen.canPrompt ? await services.person.prompts() : undefined,
      },
    );
    const { clock } = services;
    const settle = verdict === 'accept' ? acceptScratch : dropScratch;
    const lines = await settle(
      target,
      { database: toDatabaseName(name), seen },
      { run: newRunId(), waitMilliseconds: 0, signal: new AbortController().signal, clock },
    );
    if (screen.format === 'json') screen.printJson('scratch-done', { database: name, done: lines });
    else screen.print(lines);
    return 'done';
  });

/** The result goes to stdout, and what is asked about to stderr. */
const noticesOf =
  (screen: Screen): Screen['print'] =>
  (lines) =>
    lines.forEach((line) => screen.notice(line));

const withTarget = async (
  services: Services<'memory' | 'planEndpoints' | 'person' | 'servers'>,
  { plan, target: connection }: ScratchFlagValues,
  screen: Screen,
  work: (target: TargetServer, endpoint: Endpoint) => Promise<ExitName>,
): Promise<ExitName> => {
  const ask = screen.canPrompt ? await services.person.passwordPrompt() : undefined;
  const written = await services.planEndpoints.resolveTarget(
    connection === undefined ? { plan } : { connection },
    ask,
  );
  const { target, endpoint } = await openKnownTarget(services, written, screen);
  try {
    return await work(target, endpoint);
  } finally {
    await target.close();
  }
};
