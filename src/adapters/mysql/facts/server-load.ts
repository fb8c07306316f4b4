import type mysql from 'mysql2/promise';
import { isSyntaxError } from '../connection/errors.js';
import { readRows } from '../connection/rows.js';

/** How many sessions run a statement now, this one included. */
export const countRunningThreads = async (connection: mysql.Connection): Promise<number> => {
  const [row] = await readRows(connection, "SHOW GLOBAL STATUS LIKE 'Threads_running'");
  return Number(row?.[1]);
};

/** Of several channels the one that is furthest behind. Undefined when one does not replicate, or none is there. */
export const readReplicaLag = async (connection: mysql.Connection): Promise<number | undefined> => {
  const lags = (await readReplicaStatus(connection)).map(
    (channel) => channel['Seconds_Behind_Source'] ?? channel['Seconds_Behind_Master'],
  );
  const isKnown = lags.length > 0 && lags.every((lag) => lag !== null && lag !== undefined);
  return isKnown ? Math.max(...lags.map(Number)) : undefined;
};

/** Servers before MariaDB 10.5.1 and MySQL 8.0.22 know only the old name, and MySQL 8.4 only the new one. */
const readReplicaStatus = async (
  connection: mysql.Connection,
): Promise<readonly Readonly<Record<string, unknown>>[]> => {
  try {
    return (await connection.query<mysql.RowDataPacket[]>('SHOW REPLICA STATUS'))[0];
  } catch (error) {
    if (!isSyntaxError(error)) throw error;
    return (await connection.query<mysql.RowDataPacket[]>('SHOW SLAVE STATUS'))[0];
  }
};
