import type mysql from 'mysql2/promise';
import type { Flavor } from '../../../core/flavor.js';
import { type DatabaseName, type TableName, toDatabaseName, toTableName } from '../../../core/names.js';
import { supports } from '../../../core/server/features.js';
import type { LastWrites, UpdateTimes } from '../../../engine/ports/records.js';
import { quoteText } from '../connection/identifiers.js';
import { readRows } from '../connection/rows.js';
import { nameIsOneOf } from './inspect-catalog.js';
import { toUpdateTime } from './inspect-tables.js';

/** As `readWriteMark` in core: other engines, and partitioned tables, do not tell when their rows were written. */
export const readLastWrites = async (
  connection: mysql.Connection,
  flavor: Flavor,
  databases: readonly DatabaseName[],
): Promise<ReadonlyMap<DatabaseName, LastWrites>> => {
  if (databases.length === 0) return new Map();
  const telling = supports(flavor, 'updateTimes') ? ['InnoDB', 'MyISAM'] : ['MyISAM'];
  const updated = `IF(ENGINE IN (${telling.map((engine) => `'${engine}'`).join(', ')}) AND CREATE_OPTIONS NOT LIKE '%partitioned%', UPDATE_TIME, NULL)`;
  const rows = await readRows(
    connection,
    `SELECT TABLE_SCHEMA, MAX(${updated}), MAX(CREATE_TIME) FROM information_schema.TABLES
     WHERE TABLE_TYPE <> 'VIEW' AND TABLE_SCHEMA IN (${databases.map(quoteText).join(', ')}) GROUP BY TABLE_SCHEMA`,
  );
  return new Map(
    rows.map(([database, updatedAt, createdAt]) => [
      toDatabaseName(database ?? ''),
      { updatedAt: toTime(updatedAt), createdAt: toTime(createdAt) },
    ]),
  );
};

/** Of each table of databases, as `TableInventory.updatedAt`. */
export const readUpdateTimes = async (
  connection: mysql.Connection,
  flavor: Flavor,
  databases: readonly DatabaseName[],
): Promise<ReadonlyMap<string, UpdateTimes>> => {
  const rows = await readRows(
    connection,
    `SELECT TABLE_SCHEMA, TABLE_NAME, UPDATE_TIME FROM information_schema.TABLES
     WHERE ${nameIsOneOf(flavor, 'TABLE_SCHEMA', databases)} AND TABLE_TYPE <> 'VIEW'`,
  );
  const found = new Map<string, Map<TableName, string | undefined>>();
  for (const [schema, name, time] of rows) {
    const tables = found.get(schema ?? '') ?? new Map<TableName, string | undefined>();
    tables.set(toTableName(name ?? ''), toUpdateTime(time ?? null));
    found.set(schema ?? '', tables);
  }
  return found;
};

/** Sessions are in UTC. */
const toTime = (text: string | null | undefined): string | null =>
  text && /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d/.test(text) ? `${text.slice(0, 19).replace(' ', 'T')}Z` : null;
