import type mysql from 'mysql2/promise';
import type { DatabaseName } from '../../../core/names.js';
import type { ProgramDefinition } from '../../../engine/ports/server.js';
import { checkPrintedProgram } from '../definitions/check-printed.js';
import { type KnownDefiners, type ProgramJob, compileProgram } from './compile-program.js';
import { createViews } from './create-views.js';
import { quoteName } from '../connection/identifiers.js';
import { LONG_PATIENCE, retryWhileLocked } from '../locks/metadata-locks.js';
import { explainProgramFailure } from './program-failures.js';
import { readFirstColumn } from '../connection/rows.js';

/**
 * Creates programs, one statement a query, each in the session it was made in. Works on a connection of its own: the
 * session and the current database change.
 * @throws SyncError DEFINITION_REFUSED before anything is created; PROGRAMS_FAILED or PRIVILEGE_MISSING naming the program, the server's error and what to do
 */
export const createPrograms = async (connection: mysql.Connection, job: ProgramJob): Promise<void> => {
  const { database, programs, sourceDatabase } = job;
  for (const program of programs) checkPrintedProgram(program, sourceDatabase);
  await connection.query(`USE ${quoteName(database)}`);
  const collation = await openCollationSwitch(connection, database);
  const definers: KnownDefiners = new Map();
  try {
    const isView = ({ kind }: ProgramDefinition): boolean => kind === 'view';
    const first = programs.findIndex(isView);
    const views = programs.filter(isView);
    for (const program of programs.slice(0, first === -1 ? undefined : first))
      await createProgram(connection, job, program, definers, collation);
    await createViews(connection, job, views, definers);
    if (first === -1) return;
    for (const program of programs.slice(first).filter((one) => !isView(one)))
      await createProgram(connection, job, program, definers, collation);
  } finally {
    await collation.restore();
  }
};

const createProgram = async (
  connection: mysql.Connection,
  job: ProgramJob,
  program: ProgramDefinition,
  definers: KnownDefiners,
  collation: CollationSwitch,
): Promise<void> => {
  try {
    if (program.databaseCollation !== undefined) await collation.set(program.databaseCollation);
    // A trigger needs its table for itself, and readers may have come to it since it is live.
    await retryWhileLocked(connection, LONG_PATIENCE, () =>
      compileProgram(connection, job, program, definers),
    );
  } catch (error) {
    throw explainProgramFailure(error, program, job);
  }
};

interface CollationSwitch {
  set(collation: string): Promise<void>;
  restore(): Promise<void>;
}

/**
 * A program keeps its database's collation of the day it was made, and its parameters take their character set from
 * it. No session setting stands for it: the database itself has to have that collation for a moment.
 */
const openCollationSwitch = async (
  connection: mysql.Connection,
  database: DatabaseName,
): Promise<CollationSwitch> => {
  const [own = ''] = await readFirstColumn(connection, 'SELECT @@collation_database');
  let current = own;
  const set = async (collation: string): Promise<void> => {
    if (collation === current) return;
    await connection.query(`ALTER DATABASE ${quoteName(database)} COLLATE ${quoteName(collation)}`);
    current = collation;
  };
  return { set, restore: () => set(own) };
};
