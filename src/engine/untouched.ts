import type { DatabaseChange } from '../core/change/change-set.js';
import { reportError } from '../core/errors.js';
import type { DatabaseOutcome } from '../core/run/outcome.js';
import type { ClaimingWorker } from './claiming-worker.js';
import { keepHistory } from './keep-history.js';

/** Ends a database of which this worker has copied nothing, and tells of it. */
export const endUntouched = async (
  { request: { run }, ports }: Pick<ClaimingWorker, 'request' | 'ports'>,
  change: DatabaseChange,
  status: Exclude<DatabaseOutcome['status'], 'applied'>,
  error?: unknown,
): Promise<DatabaseOutcome> => {
  const outcome: DatabaseOutcome = {
    from: change.from,
    to: change.to,
    status,
    action: change.action === 'create' ? 'create' : 'overwrite',
    targetState: TARGET_STATES[status],
    tables: 0,
    rows: 0,
    bytes: 0,
    durationMilliseconds: 0,
    verification: null,
    notes: [],
    error: error === undefined ? null : reportError(error),
  };
  await keepHistory(change.to, ports.events, () => ports.history.record(run, [{ outcome }]));
  ports.events({ type: 'database-finished', database: change.to, outcome });
  return outcome;
};

/** Nobody knows what another worker has done to its database by now. */
const TARGET_STATES = {
  failed: 'old',
  interrupted: 'old',
  'not-started': 'old',
  'already-applied': 'new',
  elsewhere: 'unsure',
} as const;
