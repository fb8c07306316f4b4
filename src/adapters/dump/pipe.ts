import { finished } from 'node:stream/promises';
import { SyncError } from '../../core/errors.js';
import type { TableName } from '../../core/names.js';
import type { Pace } from '../../engine/ports/row-engine.js';
import {
  type ClientCommand,
  type ClientProcess,
  type DumpProcess,
  type LoaderProcess,
  startDump,
  startLoader,
} from './client-process.js';
import {
  type PipeNames,
  distrustedDump,
  dumpFailure,
  loaderFailure,
  optionFileFailure,
  startFailure,
} from './copy-failure.js';
import type { CopyMeter } from './copy-meter.js';
import { type CredentialTransport, handOverOptionFile } from './credentials.js';
import { DumpScanner } from './dump-scanner.js';
import { DumpViolation } from './dump-violation.js';
import type { OrphanGuard } from './orphan-guard.js';
import { type DatesOfDump, startRelay } from './relay.js';
import { isCleanEnd } from './stderr.js';

export interface PipeClient {
  readonly program: string;
  /** Behind `--defaults-file`. */
  readonly arguments: readonly string[];
  /** The connection with its password. */
  readonly optionFile: string;
}

export interface PipePlan {
  readonly dump: PipeClient;
  readonly loader: PipeClient;
  /** The tables that the dump is asked for. */
  readonly expected: readonly TableName[];
  readonly dates: DatesOfDump;
  readonly names: PipeNames;
}

export interface PipeSurroundings {
  readonly environment: NodeJS.ProcessEnv;
  readonly temporaryFolder: string;
  readonly transport: CredentialTransport;
  readonly guard: OrphanGuard;
  readonly meter: CopyMeter;
  readonly pace: Pace;
  readonly signal: AbortSignal;
}

/**
 * Runs one dump into one loader and resolves when both ended well and the dump was whole. Otherwise both are killed,
 * the loader first: a client whose input ends takes what it has for the whole, executes a cut-off last statement and
 * calls it a success. Both are gone when the promise settles.
 * @throws SyncError COPY_FAILED with the first cause, INTERRUPTED when the signal aborted.
 */
export const runPipe = async (plan: PipePlan, surroundings: PipeSurroundings): Promise<DumpScanner> => {
  const { signal } = surroundings;
  const started: ClientProcess[] = [];
  const stop = (): void => {
    for (const client of started) client.kill();
  };
  signal.addEventListener('abort', stop);
  try {
    const loader = await startPipeClient(plan.names, plan.loader, startLoader, surroundings);
    started.push(loader);
    const dump = await startPipeClient(plan.names, plan.dump, startDump, surroundings);
    started.push(dump);
    signal.throwIfAborted();
    return await superviseClients(plan, surroundings, dump, loader);
  } catch (error) {
    throw signal.aborted ? interrupted(plan.names) : error;
  } finally {
    signal.removeEventListener('abort', stop);
    stop();
    await Promise.all(started.map(async ({ ended }) => ended));
  }
};

/** The option file is gone, and the guard knows the process, before anything else can go wrong. */
const startPipeClient = async <Client extends ClientProcess>(
  names: PipeNames,
  { program, arguments: argv, optionFile }: PipeClient,
  start: (command: ClientCommand) => Promise<Client>,
  { environment, temporaryFolder, transport, guard }: PipeSurroundings,
): Promise<Client> => {
  const handed = await handOverOptionFile(optionFile, temporaryFolder, transport).catch((cause: unknown) => {
    throw optionFileFailure(names, temporaryFolder, cause);
  });
  try {
    const { argument, descriptor } = handed;
    const client = await start({ program, arguments: [argument, ...argv], environment, descriptor });
    guard.watch(client.pid);
    await handed.afterSpawn();
    const ended = client.ended.then(async (end) => {
      await handed.afterEnd();
      return end;
    });
    return { ...client, ended };
  } catch (cause) {
    await handed.afterEnd();
    throw startFailure(names, program, cause);
  }
};

const superviseClients = async (
  { names, expected, dates }: PipePlan,
  { meter, pace }: PipeSurroundings,
  dump: DumpProcess,
  loader: LoaderProcess,
): Promise<DumpScanner> => {
  const scanner = new DumpScanner(expected);
  const relay = startRelay(dump.stdout, loader.stdin, scanner, pace, dates);
  meter.follow(scanner, relay);
  const failLoading = async (): Promise<never> => {
    throw loaderFailure(names, await loader.ended, (line) => scanner.tableAtLine(line));
  };
  const readWhole = async (): Promise<void> => {
    const end = await dump.ended;
    if (!isCleanEnd(end)) throw dumpFailure(names, end, scanner.current);
    await relay.finished;
    scanner.finish();
  };
  try {
    // Whatever rejects first is the cause of what follows. A violation may come while the dump still runs.
    await Promise.race([failLoading(), Promise.all([relay.finished, readWhole()])]);
  } catch (error) {
    throw error instanceof DumpViolation ? distrustedDump(names, error.message) : error;
  }
  // Only now may the loader learn that there is nothing more to come. One that ends before it has read what waits for it in
  // this process has not loaded it, whatever its exit code is.
  loader.stdin.end();
  const isTaken = await finished(loader.stdin).then(
    () => true,
    () => false,
  );
  if (!isCleanEnd(await loader.ended) || !isTaken) await failLoading();
  return scanner;
};

const interrupted = ({ database }: PipeNames): SyncError =>
  new SyncError('INTERRUPTED', {
    message: `${database}: the copy was stopped; both client programs were killed.`,
  });
