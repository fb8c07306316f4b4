import { type ErrorCode, SyncError } from '../../../core/errors.js';
import { describeEvidence, hintAtFailure, isAccessDenied, isConnectionLost, isTransient } from './errors.js';

export interface Failure {
  readonly code: ErrorCode;
  /** What could not be done, for example `cannot create table shop.orders`. */
  readonly what: string;
  readonly hints?: readonly string[];
}

/**
 * Names the object that a server's error is about. A lost connection is CONN_LOST and a missing privilege
 * PRIVILEGE_MISSING, whatever was tried; errors that are explained already pass through.
 */
export const explainFailure = (error: unknown, { code, what, hints = [] }: Failure): SyncError => {
  if (error instanceof SyncError) return error;
  const isLost = isConnectionLost(error);
  return new SyncError(isLost ? 'CONN_LOST' : isAccessDenied(error) ? 'PRIVILEGE_MISSING' : code, {
    message: `${what}: ${describeEvidence(error)}`,
    hints: isLost ? hintAtFailure(error) : [...hints, ...hintAtFailure(error)],
    cause: error,
    isTransient: isTransient(error),
  });
};
