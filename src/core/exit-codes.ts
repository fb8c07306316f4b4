interface ExitCode {
  readonly code: number;
  readonly brief: string;
  readonly meaning: string;
  readonly again?: 'retry' | 'never';
}

/**
 * The process exit codes: the one table that `--help`, the docs and the error classes read; `brief` is for help. `again` is for what
 * starts an apply by itself: `retry` where the same call can end better later, `never` where it first takes a person.
 * The others are left to what it does with any failure: it ends well, no apply ends so, a person ended it, or it is a bug.
 */
export const EXIT_CODES = {
  done: { code: 0, brief: 'done', meaning: 'done, or nothing to do' },
  unexpected: { code: 1, brief: 'a bug in mysql-sync', meaning: 'unexpected error (a bug in mysql-sync)' },
  changesPending: {
    code: 2,
    brief: 'changes to apply',
    meaning:
      'plan --detailed-exitcode: there are changes to apply; status --max-age: a copy is older than that',
  },
  databaseFailed: {
    again: 'retry',
    code: 3,
    brief: 'a database failed',
    meaning: 'apply ran and a database failed, or verify found differences',
  },
  cannotConnect: {
    again: 'retry',
    code: 4,
    brief: 'cannot connect, or a privilege is missing',
    meaning: 'cannot connect or authenticate, or a privilege is missing',
  },
  invalidInput: {
    again: 'never',
    code: 5,
    brief: 'invalid input',
    meaning: 'invalid input: plan file, schema, variable, config or selection',
  },
  notApproved: {
    again: 'never',
    code: 6,
    brief: 'approval not given',
    meaning: 'approval was not given; nothing was changed',
  },
  stalePlan: {
    again: 'never',
    code: 7,
    brief: 'the servers changed since the plan was shown',
    meaning: 'saved plan is stale, expired, already applied or for another server',
  },
  targetLocked: {
    again: 'retry',
    code: 8,
    brief: 'the target is locked by another run',
    meaning: 'the target is locked by another run',
  },
  refusedByPolicy: {
    again: 'never',
    code: 9,
    brief: 'refused by policy',
    meaning: 'refused: target is read-only or protected, same database, or a blocked database',
  },
  usage: { again: 'never', code: 64, brief: 'wrong command line', meaning: 'the command line is wrong' },
  outputLost: {
    code: 74,
    brief: 'the result could not be written',
    meaning: 'done, but the result could not be written to stdout',
  },
  interrupted: { code: 130, brief: 'interrupted', meaning: 'interrupted with Ctrl-C' },
  terminated: { again: 'retry', code: 143, brief: 'terminated', meaning: 'terminated by SIGTERM or SIGHUP' },
} as const satisfies Readonly<Record<string, ExitCode>>;

export type ExitName = keyof typeof EXIT_CODES;

export const exitCodeOf = (name: ExitName): number => EXIT_CODES[name].code;

/** The exit code of a run that a signal drained; the reason of the abort is the signal's name. */
export const exitCodeOfSignal = ({ reason }: { readonly reason: unknown }): number =>
  exitCodeOf(reason === 'SIGTERM' || reason === 'SIGHUP' ? 'terminated' : 'interrupted');

/** The name of an exit code that this table has; anything else is a bug. */
export const exitNameOf = (code: number): ExitName =>
  (Object.keys(EXIT_CODES) as ExitName[]).find((name) => EXIT_CODES[name].code === code) ?? 'unexpected';
