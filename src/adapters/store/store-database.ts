import knexPackage, { type Knex } from 'knex';
import { SyncError } from '../../core/errors.js';
import { quoteShellWord } from '../../core/shell-word.js';
import { chooseDialect } from './sqlite-dialect.js';

/** The open SQLite file. What SQLite says comes out as a SyncError that names the file. */
export interface StoreDatabase {
  run<T>(work: (db: Knex) => PromiseLike<T>): Promise<T>;
  close(): Promise<void>;
}

/** So many rows are written by one statement, which takes 32,766 values at most. */
export const ROWS_TOGETHER = 100;

const silence = (): void => undefined;
// knex prints to stdout by default, which belongs to the command's result.
const QUIET = { warn: silence, error: silence, debug: silence, deprecate: silence };

/**
 * Opens the file, which exists already with its right mode. Another process that holds the file is waited for
 * `busyTimeoutMilliseconds`. The rollback journal is used rather than WAL: it works on network home folders too, and
 * the store is written a few times a run.
 */
export const openDatabase = async (file: string, busyTimeoutMilliseconds: number): Promise<StoreDatabase> => {
  const db = knexPackage({
    client: await chooseDialect(),
    connection: { filename: file },
    useNullAsDefault: true,
    // One connection that is never replaced: the pragmas below are its own.
    pool: { min: 1, max: 1 },
    // Otherwise errors quote the values of the statement, and with them what is kept of passwords.
    compileSqlOnError: false,
    log: QUIET,
  });
  const run: StoreDatabase['run'] = async (work) => {
    try {
      return await work(db);
    } catch (error) {
      throw describeSqliteError(error, file, busyTimeoutMilliseconds);
    }
  };
  const close = async (): Promise<void> => db.destroy();
  try {
    await run((opened) => opened.raw(`PRAGMA busy_timeout = ${Math.round(busyTimeoutMilliseconds)}`));
    // Freed pages are overwritten, so that a password that was replaced or deleted is gone from the file.
    await run((opened) => opened.raw('PRAGMA secure_delete = ON'));
  } catch (error) {
    // A pool that nobody destroys keeps the process alive.
    await close();
    throw error;
  }
  return { run, close };
};

const RESULT_NAMES: Readonly<Record<number, string>> = {
  1: 'SQLITE_ERROR',
  3: 'SQLITE_PERM',
  5: 'SQLITE_BUSY',
  6: 'SQLITE_LOCKED',
  7: 'SQLITE_NOMEM',
  8: 'SQLITE_READONLY',
  10: 'SQLITE_IOERR',
  11: 'SQLITE_CORRUPT',
  13: 'SQLITE_FULL',
  14: 'SQLITE_CANTOPEN',
  15: 'SQLITE_PROTOCOL',
  22: 'SQLITE_NOLFS',
  26: 'SQLITE_NOTADB',
};

/** SQLite's primary result code: `sqlite3` puts it in `errno`, `node:sqlite` in `errcode`. */
const resultCodeOf = (error: unknown): number => {
  const { errno, errcode } = error as { readonly errno?: unknown; readonly errcode?: unknown };
  const code = errcode ?? errno;
  return typeof code === 'number' ? code & 0xff : 0;
};

const describeSqliteError = (error: unknown, file: string, waitedMilliseconds: number): unknown => {
  if (error instanceof SyncError || !(error instanceof Error)) return error;
  const code = resultCodeOf(error);
  const name = RESULT_NAMES[code];
  // A row of JSON that was cut off or overwritten.
  if (error instanceof SyntaxError) return describeDamaged(file, error.message, error);
  if (name === undefined || (code === 1 && !OTHER_TABLES.test(error.message))) return error;
  if (code === 5 || code === 6)
    return new SyncError('STORE_UNUSABLE', {
      message: `${file} is locked by another process; waited ${waitedMilliseconds / 1000} s (${name} ${code})`,
      hints: [
        'Try again when the other mysql-sync has ended',
        `See who holds it:  fuser ${quoteShellWord(file)}`,
      ],
      cause: error,
    });
  if (code === 11 || code === 26) return describeDamaged(file, `${name} ${code}`, error);
  if (code === 1) return describeDamaged(file, reasonOf(error), error);
  return new SyncError('STORE_UNUSABLE', {
    message: `cannot read or write ${file}: ${reasonOf(error)} (${name} ${code})`,
    hints: ['Check its permissions and the free space, or choose another folder with MYSQL_SYNC_HOME'],
    cause: error,
  });
};

/** The file is SQLite's, and its tables are not those that mysql-sync makes. Any other error of this kind is a bug. */
const OTHER_TABLES = /no such (?:table|column): |has no column named |table \S+ already exists/;

const describeDamaged = (file: string, evidence: string, cause: unknown): SyncError => {
  const word = quoteShellWord(file);
  return new SyncError('STORE_UNUSABLE', {
    message: `${file} is damaged and was left as it is (${evidence})`,
    hints: [
      `Put it back from a backup, or move it aside:  mv ${word} ${quoteShellWord(`${file}.damaged`)}`,
      'Then add the connections again:  mysql-sync connections add NAME',
    ],
    cause,
  });
};

/** knex puts the statement before SQLite's own words. */
const reasonOf = (error: Error): string => error.message.split(' - ').at(-1) ?? error.message;
