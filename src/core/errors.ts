import { type ExitName, exitCodeOf } from './exit-codes.js';

/** Every error code that a person or a script can see, with the exit it leads to. A closed list. */
export const ERROR_EXITS = {
  PLAN_NOT_FOUND: 'invalidInput',
  PLAN_SYNTAX: 'invalidInput',
  PLAN_SCHEMA: 'invalidInput',
  PLAN_ENV_UNSET: 'invalidInput',
  PLAN_ENV_REFUSED: 'invalidInput',
  PLAN_LITERAL_SECRET: 'invalidInput',
  SELECTION_INVALID: 'invalidInput',
  SELECTION_EMPTY: 'invalidInput',
  SOURCE_DATABASE_MISSING: 'invalidInput',
  CONFIG_INVALID: 'invalidInput',
  INPUT_INVALID: 'invalidInput',
  RUN_UNKNOWN: 'invalidInput',
  CONN_UNKNOWN: 'cannotConnect',
  CONN_EXISTS: 'invalidInput',
  CONN_OTHER_SERVER: 'refusedByPolicy',
  CONN_REFUSED: 'cannotConnect',
  CONN_TIMEOUT: 'cannotConnect',
  CONN_DNS: 'cannotConnect',
  CONN_SSH: 'cannotConnect',
  CONN_TLS: 'cannotConnect',
  CONN_AUTH: 'cannotConnect',
  CONN_LOST: 'cannotConnect',
  CONN_PASSWORD: 'cannotConnect',
  SERVER_UNSUPPORTED: 'cannotConnect',
  PRIVILEGE_MISSING: 'cannotConnect',
  TOOL_MISSING: 'invalidInput',
  APPROVAL_REQUIRED: 'notApproved',
  APPROVAL_MISMATCH: 'notApproved',
  APPROVAL_DECLINED: 'notApproved',
  PLAN_STALE: 'stalePlan',
  PLAN_EXPIRED: 'stalePlan',
  PLAN_ALREADY_APPLIED: 'stalePlan',
  PLAN_OTHER_SERVER: 'stalePlan',
  TARGET_LOCKED: 'targetLocked',
  TARGET_READ_ONLY: 'refusedByPolicy',
  TARGET_PROTECTED: 'refusedByPolicy',
  SAME_DATABASE: 'refusedByPolicy',
  DATABASE_BLOCKED: 'refusedByPolicy',
  STORE_UNUSABLE: 'invalidInput',
  STORE_INSECURE: 'refusedByPolicy',
  SERVER_ERROR: 'databaseFailed',
  DEFINITION_REFUSED: 'databaseFailed',
  COPY_FAILED: 'databaseFailed',
  TARGET_WRITTEN: 'databaseFailed',
  SWAP_FAILED: 'databaseFailed',
  SWAP_UNSETTLED: 'databaseFailed',
  PROGRAMS_FAILED: 'databaseFailed',
  VERIFY_DIFFERENT: 'databaseFailed',
  PRESERVE_FAILED: 'databaseFailed',
  HOOK_FAILED: 'databaseFailed',
  ASSERT_FAILED: 'databaseFailed',
  MASK_LEAK: 'databaseFailed',
  INTERRUPTED: 'interrupted',
} as const satisfies Record<string, ExitName>;

export type ErrorCode = keyof typeof ERROR_EXITS;

export interface SyncErrorParts {
  /** What happened and why, in one sentence, with the person's own names and the server's own code. A list is one line each. */
  readonly message: string | readonly string[];
  /** What to do: sentences or commands to run, one a line. */
  readonly hints?: readonly string[];
  readonly cause?: unknown;
  /** May the same work succeed when it is done again from its start? */
  readonly isTransient?: boolean;
}

/** An error that a person can act on. It stops a run, or fails one database inside it. Never carries a secret. */
export class SyncError extends Error {
  readonly code: ErrorCode;
  /** The message line by line: a line end inside of one came with a name or from a server, and is shown as an escape. */
  readonly lines: readonly string[];
  readonly hints: readonly string[];
  readonly isTransient: boolean;

  constructor(code: ErrorCode, { message, hints = [], cause, isTransient = false }: SyncErrorParts) {
    const lines = typeof message === 'string' ? [message] : message;
    super(lines.join('\n'), { cause });
    this.name = 'SyncError';
    this.lines = lines;
    this.code = code;
    this.hints = hints;
    this.isTransient = isTransient;
  }

  get exitCode(): number {
    return exitCodeOf(ERROR_EXITS[this.code]);
  }
}

/** Something that cannot happen did: the fault is ours, and the stack trace is shown. */
export class BugError extends Error {
  override readonly name = 'BugError';
}

/** An error as data, for events, history and JSON. */
export interface ErrorReport {
  readonly code: ErrorCode | 'BUG';
  readonly message: string;
  readonly hints: readonly string[];
}

export const reportError = (error: unknown): ErrorReport => {
  if (error instanceof SyncError) return { code: error.code, message: error.message, hints: error.hints };
  return { code: 'BUG', message: error instanceof Error ? error.message : String(error), hints: [] };
};
