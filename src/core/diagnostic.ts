import { type ErrorCode, SyncError } from './errors.js';

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

/** All the problems of a file at once. The code is that of the first problem. */
export class InvalidFileError extends SyncError {
  readonly diagnostics: readonly Diagnostic[];

  constructor(diagnostics: readonly [Diagnostic, ...Diagnostic[]]) {
    const [first] = diagnostics;
    super(first.code, {
      message: `${first.file}: ${diagnostics.length === 1 ? '1 problem' : `${String(diagnostics.length)} problems`}`,
    });
    this.diagnostics = diagnostics;
  }
}
