import { type ErrorCode, SyncError } from '../errors.js';
import { exitCodeOf } from '../exit-codes.js';
import { formatPlural } from '../plural.js';

/** One problem in a file that a person wrote. `line` and `column` count from 1. */
export interface Diagnostic {
  readonly code: ErrorCode;
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** How many characters the caret line marks, at least 1. */
  readonly length: number;
  /** Says what is wrong without the schema's jargon. */
  readonly message: string;
  /** Printed after the carets, for example `did you mean "databases"?`. */
  readonly hint?: string;
  /** Up to three lines of the file that end with the line of the problem. */
  readonly excerpt: readonly { readonly line: number; readonly text: string }[];
}

/** All the problems of one file or several at once. The code is that of the first problem. */
export class InvalidFileError extends SyncError {
  readonly diagnostics: readonly Diagnostic[];

  constructor(diagnostics: readonly [Diagnostic, ...Diagnostic[]]) {
    const files = [...new Set(diagnostics.map(({ file }) => file))].join(', ');
    const count = formatPlural(diagnostics.length, 'problem');
    super(diagnostics[0].code, { message: `${files}: ${count}` });
    this.diagnostics = diagnostics;
  }

  /** A file with a problem is invalid input, also when the same code elsewhere means another exit. */
  override get exitCode(): number {
    return exitCodeOf('invalidInput');
  }
}
