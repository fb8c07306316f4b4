import type { Flavor } from '../../../core/flavor.js';
import type { DatabaseName } from '../../../core/names.js';
import { comparedPart, maskOf, readsByOwnSql } from '../../../core/mask/table-masks.js';
import { supports } from '../../../core/server/features.js';
import type { CopyBatch, RowEngine, TablePieces } from '../../../engine/ports/row-engine.js';
import type { CopyTable } from '../../../engine/ports/rows.js';
import { listKeyColumns, renderRange } from '../rows/split-key.js';
import type { LaneConnection } from './lanes/lane-connection.js';
import { findUnmasked } from './tables/find-leaks.js';
import { planChunks } from './tables/plan-chunks.js';
import { LaneMemory } from './wire/lane-memory.js';
import { createIdleLanes, killSessions } from './lanes/lanes.js';
import { SyncError } from '../../../core/errors.js';
import { explainFailure } from '../connection/failures.js';
import { BatchSnapshot } from './lanes/batch-snapshot.js';
import { countHashedRows, hashPieces } from '../rows/ordered-hash.js';
import { digestTogether } from '../rows/table-digest.js';
import { type DatabaseCopyOptions, copyDatabase } from './copy-database.js';

/** Each engine has a memory of its own, unless one is given. */
export type NativeEngineOptions = Omit<DatabaseCopyOptions, 'memory' | 'idle' | 'batch'> &
  Partial<Pick<DatabaseCopyOptions, 'memory'>>;

/**
 * Rows over mysql2 in parallel lanes, in one snapshot, as the bytes that are stored. Needs no client programs. With
 * `proof: 'digest'` every copied table is read back and compared before `copy` resolves; with `counts` it is counted.
 */
export const createNativeEngine = (options: NativeEngineOptions): RowEngine =>
  makeEngine({ memory: new LaneMemory(), idle: createIdleLanes(), ...options });

const makeEngine = (options: DatabaseCopyOptions): RowEngine => ({
  name: 'native',
  prepare: async () => {
    // Whatever a server lacks has a slower way; what cannot be copied at all depends on the tables.
  },
  copy: (job, report, signal) => copyDatabase(job, options, report, signal),
  inOneMoment: async (scope) => {
    const batch = await BatchSnapshot.open(scope, options.memory, options.idle.source);
    const close = async (): Promise<void> => {
      batch.close();
      // One database of a run leaves them to the others.
      if (scope.consistency === 'batch') await options.idle.close();
    };
    return {
      ...makeEngine({ ...options, batch }),
      digestSource: (tables, signal) =>
        readInSnapshot(
          { scope, batch, signal },
          describeTables(tables[0]?.database, tables),
          (connection) => {
            const digested = tables.map((rows) => ({
              rows,
              columns: comparedPart(rows.table, rows.masks).columns,
            }));
            return digestTogether(digested, (sql) => readTexts(connection, sql));
          },
        ),
      cutSource: (database, rows, pieces, signal) =>
        readInSnapshot({ scope, batch, signal }, describeTables(database, [rows]), (connection) =>
          cutTable(connection, scope.sourceFacts.flavor, { database, rows, pieces }),
        ),
      hashSource: (database, table, pieces, signal) =>
        readInSnapshot(
          { scope, batch, signal },
          describeTables(database, [{ table, where: null }]),
          (connection) => hashPieces(database, table, pieces, (sql) => readTexts(connection, sql)),
        ),
      findUnmasked: (database, rows, signal) =>
        readInSnapshot({ scope, batch, signal }, describeTables(database, [rows]), (connection) => {
          const sql = { entry: rows, columns: [], key: listKeyColumns(rows.table) };
          return findUnmasked(connection, sql, { database, table: rows.table.name });
        }),
      close,
    };
  },
  close: () => options.idle.close(),
});

interface SnapshotReading {
  readonly scope: CopyBatch;
  readonly batch: BatchSnapshot;
  readonly signal: AbortSignal;
}

const readInSnapshot = <Result>(
  { scope, batch, signal }: SnapshotReading,
  { what, isPrivate }: ReadTables,
  read: (connection: LaneConnection) => Promise<Result>,
): Promise<Result> =>
  batch.withOne(async (connection) => {
    const stop = (): void => {
      connection.destroy(new SyncError('INTERRUPTED', { message: `the comparison of ${what} was stopped` }));
      void killSessions(scope.source, [connection.threadId]);
    };
    signal.throwIfAborted();
    signal.addEventListener('abort', stop);
    try {
      return await read(connection);
    } catch (error) {
      throw explainFailure(error, { code: 'SERVER_ERROR', what: `cannot compare ${what}`, isPrivate });
    } finally {
      signal.removeEventListener('abort', stop);
    }
  });

const readTexts = async (
  connection: LaneConnection,
  sql: string,
): Promise<readonly (readonly (string | undefined)[])[]> =>
  (await connection.queryRows(sql)).map((row) => row.map((cell) => cell?.toString()));

/** What is read, for errors. `isPrivate`: what the server says of it may hold a value that is masked. */
interface ReadTables {
  readonly what: string;
  readonly isPrivate: boolean;
}

const describeTables = (database: DatabaseName | undefined, tables: readonly CopyTable[]): ReadTables => {
  const [first, ...others] = tables;
  return {
    what: first && others.length === 0 ? `table ${database}.${first.table.name}` : `tables of ${database}`,
    isPrivate: tables.some(({ masks }) => readsByOwnSql(masks)),
  };
};

const cutTable = async (
  connection: LaneConnection,
  flavor: Flavor,
  {
    database,
    rows: entry,
    pieces,
  }: { readonly database: DatabaseName; readonly rows: CopyTable; readonly pieces: number },
): Promise<TablePieces> => {
  const { table, where, masks } = entry;
  const sql = { entry, columns: [], key: listKeyColumns(table) };
  // MySQL does not allow a statement more than its session, and would gain nothing.
  const isHashed = supports(flavor, 'statementSettings') && where === null && masks === undefined;
  const hashedRows = isHashed ? countHashedRows(table) : undefined;
  const wanted =
    hashedRows === undefined ? pieces : Math.max(pieces, Math.ceil(table.rowsEstimate / hashedRows));
  const conditions: string[] = [];
  // The target has other values of a key that is masked.
  if (sql.key.length > 0 && sql.key.every(({ name }) => maskOf(masks, name) === undefined))
    await planChunks(connection, sql, { database, table: table.name }, wanted, (range) => {
      const condition = renderRange(sql.key, range);
      if (condition !== undefined) conditions.push(condition);
    });
  return { conditions, areHashable: hashedRows !== undefined };
};
