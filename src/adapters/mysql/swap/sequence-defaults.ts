import type mysql from 'mysql2/promise';
import { moveNames } from '../../../core/sql/sql-names.js';
import type { TableMove } from '../../../engine/ports/target-server.js';
import { explainFailure } from '../connection/failures.js';
import { quoteName, quoteTable, quoteText } from '../connection/identifiers.js';
import { groupRows } from '../inventory/inspect-catalog.js';
import { readRows } from '../connection/rows.js';

/**
 * MariaDB writes the database's name into a default like `nextval(shop.sq)` and does not follow the sequence through
 * a RENAME: a table that was staged would go on asking the staging database. Lets the defaults of the moved tables
 * name the moved sequences where they are now. Doing it twice is harmless.
 * @throws SyncError SWAP_FAILED naming the table
 */
export const followSequences = async (
  connection: mysql.Connection,
  moves: readonly TableMove[],
): Promise<void> => {
  // A database without tables moves none, and SQL has no empty list.
  if (moves.length === 0) return;
  const sequences = await listMovedSequences(connection, moves);
  if (sequences.size === 0) return;
  const defaults = (await listDefaults(connection, moves)).flatMap(({ move, column, text }) => {
    const { from } = move;
    // Only what stood beside the table: `live.sq` in a table that just came to live is right as it is.
    const expression = moveNames(text, (database, name) =>
      database === from.database ? sequences.get(keyOf(database, name)) : undefined,
    );
    return expression === text ? [] : [{ move, column, expression }];
  });
  for (const ofTable of groupRows(defaults, ({ move: { to } }) => keyOf(to.database, to.table)).values())
    await setDefaults(connection, ofTable);
};

interface NewDefault {
  readonly move: TableMove;
  readonly column: string;
  readonly expression: string;
}

/** All columns of one table in one statement: the server opens every sequence that the table will then name. */
const setDefaults = async (connection: mysql.Connection, defaults: readonly NewDefault[]): Promise<void> => {
  const [first] = defaults;
  if (!first) return;
  const { database, table } = first.move.to;
  const changes = defaults.map(
    ({ column, expression }) => `ALTER COLUMN ${quoteName(column)} SET DEFAULT (${expression})`,
  );
  try {
    // Another default does not touch the rows of the past.
    await connection.query('SET SESSION lock_wait_timeout = 30, system_versioning_alter_history = KEEP');
    await connection.query(`ALTER TABLE ${quoteTable(database, table)} ${changes.join(', ')}`);
  } catch (error) {
    const columns = defaults.map(({ column }) => column).join(', ');
    throw explainFailure(error, {
      code: 'SWAP_FAILED',
      what: `cannot make the defaults of ${database}.${table} (${columns}) use the moved sequences`,
    });
  }
};

const keyOf = (database: string, name: string): string => JSON.stringify([database, name]);

/** Where each sequence was, and SQL for the database in which it is now. */
const listMovedSequences = async (
  connection: mysql.Connection,
  moves: readonly TableMove[],
): Promise<ReadonlyMap<string, string>> => {
  const rows = await readRows(
    connection,
    `SELECT TABLE_SCHEMA, TABLE_NAME FROM information_schema.TABLES
     WHERE TABLE_TYPE = 'SEQUENCE' AND TABLE_SCHEMA IN (${listDestinations(moves)})`,
  );
  const present = new Set(rows.map(([database, name]) => keyOf(database ?? '', name ?? '')));
  return new Map(
    moves
      .filter(({ to }) => present.has(keyOf(to.database, to.table)))
      .map(({ from, to }) => [keyOf(from.database, from.table), quoteName(to.database)]),
  );
};

interface MovedDefault {
  readonly move: TableMove;
  readonly column: string;
  readonly text: string;
}

const listDefaults = async (
  connection: mysql.Connection,
  moves: readonly TableMove[],
): Promise<readonly MovedDefault[]> => {
  const byDestination = new Map(moves.map((move) => [keyOf(move.to.database, move.to.table), move]));
  const rows = await readRows(
    connection,
    `SELECT TABLE_SCHEMA, TABLE_NAME, COLUMN_NAME, COLUMN_DEFAULT FROM information_schema.COLUMNS
     WHERE TABLE_SCHEMA IN (${listDestinations(moves)}) AND COLUMN_DEFAULT LIKE '%val(%'`,
  );
  return rows.flatMap(([database, table, column, text]) => {
    const move = byDestination.get(keyOf(database ?? '', table ?? ''));
    return move ? [{ move, column: column ?? '', text: text ?? '' }] : [];
  });
};

const listDestinations = (moves: readonly TableMove[]): string =>
  [...new Set(moves.map(({ to }) => to.database))].map(quoteText).join(', ');
