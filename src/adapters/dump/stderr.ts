import type { ClientEnd } from './client-process.js';

/** Lines that the clients write although nothing is wrong. Whatever else they write is an error, also with exit code 0. */
const HARMLESS: readonly RegExp[] = [
  /Deprecated program name\. It will be removed in a future release, use '.+' instead$/,
  /^WARNING: option --ssl-verify-server-cert is disabled, because of an insecure passwordless login\.$/,
  /\[Warning\] Using a password on the command line interface can be insecure\.$/,
];

/** Nobody reads more of one line in an error. */
const MOST_LINE_CHARACTERS = 1000;

export const listComplaints = (stderr: string): readonly string[] =>
  stderr
    .split('\n')
    .filter((line) => line.trim() !== '' && !HARMLESS.some((harmless) => harmless.test(line)))
    .map((line) => (line.length > MOST_LINE_CHARACTERS ? `${line.slice(0, MOST_LINE_CHARACTERS)}...` : line));

export const isCleanEnd = (end: ClientEnd): boolean =>
  end.code === 0 && end.signal === null && listComplaints(end.stderr).length === 0;

/** What a client said of its failure. */
export interface ClientError {
  /** The server's or the client's own words, with the number. */
  readonly text: string;
  readonly number: number | undefined;
  /** Line of its input, from 1: the loader only. */
  readonly line: number | undefined;
}

const LOADER_ERROR = /^ERROR (\d+)(?: \((\w+)\))?(?: at line (\d+))?: ([^]*)$/;
const DUMP_NUMBER = /\bError:? (\d+): |\((\d{4})\)|Got error: (\d+): /;

/**
 * The loader prints the whole failing statement, rows and all, before its error: only the error is taken. A dump that
 * fails says why in its first line.
 */
export const readClientError = (stderr: string): ClientError | undefined => {
  const complaints = listComplaints(stderr);
  const index = complaints.findLastIndex((line) => LOADER_ERROR.test(line));
  if (index !== -1) return readLoaderError(complaints.slice(index).join(' '));
  const [first] = complaints;
  if (first === undefined) return undefined;
  const number = DUMP_NUMBER.exec(first)?.slice(1).find(Boolean);
  return {
    text: first.replace(/^\S*(?:mariadb-dump|mysqldump|mariadb|mysql): /, ''),
    number: number === undefined ? undefined : Number(number),
    line: undefined,
  };
};

const readLoaderError = (line: string): ClientError | undefined => {
  const [, number, , at, text = ''] = LOADER_ERROR.exec(line) ?? [];
  return {
    text: `${text} (error ${number ?? '?'})`,
    number: Number(number),
    line: at === undefined ? undefined : Number(at),
  };
};
