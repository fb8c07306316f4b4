import { setMaxListeners } from 'node:events';
import { SyncError } from '../../core/errors.js';
import type { RunSignals } from '../../engine/run-context.js';

export interface Interrupts {
  readonly signals: RunSignals;
  /** Gives the signals back to the process. */
  stopListening(): void;
}

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * The first SIGINT, SIGTERM or SIGHUP (its terminal was closed) drains: nothing more starts and what is in flight is finished. The second stops now.
 * A swap that has begun is finished in any case: it takes a moment, and stopping inside it is what must not happen.
 */
export const listenForInterrupts = (
  follow: (event: { readonly type: 'draining' | 'stopping'; readonly signal: string }) => void,
): Interrupts => {
  const drain = new AbortController();
  const abort = new AbortController();
  // Each database that is copied listens.
  setMaxListeners(0, drain.signal, abort.signal);
  const listen = (signal: NodeJS.Signals): void => {
    if (abort.signal.aborted) return;
    if (drain.signal.aborted) {
      follow({ type: 'stopping', signal });
      abort.abort(new SyncError('INTERRUPTED', { message: `interrupted by ${signal}` }));
    } else {
      drain.abort(signal);
      follow({ type: 'draining', signal });
    }
  };
  for (const signal of SIGNALS) process.on(signal, listen);
  return {
    signals: { drain: drain.signal, abort: abort.signal },
    stopListening: () => {
      for (const signal of SIGNALS) process.off(signal, listen);
    },
  };
};
