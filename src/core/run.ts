import type { ErrorReport } from './errors.js';
import type { DatabaseOutcome } from './outcome.js';
import type { RunId } from './names.js';

/** One apply as the history keeps it. Times are RFC 3339. */
export interface Run {
  readonly id: RunId;
  readonly startedAt: string;
  /** Undefined while it runs, or when its process was killed. */
  readonly finishedAt?: string;
  /** `user@host` of the person or pipeline. */
  readonly startedBy: string;
  readonly processId: number;
  readonly plan: { readonly name: string; readonly path: string; readonly digest: string };
  readonly source: { readonly name: string; readonly address: string; readonly server: string };
  readonly target: { readonly name: string; readonly address: string; readonly server: string };
  readonly databases: readonly string[];
  readonly exitCode?: number;
  readonly error?: ErrorReport;
  readonly outcomes: readonly DatabaseOutcome[];
  readonly logPath?: string;
}
