import type { Look } from '../../render/paint.js';

/** Where a command's text goes: results to stdout, everything else to stderr. */
export interface Screen {
  readonly format: 'text' | 'json';
  readonly output: Look;
  readonly error: Look;
  readonly isQuiet: boolean;
  /** May a prompt be shown? */
  readonly canPrompt: boolean;
  print(lines: readonly string[]): void;
  printJson(kind: string, payload: object): void;
  /** A line for the person; nothing under `--quiet`. */
  notice(line: string): void;
}
