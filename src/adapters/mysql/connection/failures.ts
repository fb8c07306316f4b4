import { type ErrorCode, SyncError } from '../../../core/errors.js';
import {
  describeEvidence,
  hintAtFailure,
  isAccessDenied,
  isConnectionLost,
  isTransient,
  nameServerError,
} from './errors.js';

export interface Failure {
  readonly code: ErrorCode;
  /** What could not be done, for example `cannot create table shop.orders`. */
  readonly what: string;
  readonly hints?: readonly string[];
  /** What the server says may hold a value that is masked: its number is all that is told. */
  readonly isPrivate?: boolean;
  /** Which SQL such a value is in, where it is not that of masks. */
  readonly sqlOf?: string;
}

/**
 * Names the object that a server's error is about. A lost connection is CONN_LOST and a missing privilege
 * PRIVILEGE_MISSING, whatever was tried; errors that are explained already pass through.
 */
export const explainFailure = (
  error: unknown,
  { code, what, hints = [], isPrivate = false, sqlOf = "the plan's masks" }: Failure,
): SyncError => {
  if (error instanceof SyncError) return error;
  const isLost = isConnectionLost(error);
  const number = isPrivate && !isLost ? nameServerError(error) : undefined;
  return new SyncError(isLost ? 'CONN_LOST' : isAccessDenied(error) ? 'PRIVILEGE_MISSING' : code, {
    message: `${what}: ${number === undefined ? describeEvidence(error) : `${number} in SQL of ${sqlOf}; its text is not shown, as it may hold a value`}`,
    hints: isLost ? hintAtFailure(error) : [...hints, ...hintAtFailure(error)],
    ...(number === undefined && { cause: error }),
    isTransient: isTransient(error),
  });
};
