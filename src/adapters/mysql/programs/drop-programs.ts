import type mysql from 'mysql2/promise';
import type { DatabaseName } from '../../../core/names.js';
import type { ProgramDefinition } from '../../../engine/ports/server.js';
import { explainFailure } from '../connection/failures.js';
import { quoteTable } from '../connection/identifiers.js';
import { PATIENCE, type Patience, explainLocked, retryWhileLocked } from '../locks/metadata-locks.js';

/**
 * Those that are not there are passed over. Works on a connection of its own: its sql_mode and character set change.
 * @throws SyncError PRIVILEGE_MISSING or SERVER_ERROR naming the program, and who keeps it busy
 */
export const dropPrograms = async (
  connection: mysql.Connection,
  database: DatabaseName,
  programs: readonly Pick<ProgramDefinition, 'kind' | 'name'>[],
  patience: Patience = PATIENCE,
): Promise<void> => {
  // A program may have been made before, in the character set of its day.
  await connection.query('SET NAMES utf8mb4');
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
