import type mysql from 'mysql2/promise';
import type { SyncError } from '../../../core/errors.js';
import type { TableMove } from '../../../engine/ports/target-server.js';
import { serverErrorNumber } from '../connection/errors.js';
import { explainFailure } from '../connection/failures.js';
import { quoteTable } from '../connection/identifiers.js';
import { PATIENCE, type Patience, explainLocked, retryWhileLocked } from '../locks/metadata-locks.js';
import { followSequences } from './sequence-defaults.js';
import { prepareForTables } from '../staging/table-session.js';
import { formatPlural } from '../../../core/plural.js';

/**
 * Moves all the tables in one statement: readers see all of it or nothing. Tables leave a place before others come
 * into it, because names of MySQL's CHECK constraints are unique in a database. Defaults follow moved sequences.
 * @throws SyncError SWAP_FAILED naming the sessions that hold the tables, or what the server refuses: nothing was
 * moved then, unless it names the default of a column. CONN_LOST: the server may have finished
 */
export const renameTables = async (
  connection: mysql.Connection,
  moves: readonly TableMove[],
  patience: Patience = PATIENCE,
): Promise<void> => {
  if (moves.length === 0) return;
  const sql = `RENAME TABLE ${orderMoves(moves).map(renderMove).join(', ')}`;
  try {
    await retryWhileLocked(
      connection,
      patience,
      () => connection.query(sql),
      () => prepareForTables(connection),
    );
    await followSequences(connection, moves);
  } catch (error) {
    throw await explainRename(connection, error, moves);
  }
};

/** What leaves a database that other tables come into goes first; otherwise in the given order. */
export const orderMoves = (moves: readonly TableMove[]): readonly TableMove[] => {
  const entered = new Set(moves.map(({ to }) => to.database));
  const leavesFirst = ({ from }: TableMove): boolean => entered.has(from.database);
  return [...moves.filter(leavesFirst), ...moves.filter((move) => !leavesFirst(move))];
};

const renderMove = ({ from, to }: TableMove): string =>
  `${quoteTable(from.database, from.table)} TO ${quoteTable(to.database, to.table)}`;

const REFUSALS: Partial<Record<number, string>> = {
  1435: 'a table has triggers, and a table with triggers cannot move to another database',
  1450: 'a view is in the way, and views cannot move to another database',
  1050: 'a table of that name is already there',
  1146: 'a table is gone',
  1192: 'the session holds table locks',
};

const explainRename = async (
  connection: mysql.Connection,
  error: unknown,
  moves: readonly TableMove[],
): Promise<SyncError> => {
  const databases = [...new Set(moves.flatMap(({ from, to }) => [from.database, to.database]))];
  const what = `cannot move ${formatPlural(moves.length, 'table')} between ${databases.join(', ')}`;
  const locked = await explainLocked(connection, error, what, databases);
  const refusal = REFUSALS[serverErrorNumber(error) ?? 0];
  return explainFailure(locked, { code: 'SWAP_FAILED', what: refusal ? `${what}: ${refusal}` : what });
};
