import { basename } from 'node:path';
import { SyncError } from '../../core/errors.js';
import type { DatabaseName, TableName } from '../../core/names.js';
import type { ClientEnd } from './client-process.js';
import { NO_PLUGINS } from './option-file.js';
import { NATIVE_HINT } from './native-hint.js';
import { type ClientError, listComplaints, readClientError } from './stderr.js';

/** Who was at work: names for people. */
export interface PipeNames {
  readonly database: DatabaseName;
  /** The connections' names. */
  readonly source: string;
  readonly target: string;
  /** Paths of the programs. */
  readonly dumpProgram: string;
  readonly loaderProgram: string;
}

/** The loader ended before it should, or not well. `tableAtLine` finds the statement that its error is about. */
export const loaderFailure = (
  names: PipeNames,
  end: ClientEnd,
  tableAtLine: (line: number) => TableName | undefined,
): SyncError => {
  const error = readClientError(end.stderr);
  const table = error?.line === undefined ? undefined : tableAtLine(error.line);
  const where = table === undefined ? `into ${names.target}` : `rows of ${table} into ${names.target}`;
  return copyFailed(names, `${basename(names.loaderProgram)} could not load ${where}`, end, error, 'loader');
};

/** The dump ended without having written everything. `table` is the one whose rows were coming. */
export const dumpFailure = (names: PipeNames, end: ClientEnd, table: TableName | undefined): SyncError => {
  const where = table === undefined ? names.source : `${table} on ${names.source}`;
  return copyFailed(
    names,
    `${basename(names.dumpProgram)} could not read ${where}`,
    end,
    readClientError(end.stderr),
    'dump',
  );
};

/** The dump ended as if all were well, but what it wrote is not whole. `clause` has the dump as `it`. */
export const distrustedDump = (names: PipeNames, clause: string): SyncError =>
  new SyncError('COPY_FAILED', {
    message: `${names.database}: the dump that ${basename(names.dumpProgram)} made of ${names.source} cannot be trusted: ${clause}.`,
    hints: [`Is ${names.dumpProgram} the real program, and are its tables still there?`, NATIVE_HINT],
  });

export const startFailure = (names: PipeNames, program: string, cause: unknown): SyncError =>
  new SyncError('COPY_FAILED', {
    message: `${names.database}: ${program} could not be started: ${describeCause(cause)}.`,
    hints: [NATIVE_HINT],
    cause,
  });

/** The password is handed to the clients in a file. */
export const optionFileFailure = (names: PipeNames, folder: string, cause: unknown): SyncError =>
  new SyncError('COPY_FAILED', {
    message: `${names.database}: the option file of the client programs cannot be written in ${folder}: ${describeCause(cause)}.`,
    hints: ['Name a folder that you can write to:  export TMPDIR=FOLDER', NATIVE_HINT],
    cause,
  });

const describeCause = (cause: unknown): string => (cause instanceof Error ? cause.message : String(cause));

/** The connection could not be had or was lost, a deadlock, a lock that was not had in time, a server going down. */
const TRANSIENT = new Set([1040, 1053, 1205, 1213, 2002, 2003, 2006, 2013, 2026, 2055]);

/** A loader hears 2006 when the server hung up on a packet that is too large: that happens every time. */
const isTransient = (number: number, role: 'dump' | 'loader'): boolean =>
  TRANSIENT.has(number) && !(role === 'loader' && number === 2006);

const copyFailed = (
  { database }: PipeNames,
  what: string,
  end: ClientEnd,
  error: ClientError | undefined,
  role: 'dump' | 'loader',
): SyncError =>
  new SyncError('COPY_FAILED', {
    message: `${database}: ${what}: ${error?.text ?? describeEnd(end)}`,
    hints: hintsFor(error, role),
    isTransient: isTransient(error?.number ?? 0, role),
  });

const describeEnd = ({ code, signal, stderr }: ClientEnd): string => {
  if (signal !== null) return `it was killed by ${signal}`;
  const [complaint] = listComplaints(stderr);
  return complaint ?? `it ended with exit code ${code ?? '?'} before it was done`;
};

const PACKET_HINTS = [
  'A row may be larger than max_allowed_packet allows; text and binary values up to double on their way.',
  'On both servers:  SET GLOBAL max_allowed_packet = 1073741824',
];
const PASSWORD_HINTS = [
  "This account needs the password itself, and MariaDB's programs may send it only to a server whose certificate is checked.",
  'Check it:  tls: {mode: verify-ca, ca: FILE}',
  'Or choose `engine: native` in the plan.',
];
const hintsFor = (error: ClientError | undefined, role: 'dump' | 'loader'): readonly string[] => {
  if (error?.text.includes(`${NO_PLUGINS}/`)) return PASSWORD_HINTS;
  switch (error?.number) {
    case 1153:
    case 2020:
      return PACKET_HINTS;
    case 2006:
      return role === 'loader' ? PACKET_HINTS : [];
    case 2013:
      // What a loader hears of a packet that is too large is a matter of time: 1153, 2006 or this.
      return role === 'loader'
        ? PACKET_HINTS
        : [
            'The source gives up when the target takes nothing for net_write_timeout seconds.',
            'On the source:  SET GLOBAL net_write_timeout = 3600',
            NATIVE_HINT,
          ];
    case 1044:
    case 1045:
    case 1142:
    case 1227:
      return ['The account lacks a privilege that this client program needs.', NATIVE_HINT];
    case 1524:
    case 2026:
    case 2059:
    case 2061:
      return ['This client program cannot log in to this server the way the tool itself did.', NATIVE_HINT];
    case 1021:
    case 1114:
      return [
        'The disk of the target is full, or a tablespace or tmpdir on it; a MEMORY table, at max_heap_table_size.',
      ];
    default:
      // It broke, or was killed, without a word of a server.
      return error === undefined ? [NATIVE_HINT] : [];
  }
};
