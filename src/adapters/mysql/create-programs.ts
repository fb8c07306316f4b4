import type mysql from 'mysql2/promise';
import { readEventState, writeEventState } from '../../core/event-text.js';
import { isAtLeast } from '../../core/flavor.js';
import type { ProgramKind, ServerFacts } from '../../core/inventory.js';
import { moveProgram } from '../../core/move-program.js';
import type { DatabaseName } from '../../core/names.js';
import { describeOwn } from '../../core/own-names.js';
import { replaceDefiner } from '../../core/program-text.js';
import type { ProgramDefinition, ProgramUse } from '../../engine/ports.js';
import { checkPrintedProgram } from './check-printed.js';
import { isRoutineDenied } from './errors.js';
import { explainFailure } from './failures.js';
import { quoteName, quoteTable } from './identifiers.js';
import { LONG_PATIENCE, PATIENCE, type Patience, explainLocked, retryWhileLocked } from './metadata-locks.js';
import { explainProgramFailure } from './program-failures.js';
import { runAsMade } from './program-session.js';
import { readColumn } from './rows.js';
import { dropStandIns, makeStandIns } from './stand-ins.js';

export interface ProgramJob {
  readonly database: DatabaseName;
  /** In the order of `readProgramDefinitions`. */
  readonly programs: readonly ProgramDefinition[];
  readonly sourceDatabase: DatabaseName;
  readonly use: ProgramUse;
  /** Of the server that they are created on. */
  readonly facts: ServerFacts;
}

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
  try {
    const isView = ({ kind }: ProgramDefinition): boolean => kind === 'view';
    const first = programs.findIndex(isView);
    const views = programs.filter(isView);
    for (const program of programs.slice(0, first === -1 ? undefined : first))
      await createProgram(connection, job, program, collation);
    await createViews(connection, job, views);
    if (first === -1) return;
    for (const program of programs.slice(first).filter((one) => !isView(one)))
      await createProgram(connection, job, program, collation);
  } finally {
    await collation.restore();
  }
};

const createProgram = async (
  connection: mysql.Connection,
  job: ProgramJob,
  program: ProgramDefinition,
  collation: CollationSwitch,
): Promise<void> => {
  try {
    if (program.databaseCollation !== undefined) await collation.set(program.databaseCollation);
    // A trigger needs its table for itself, and readers may have come to it since it is live.
    await retryWhileLocked(connection, LONG_PATIENCE, () => compile(connection, job, program));
  } catch (error) {
    throw explainProgramFailure(error, program, job);
  }
};

/**
 * Where a view calls a function, servers look whether both definers may call it, and those may have privileges in the
 * live database only. So in a rehearsal functions are made once more as the own account's, and so are such views.
 */
const compile = async (
  connection: mysql.Connection,
  job: ProgramJob,
  program: ProgramDefinition,
): Promise<void> => {
  const statement = rewriteStatement(program, job);
  const own = replaceDefiner(statement, job.facts.account, program.sqlMode);
  const isTried = job.use === 'rehearsal' && own !== statement;
  try {
    await runAsMade(connection, program, statement, job.facts);
    if (!isTried || !CALLABLE.has(program.kind)) return;
    await dropPrograms(connection, job.database, [program]);
  } catch (error) {
    if (!isTried || !isRoutineDenied(error)) throw error;
  }
  await runAsMade(connection, program, own, job.facts);
};

const CALLABLE: ReadonlySet<ProgramKind> = new Set(['function', 'package', 'package body']);

const rewriteStatement = (
  program: ProgramDefinition,
  { database, programs, sourceDatabase, use, facts }: ProgramJob,
): string => {
  const moved = moveProgram(program, describeOwn(sourceDatabase, facts, programs), database);
  return program.kind === 'event'
    ? writeEventState(
        moved,
        use === 'rehearsal' ? 'disabled' : readEventState(program),
        isAtLeast(facts.flavor, 'mysql', 8, 2) ? 'REPLICA' : 'SLAVE',
      )
    : moved.statement;
};

/**
 * Views in rounds, until a round makes none: a view may need another through a function, which no text shows. What
 * is left then refers to something that does not exist (the server lists and prints such views, and does not create
 * them), so the missing tables are stood in for while the rest is made.
 */
const createViews = async (
  connection: mysql.Connection,
  job: ProgramJob,
  views: readonly ProgramDefinition[],
): Promise<void> => {
  const broken = await createInRounds(connection, job, views);
  if (broken.length === 0) return;
  const texts = broken.map(({ view }) => ({ name: view.name, statement: rewriteStatement(view, job) }));
  const standIns = await makeStandIns(connection, job.database, texts);
  try {
    const [left] = await createInRounds(
      connection,
      job,
      broken.map(({ view }) => view),
    );
    if (left) throw explainProgramFailure(left.error, left.view, job);
  } finally {
    await dropStandIns(connection, job.database, standIns);
  }
};

interface FailedView {
  readonly view: ProgramDefinition;
  readonly error: unknown;
}

const createInRounds = async (
  connection: mysql.Connection,
  job: ProgramJob,
  views: readonly ProgramDefinition[],
): Promise<readonly FailedView[]> => {
  const failed: FailedView[] = [];
  for (const view of views) {
    try {
      await compile(connection, job, view);
    } catch (error) {
      failed.push({ view, error });
    }
  }
  if (failed.length === 0 || failed.length === views.length) return failed;
  return createInRounds(
    connection,
    job,
    failed.map(({ view }) => view),
  );
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
  const [own = ''] = await readColumn(connection, 'SELECT @@collation_database');
  let current = own;
  const set = async (collation: string): Promise<void> => {
    if (collation === current) return;
    await connection.query(`ALTER DATABASE ${quoteName(database)} COLLATE ${quoteName(collation)}`);
    current = collation;
  };
  return { set, restore: () => set(own) };
};

/**
 * Those that are not there are passed over. Works on a connection of its own: its sql_mode changes.
 * @throws SyncError PRIVILEGE_MISSING or SERVER_ERROR naming the program, and who keeps it busy
 */
export const dropPrograms = async (
  connection: mysql.Connection,
  database: DatabaseName,
  programs: readonly Pick<ProgramDefinition, 'kind' | 'name'>[],
  patience: Patience = PATIENCE,
): Promise<void> => {
  for (const { kind, name } of programs) {
    try {
      // MariaDB before 11.4 knows packages under this mode only.
      await connection.query(`SET SESSION sql_mode = '${kind.startsWith('package') ? 'ORACLE' : ''}'`);
      const sql = `DROP ${kind.toUpperCase()} IF EXISTS ${quoteTable(database, name)}`;
      await retryWhileLocked(connection, patience, () => connection.query(sql));
    } catch (error) {
      const what = `cannot drop ${kind} ${database}.${name}`;
      throw explainFailure(await explainLocked(connection, error, what, [database]), {
        code: 'SERVER_ERROR',
        what,
      });
    }
  }
};
