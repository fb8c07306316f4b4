import { setMaxListeners } from 'node:events';
import { SyncError } from '../../core/errors.js';
import type { RunEvent } from '../../core/run/run-event.js';
import type { RunSignals } from '../../engine/run-context.js';

export interface Interrupts {
  readonly signals: RunSignals;
  /** Gives the signals back to the process. */
  stopListening(): void;
}

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * The first SIGINT, SIGTERM or SIGHUP (its terminal was closed) drains: nothing more starts and what is in flight is finished,
 * within `graceSeconds` where they are given. The second, or the end of that time, stops now.
 * A swap that has begun is finished in any case: it takes a moment, and stopping inside it is what must not happen.
 */
export const listenForInterrupts = (
  follow: (event: RunEvent & { readonly type: 'draining' | 'stopping' }) => void,
  graceSeconds?: number,
): Interrupts => {
  const drain = new AbortController();
  const abort = new AbortController();
  // Each database that is copied listens.
  setMaxListeners(0, drain.signal, abort.signal);
  const grace = graceSeconds === undefined ? {} : { graceSeconds };
  let timer: NodeJS.Timeout | undefined;
  const stop = (signal: NodeJS.Signals, cause: typeof grace): void => {
    if (abort.signal.aborted) return;
    clearTimeout(timer);
    follow({ type: 'stopping', signal, ...cause });
    abort.abort(new SyncError('INTERRUPTED', { message: `interrupted by ${signal}` }));
  };
  const listen = (signal: NodeJS.Signals): void => {
    if (drain.signal.aborted) {
      stop(signal, {});
      return;
    }
    drain.abort(signal);
    follow({ type: 'draining', signal, ...grace });
    if (graceSeconds !== undefined) timer = setTimeout(() => stop(signal, grace), graceSeconds * 1000);
  };
  for (const signal of SIGNALS) process.on(signal, listen);
  return {
    signals: { drain: drain.signal, abort: abort.signal },
    stopListening: () => {
      clearTimeout(timer);
      for (const signal of SIGNALS) process.off(signal, listen);
    },
  };
};
