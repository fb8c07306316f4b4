import type mysql from 'mysql2/promise';
import { BugError, SyncError } from '../../../core/errors.js';
import type { ColumnInventory, TableInventory } from '../../../core/server/inventory.js';
import type { Endpoint } from '../../../core/server/connection.js';
import { comparedPart, readsByOwnSql } from '../../../core/mask/table-masks.js';
import type { DatabaseName, TableName } from '../../../core/names.js';
import type { Secret } from '../../../core/secret.js';
import type { CopyTable, PlacedTable, TableDigest } from '../../../engine/ports/rows.js';
import type { Snapshot } from '../../../engine/ports/server.js';
import { giveMaskKey } from './give-mask-key.js';
import { SMALLEST_PACKET_BYTES } from './digest.js';
import { hashPieces } from './ordered-hash.js';
import { digestTogether } from './table-digest.js';
import { cutTable, listKeyedRows } from './keyed-rows.js';
import { previewRows } from './preview-rows.js';
import { renderRows } from './render-rows.js';
import { sampleColumns } from './sample-columns.js';
import { toServerError } from '../connection/errors.js';
import { findProbes } from './find-probes.js';
import { findTypedJson } from './find-typed-json.js';
import { explainFailure } from '../connection/failures.js';
import { quoteText } from '../connection/identifiers.js';
import { lendConnection, onOwnConnection } from '../connection/own-connection.js';
import { type TextRow, readRows } from '../connection/rows.js';
import { SNAPSHOT_HINT } from '../connection/server-conditions.js';
import { closeConnection, unlessSilent } from '../connection/silent-server.js';
import { together } from '../connection/together.js';

/**
 * Opens a connection with a consistent snapshot of its own.
 * @throws SyncError SERVER_ERROR when the server does not take a snapshot; what `openConnection` throws
 */
export const openSnapshot = async (endpoint: Endpoint, maskKey?: Secret): Promise<Snapshot> => {
  const { connection, giveBack } = await lendConnection(endpoint);
  try {
    await unlessSilent(connection, endpoint, async () => {
      await beginSnapshot(connection);
      if (maskKey) await giveMaskKey(sessionFor(connection), maskKey);
    });
  } catch (error) {
    await closeConnection(connection);
    throw toServerError(error, endpoint, 'take a consistent snapshot');
  }
  const running = new Set<Promise<unknown>>();
  const track = async <Result>(work: () => Promise<Result>): Promise<Result> => {
    const query = unlessSilent(connection, endpoint, work);
    running.add(query);
    try {
      return await query;
    } catch (error) {
      throw toServerError(error, endpoint, 'compare rows');
    } finally {
      running.delete(query);
    }
  };
  return {
    digestTable: async (database, rows) => {
      const [digest] = await track(() => digestTables(connection, [{ ...rows, database }]));
      if (!digest) throw new BugError('no digest of a table');
      return digest;
    },
    digestTables: (tables) => track(() => digestTables(connection, tables)),
    hashPieces: (database, table, pieces) =>
      track(() =>
        hashPieces(database, table, pieces, (sql) =>
          readAll(connection, { database, names: [table.name] }, sql),
        ),
      ),
    countTable: (database, table, where) => track(() => countTable(connection, database, table, where)),
    cutTable: (database, rows, rowsEach) =>
      track(() => readKeys(database, rows, () => cutTable(connection, database, rows, rowsEach))),
    listRows: (database, rows) =>
      track(() => readKeys(database, rows, () => listKeyedRows(connection, database, rows))),
    findTypedJson: (database, table, where) => track(() => findTypedJson(connection, database, table, where)),
    findProbes: (database, rows, column, probes) =>
      track(() => findProbes(connection, database, rows, column, probes)),
    sampleColumns: (database, table, columns) =>
      track(() => sampleColumns(connection, database, table, columns)),
    previewRows: (database, rows, most) => track(() => previewRows(connection, database, rows, most)),
    close: async () => {
      if (running.size === 0) return giveBack();
      await endQueries(connection, endpoint, running);
      await closeConnection(connection);
    },
  };
};

const sessionFor = (connection: mysql.Connection): Parameters<typeof giveMaskKey>[0] => ({
  execute: (sql, values) => connection.execute(sql, [...values]),
  readRow: async (sql) => (await readRows(connection, sql))[0] ?? [],
});

const beginSnapshot = async (connection: mysql.Connection): Promise<void> => {
  // Without the isolation level the server only warns.
  const [[packet], , , [{ warningStatus }]] = await together([
    readRows(connection, 'SELECT @@max_allowed_packet'),
    // Keys that are dates no calendar has are compared too.
    connection.query("SET SESSION sql_mode = 'ALLOW_INVALID_DATES'"),
    connection.query('SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ'),
    connection.query<mysql.ResultSetHeader>('START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY'),
  ]);
  if (Number(packet?.[0]) < SMALLEST_PACKET_BYTES)
    throw new SyncError('SERVER_ERROR', {
      message: `max_allowed_packet is ${packet?.[0] ?? ''} bytes, too few to compare rows`,
      hints: [`On the server:  SET GLOBAL max_allowed_packet = ${SMALLEST_PACKET_BYTES};`],
    });
  if (warningStatus === 0) return;
  const warnings = await readRows(connection, 'SHOW WARNINGS');
  throw new SyncError('SERVER_ERROR', {
    message: `the server did not take a consistent snapshot: ${warnings.map((row) => row[2] ?? '').join('; ')}`,
    hints: [SNAPSHOT_HINT],
  });
};

/** A digest may run for minutes, and a server goes on with it when its client is gone. */
const endQueries = async (
  connection: mysql.Connection,
  endpoint: Endpoint,
  running: ReadonlySet<Promise<unknown>>,
): Promise<void> => {
  try {
    await onOwnConnection(endpoint, 'end a query', (killer) => killer.query(`KILL ${connection.threadId}`));
    await Promise.allSettled(running);
  } catch {
    // The server cannot be reached, so neither can the query; closing the socket is all that is left.
    connection.destroy();
  }
};

const digestTables = async (
  connection: mysql.Connection,
  tables: readonly PlacedTable[],
): Promise<readonly TableDigest[]> => {
  const [first] = tables;
  if (!first) return [];
  const digested = await together(
    tables.map(async (rows) => {
      const table = comparedPart(rows.table, rows.masks);
      const columns = [...table.columns, ...(await listPeriodColumns(connection, rows.database, table))];
      return { rows: { ...rows, table }, columns };
    }),
  );
  const { database } = first;
  const names = tables.map(({ table: { name } }) => name);
  const isPrivate = tables.some(({ masks }) => readsByOwnSql(masks));
  return digestTogether(digested, (sql) => readAll(connection, { database, names, isPrivate }, sql));
};

const countTable = async (
  connection: mysql.Connection,
  database: DatabaseName,
  table: TableInventory,
  where: string | null,
): Promise<number> => {
  const sql = `SELECT COUNT(*) FROM ${renderRows(database, table, where)}`;
  const [row] = await readAll(connection, { database, names: [table.name] }, sql);
  return Number(row?.[0]);
};

/** What is read, for errors. `isPrivate`: what the server says of it may hold a value that is masked. */
interface ReadTables {
  readonly database: DatabaseName;
  readonly names: readonly TableName[];
  readonly isPrivate?: boolean;
}

const readAll = async (
  connection: mysql.Connection,
  { database, names, isPrivate = false }: ReadTables,
  sql: string,
): Promise<readonly TextRow[]> => {
  try {
    return await readRows(connection, sql);
  } catch (error) {
    const [name = ''] = names;
    const what = names.length === 1 ? `table ${database}.${name}` : `tables of ${database}`;
    throw explainFailure(error, { code: 'SERVER_ERROR', what: `cannot compare ${what}`, isPrivate });
  }
};

/** The statements hold keys, so what the server says of one may too. */
const readKeys = async <Result>(
  database: DatabaseName,
  { table }: CopyTable,
  read: () => Promise<Result>,
): Promise<Result> => {
  try {
    return await read();
  } catch (error) {
    const what = `cannot compare rows of ${database}.${table.name}`;
    throw explainFailure(error, { code: 'SERVER_ERROR', what, isPrivate: true, sqlOf: 'ranges of keys' });
  }
};

/**
 * A system-versioned table whose period columns were not named has them nevertheless, and no list of columns shows
 * them.
 */
const listPeriodColumns = async (
  connection: mysql.Connection,
  database: DatabaseName,
  { name, kind }: TableInventory,
): Promise<readonly ColumnInventory[]> => {
  if (kind !== 'system-versioned') return [];
  const named = await readRows(
    connection,
    `SELECT COLUMN_NAME FROM information_schema.COLUMNS
     WHERE TABLE_SCHEMA = ${quoteText(database)} AND TABLE_NAME = ${quoteText(name)}
       AND GENERATION_EXPRESSION IN ('ROW START', 'ROW END')`,
  );
  return named.length > 0 ? [] : ['row_start', 'row_end'].map(describePeriodColumn);
};

const describePeriodColumn = (name: string): ColumnInventory => ({
  name,
  dataType: 'timestamp',
  columnType: 'timestamp(6)',
  charset: undefined,
  collation: undefined,
  isGenerated: true,
  primaryKeyPosition: undefined,
});
