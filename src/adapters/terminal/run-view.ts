import type { RunEvent } from '../../core/run/run-event.js';

/** Shows a run to a person. It follows events and does no work. */
export interface RunView {
  follow(event: RunEvent): void;
  /** Resolves when nothing more will be written. */
  end(): Promise<void>;
}

export interface ViewClock {
  monotonic(): number;
}
