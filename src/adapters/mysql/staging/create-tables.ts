import type mysql from 'mysql2/promise';
import type { Flavor } from '../../../core/flavor.js';
import { supports } from '../../../core/server/features.js';
import type { DatabaseDefaults } from '../../../core/server/inventory.js';
import { type DatabaseName, type TableName, isScratchDatabase } from '../../../core/names.js';
import { STRICT_MODE } from '../../../core/session/target-modes.js';
import { quoteComment } from '../../../core/sql/program-text.js';
import { replaceDatabase } from '../../../core/sql/sql-names.js';
import { checkPrinted } from '../definitions/check-printed.js';
import type { TableCounter } from '../../../engine/ports/rows.js';
import type { TableDefinition } from '../../../engine/ports/server.js';
import { SEQUENCE_COLUMNS } from '../definitions/show-create.js';
import { isConnectionLost, serverErrorNumber, withoutWords } from '../connection/errors.js';
import { explainFailure } from '../connection/failures.js';
import { PATIENCE, explainLocked, retryWhileLocked } from '../locks/metadata-locks.js';
import { quoteName, quoteTable, quoteText } from '../connection/identifiers.js';
import { leniently } from './leniently.js';
import { explainPageLimit } from '../definitions/page-limits.js';
import { withoutArchiveCounter } from '../../../core/sql/table-statement.js';
import { readFirstColumn } from '../connection/rows.js';
import { together } from '../connection/together.js';
import { prepareForTables } from './table-session.js';

/** @throws SyncError SERVER_ERROR (also when the database exists) or PRIVILEGE_MISSING naming the database */
export const createDatabase = async (
  connection: mysql.Connection,
  name: DatabaseName,
  defaults: DatabaseDefaults,
  flavor: Flavor,
): Promise<void> => writeDatabase(connection, 'CREATE', name, defaults, flavor);

export const alterDatabase = async (
  connection: mysql.Connection,
  name: DatabaseName,
  defaults: DatabaseDefaults,
  flavor: Flavor,
): Promise<void> => writeDatabase(connection, 'ALTER', name, defaults, flavor);

const writeDatabase = async (
  connection: mysql.Connection,
  verb: 'CREATE' | 'ALTER',
  name: DatabaseName,
  { charset, collation, comment, isEncrypted }: DatabaseDefaults,
  flavor: Flavor,
): Promise<void> => {
  const commentClause = supports(flavor, 'databaseComments') ? ` COMMENT ${quoteComment(comment, '')}` : '';
  const encryption = isEncrypted && verb === 'ALTER' ? 'Y' : 'N';
  const encryptionClause = supports(flavor, 'databaseEncryption')
    ? ` DEFAULT ENCRYPTION '${encryption}'`
    : '';
  try {
    await connection.query(
      `${verb} DATABASE ${quoteName(name)} CHARACTER SET ${quoteName(charset)} COLLATE ${quoteName(collation)}${commentClause}${encryptionClause}`,
    );
  } catch (error) {
    throw explainFailure(error, {
      code: 'SERVER_ERROR',
      what: `cannot ${verb.toLowerCase()} database ${name}`,
    });
  }
};

/**
 * A database that is not there is no error. Foreign keys are checked: what tables elsewhere refer to is not dropped
 * from under them.
 */
export const dropDatabase = async (connection: mysql.Connection, name: DatabaseName): Promise<void> => {
  const drop = async (checks: 0 | 1): Promise<void> => {
    await retryWhileLocked(
      connection,
      PATIENCE,
      () => connection.query(`DROP DATABASE IF EXISTS ${quoteName(name)}`),
      () => connection.query(`SET SESSION foreign_key_checks = ${String(checks)}`),
    );
  };
  try {
    try {
      await drop(1);
    } catch (error) {
      if (!isReferredTo(error) || !(await isReferredToByScratch(connection, name))) throw error;
      await drop(0);
    }
  } catch (error) {
    const what = `cannot drop database ${name}`;
    throw explainFailure(await explainLocked(connection, error, what, [name]), {
      code: 'SERVER_ERROR',
      what,
    });
  }
};

/** The server's numbers for a table that foreign keys refer to. */
const isReferredTo = (error: unknown): boolean => [1217, 1451, 3730].includes(serverErrorNumber(error) ?? 0);

/** Staged and retired tables of databases that were swapped together refer to each other: none of them holds another. */
const isReferredToByScratch = async (connection: mysql.Connection, name: DatabaseName): Promise<boolean> => {
  const referring = await readFirstColumn(
    connection,
    `SELECT DISTINCT CONSTRAINT_SCHEMA FROM information_schema.REFERENTIAL_CONSTRAINTS
     WHERE UNIQUE_CONSTRAINT_SCHEMA = ${quoteText(name)}`,
  );
  return [name, ...referring].every(isScratchDatabase);
};

/**
 * Creates tables as their definitions say, sequences first (defaults use them) and with their state. Works on a
 * connection of its own: the session and the current database change.
 * @throws SyncError DEFINITION_REFUSED before anything is created; SERVER_ERROR or PRIVILEGE_MISSING naming the table
 */
export const createTables = async (
  connection: mysql.Connection,
  database: DatabaseName,
  tables: readonly TableDefinition[],
  sourceDatabase: DatabaseName,
  flavor: Flavor,
): Promise<void> => {
  const printed = new Map(
    tables.map((table) => [table, checkPrinted(table, sourceDatabase, flavor)] as const),
  );
  await together([prepareForTables(connection), connection.query(`USE ${quoteName(database)}`)]);
  const sequences = tables.filter(({ sequenceState }) => sequenceState !== undefined);
  const others = tables.filter(({ sequenceState }) => sequenceState === undefined);
  const statements = [...sequences, ...others].map((table) => {
    const { sql = '', external = [] } = printed.get(table) ?? {};
    const statement = replaceDatabase(sql, sourceDatabase, quoteName(database));
    return { table, external, statement: withoutArchiveCounter(statement) };
  });
  const attempts = await Promise.allSettled(statements.map(({ statement }) => connection.query(statement)));
  for (const [index, { table, external, statement }] of statements.entries()) {
    const attempt = attempts[index];
    if (attempt?.status !== 'rejected') continue;
    try {
      await createLeniently(connection, statement, attempt.reason);
    } catch (error) {
      throw explainFailure(external.length === 0 ? error : withoutWords(error), {
        code: 'SERVER_ERROR',
        what: `cannot create table ${sourceDatabase}.${table.name} on the target`,
        hints: await explainPageLimit(connection, error),
      });
    }
  }
  await setSequences(connection, database, sequences);
};

/**
 * Strict sessions refuse tables that an older or laxer one made, so what is refused is tried in a lenient one. Staged tables are
 * compared with their source: what the server made otherwise without a word is found.
 */
const createLeniently = async (
  connection: mysql.Connection,
  statement: string,
  refusal: unknown,
): Promise<void> => {
  if (serverErrorNumber(refusal) === undefined || isConnectionLost(refusal)) throw refusal;
  const run = (sql: string): Promise<unknown> => connection.query(sql);
  try {
    await leniently(run, () => run(statement));
  } catch {
    await run(`SET sql_mode = '${STRICT_MODE}'`).catch(() => undefined);
    throw refusal;
  }
};

/** A row that is inserted into a sequence replaces its state, also a state that SETVAL would not go back to. */
export const setSequences = async (
  connection: mysql.Connection,
  database: DatabaseName,
  tables: readonly TableDefinition[],
): Promise<void> => {
  const set = async ({ name, sequenceState }: TableDefinition): Promise<void> => {
    if (sequenceState === undefined) return;
    try {
      await connection.query(
        `INSERT INTO ${quoteTable(database, name)} (${SEQUENCE_COLUMNS.join(', ')}) VALUES (?)`,
        [sequenceState],
      );
    } catch (error) {
      throw explainFailure(error, {
        code: 'SERVER_ERROR',
        what: `cannot set the value of sequence ${database}.${name}`,
      });
    }
  };
  await together(tables.map(set));
};

/** InnoDB takes no number that is not above those of the rows; then the next one is. */
export const setCounters = async (
  connection: mysql.Connection,
  database: DatabaseName,
  counters: readonly TableCounter[],
): Promise<void> => {
  const set = async ({ table, next }: TableCounter): Promise<void> => {
    if (next === null) return;
    try {
      await connection.query(
        `ALTER TABLE ${quoteTable(database, table)} AUTO_INCREMENT = ${String(BigInt(next))}`,
      );
    } catch (error) {
      throw explainFailure(error, {
        code: 'SERVER_ERROR',
        what: `cannot set the next number of table ${database}.${table}`,
      });
    }
  };
  await together(counters.map(set));
};

/** Those that are not there are passed over. Foreign keys of other tables do not hold them. */
export const dropTables = async (
  connection: mysql.Connection,
  database: DatabaseName,
  tables: readonly TableName[],
): Promise<void> => {
  await connection.query('SET SESSION foreign_key_checks = 0');
  const drop = async (table: TableName): Promise<void> => {
    try {
      await connection.query(`DROP TABLE IF EXISTS ${quoteTable(database, table)}`);
    } catch (error) {
      throw explainFailure(error, { code: 'SERVER_ERROR', what: `cannot drop table ${database}.${table}` });
    }
  };
  await together(tables.map(drop));
};
