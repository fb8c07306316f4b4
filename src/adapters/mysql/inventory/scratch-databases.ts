import type mysql from 'mysql2/promise';
import { type DatabaseName, isScratchDatabase, toDatabaseName } from '../../../core/names.js';
import { readFirstColumn } from '../connection/rows.js';

/** Databases with names that mysql-sync gives. */
export const listScratchDatabases = async (connection: mysql.Connection): Promise<readonly DatabaseName[]> =>
  (
    await readFirstColumn(
      connection,
      `SELECT SCHEMA_NAME FROM information_schema.SCHEMATA WHERE SCHEMA_NAME LIKE 'mysql\\\\_sync\\\\_%' ORDER BY 1`,
    )
  )
    .filter(isScratchDatabase)
    .map(toDatabaseName);
