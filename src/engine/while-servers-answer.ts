import { SyncError } from '../core/errors.js';
import type { DatabaseRun } from './run-context.js';

/**
 * Copies, and ends the copy when it stands still and a server does not answer a new login either. Rows that wait for a
 * long statement are no reason to stop; a frozen server, or a network that swallows packets, would be waited for for
 * ever. Rejects with CONN_TIMEOUT then, naming the server.
 */
export const whileServersAnswer = async <Result>(
  run: DatabaseRun,
  readBytes: () => number,
  copy: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> => {
  const over = new AbortController();
  const silent = new AbortController();
  watchServers(run, readBytes, over.signal).catch((error: unknown) => silent.abort(error));
  try {
    return await copy(AbortSignal.any([run.signals.abort, silent.signal]));
  } catch (error) {
    throw silent.signal.aborted ? silent.signal.reason : error;
  } finally {
    over.abort();
  }
};

/** Rejects when a server is silent, and also when it is over, which nobody waits for by then. */
const watchServers = async (
  { plan, ports: { servers, clock } }: DatabaseRun,
  readBytes: () => number,
  over: AbortSignal,
): Promise<never> => {
  const { source, target } = plan;
  for (let before = readBytes(); ; before = readBytes()) {
    await clock.sleep(Math.max(source.timeoutMilliseconds, target.timeoutMilliseconds), over);
    if (readBytes() !== before) continue;
    await Promise.all([
      askForAnswer(() => servers.openSource(source)),
      askForAnswer(() => servers.openTarget(target)),
    ]);
  }
};

/** A server that refuses is not silent. */
const askForAnswer = async (open: () => Promise<{ close(): Promise<void> }>): Promise<void> => {
  try {
    const server = await open();
    await server.close();
  } catch (error) {
    if (error instanceof SyncError && error.code === 'CONN_TIMEOUT') throw error;
  }
};
