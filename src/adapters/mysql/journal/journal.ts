import type mysql from 'mysql2/promise';
import { SyncError } from '../../../core/errors.js';
import { openJournal, sealJournal } from '../../../core/run/journal-seal.js';
import { type DatabaseName, JOURNAL_TABLE, toDatabaseName } from '../../../core/names.js';
import type { FoundJournal, Scratch } from '../../../engine/ports/records.js';
import { serverErrorNumber } from '../connection/errors.js';
import { unlessEventsDisabled } from '../facts/events-disabled.js';
import { quoteTable, quoteText } from '../connection/identifiers.js';
import { listScratchDatabases } from '../inventory/scratch-databases.js';
import type { JournalKeys } from './journal-key.js';
import { type ReadText, TEXT_TABLE, readTexts } from './journal-table.js';
import { readFirstColumn, readRows } from '../connection/rows.js';
import { together } from '../connection/together.js';

export const listScratch = async (
  connection: mysql.Connection,
  keys: JournalKeys,
): Promise<readonly Scratch[]> => {
  const names = await listScratchDatabases(connection);
  if (names.length === 0) return [];
  const [full, texts] = await together([
    listFull(connection, names),
    readTexts(
      connection,
      names.map((database) => ({ database, table: JOURNAL_TABLE })),
    ),
  ]);
  const opened = texts.some(({ kind }) => kind === 'text') ? await keys.list(connection) : [];
  return names.map((database, index) => ({
    database,
    isEmpty: !full.has(database),
    journal: toFound(texts[index] ?? { kind: 'none' }, database, opened),
  }));
};

/** Those with a table, a routine or an event in them. */
const listFull = async (
  connection: mysql.Connection,
  names: readonly DatabaseName[],
): Promise<ReadonlySet<string>> => {
  const wanted = names.map(quoteText).join(', ');
  const withoutEvents = `SELECT TABLE_SCHEMA FROM information_schema.TABLES WHERE TABLE_SCHEMA IN (${wanted})
    UNION SELECT ROUTINE_SCHEMA FROM information_schema.ROUTINES WHERE ROUTINE_SCHEMA IN (${wanted})`;
  const events = `SELECT EVENT_SCHEMA FROM information_schema.EVENTS WHERE EVENT_SCHEMA IN (${wanted})`;
  const full = await together([
    readFirstColumn(connection, withoutEvents),
    unlessEventsDisabled(connection, () => readFirstColumn(connection, events)),
  ]);
  return new Set(full.flat());
};

const toFound = (found: ReadText, database: DatabaseName, keys: readonly Uint8Array[]): FoundJournal => {
  if (found.kind !== 'text') return found;
  const { seal, text } = openJournal(keys, database, found.text);
  return { kind: seal, text };
};

/** The server opens every table for this, which takes a millisecond each. */
export const measureDatabases = async (
  connection: mysql.Connection,
  databases: readonly DatabaseName[],
): Promise<ReadonlyMap<DatabaseName, number>> => {
  if (databases.length === 0) return new Map();
  const rows = await readRows(
    connection,
    `SELECT TABLE_SCHEMA, SUM(DATA_LENGTH + INDEX_LENGTH) FROM information_schema.TABLES
     WHERE TABLE_SCHEMA IN (${databases.map(quoteText).join(', ')}) GROUP BY TABLE_SCHEMA`,
  );
  return new Map(rows.map(([database, bytes]) => [toDatabaseName(database ?? ''), Number(bytes)]));
};

/**
 * One row, signed, replaced in one statement, so that a crash leaves the old text or the new. A table that is there
 * already is looked at first: others may make tables and views in scratch databases too.
 */
export const writeJournal = async (
  connection: mysql.Connection,
  keys: JournalKeys,
  scratch: DatabaseName,
  text: string,
): Promise<void> => {
  const body = sealJournal(await keys.obtain(connection), scratch, text);
  const table = quoteTable(scratch, JOURNAL_TABLE);
  const [isNew, [found]] = await together([
    createTable(connection, table),
    readTexts(connection, [{ database: scratch, table: JOURNAL_TABLE }]),
  ]);
  if (!isNew && found?.kind !== 'text') throw foreignTableError(scratch);
  await connection.query(`REPLACE INTO ${table} (id, body) VALUES (1, ${quoteText(body)})`);
};

/** False when there is something of that name. */
const createTable = async (connection: mysql.Connection, table: string): Promise<boolean> => {
  try {
    await connection.query(`CREATE TABLE ${table} ${TEXT_TABLE}`);
    return true;
  } catch (error) {
    if (serverErrorNumber(error) === 1050) return false;
    throw error;
  }
};

const foreignTableError = (database: DatabaseName): SyncError =>
  new SyncError('SWAP_FAILED', {
    message: `somebody put a different ${JOURNAL_TABLE} into ${database}, where this run keeps its journal`,
    hints: ['Find out who may write to scratch databases on the target, then start again.'],
  });
