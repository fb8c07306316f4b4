import { SyncError } from '../core/errors.js';

const CODES: ReadonlySet<string> = new Set(['CONN_REFUSED', 'CONN_TIMEOUT', 'CONN_LOST']);

/** Reaching a server that was reached before is a matter of time. */
export const isServerGone = (error: unknown): boolean => error instanceof SyncError && CODES.has(error.code);
