import type mysql from 'mysql2/promise';
import { SyncError } from '../../../core/errors.js';
import { readEventState, writeEventState } from '../../../core/sql/event-text.js';
import { supports } from '../../../core/server/features.js';
import { dropAddedConditions } from '../../../core/sql/intersect-conditions.js';
import type { ServerFacts } from '../../../core/server/inventory.js';
import type { ProgramKind } from '../../../core/program-kind.js';
import { moveProgram } from '../../../core/sql/move-program.js';
import type { DatabaseName } from '../../../core/names.js';
import { describeOwn } from '../../../core/sql/own-names.js';
import { hasRoleAsDefiner, readDefiner, replaceDefiner } from '../../../core/sql/program-text.js';
import type { ProgramDefinition } from '../../../engine/ports/server.js';
import type { ProgramUse } from '../../../engine/ports/target-server.js';
import { dropPrograms } from './drop-programs.js';
import { isDefinerRefused } from '../connection/errors.js';
import { runAsMade } from './program-session.js';
import { readProgram } from './read-programs.js';
import { readRows } from '../connection/rows.js';

export interface ProgramJob {
  readonly database: DatabaseName;
  /** In the order of `readProgramDefinitions`. */
  readonly programs: readonly ProgramDefinition[];
  readonly sourceDatabase: DatabaseName;
  readonly use: ProgramUse;
  /** Of the server that they are created on. */
  readonly facts: ServerFacts;
}

/** What a rehearsal has found out about definers, by the kind of program and their name as it is printed. */
export type KnownDefiners = Map<string, 'exists' | 'missing'>;

/**
 * Makes one program. In a rehearsal it is the own account's: its definer may have rights in the live database only, and
 * servers look at them where a view reads a view or calls a function. Whether the server takes a definer, and shows what
 * is made for it, is tried once for each kind.
 */
export const compileProgram = async (
  connection: mysql.Connection,
  job: ProgramJob,
  program: ProgramDefinition,
  definers: KnownDefiners,
): Promise<void> => {
  const statement = rewriteStatement(program, job);
  const own = replaceDefiner(statement, job.facts.account, program.sqlMode);
  const run = (text: string): Promise<void> => runAsMade(connection, program, text, job.facts);
  if (job.use === 'live' || own === statement) return run(statement);
  const definer = `${program.kind} ${readDefiner(statement, program.sqlMode)}`;
  if (!definers.has(definer)) {
    const found = await tryDefiner(connection, job, program, () => run(statement));
    if (found !== undefined) definers.set(definer, found);
  }
  // Nobody can make a view that calls it, and that is to be found before any row moves.
  const isUncallable = definers.get(definer) === 'missing' && CALLABLE.has(program.kind);
  await run(isUncallable ? statement : own);
};

const CALLABLE: ReadonlySet<ProgramKind> = new Set(['function', 'package', 'package body']);

/** Undefined where the program cannot be made for another reason, which may be that its definer lacks rights here. */
const tryDefiner = async (
  connection: mysql.Connection,
  { database, facts }: ProgramJob,
  program: ProgramDefinition,
  run: () => Promise<void>,
): Promise<'exists' | 'missing' | undefined> => {
  try {
    await run();
  } catch (error) {
    if (isDefinerRefused(error)) throw error;
    return undefined;
  }
  const warnings = await readRows(connection, 'SHOW WARNINGS');
  // Text can be hidden from the account that made it, and without it no swap is checked or undone.
  const { kind, name, statement, sqlMode } = program;
  await connection.query('SET NAMES utf8mb4');
  await readProgram(connection, database, program, facts);
  await dropPrograms(connection, database, [program]);
  if (!warnings.some(([, code]) => code === NO_SUCH_USER)) return 'exists';
  // It would become one of an account with that name.
  if (hasRoleAsDefiner(statement, sqlMode))
    throw new SyncError('PROGRAMS_FAILED', {
      message: `${kind} ${name}: its definer ${readDefiner(statement, sqlMode)} is a role, which the target does not have`,
      hints: [
        'Create it there (CREATE ROLE), or make all programs your own:  options: {definers: current_user}',
      ],
    });
  return 'missing';
};

const NO_SUCH_USER = '1449';

/** The statement that makes it in that database. */
export const rewriteStatement = (
  program: ProgramDefinition,
  { database, programs, sourceDatabase, use, facts }: ProgramJob,
): string => {
  const moved = moveProgram(program, describeOwn(sourceDatabase, facts, programs), database);
  if (program.kind === 'view' && !supports(facts.flavor, 'intersectAsWritten'))
    return dropAddedConditions(moved.statement);
  return program.kind === 'event'
    ? writeEventState(
        moved,
        use === 'rehearsal' ? 'disabled' : readEventState(program),
        supports(facts.flavor, 'eventsOnReplica') ? 'REPLICA' : 'SLAVE',
      )
    : moved.statement;
};
