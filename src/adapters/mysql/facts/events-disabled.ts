import type mysql from 'mysql2/promise';
import { isEventsRefused } from '../connection/errors.js';
import { readFirstColumn } from '../connection/rows.js';

/**
 * Servers that were started with event_scheduler=DISABLED have no events for anybody, and MariaDB and MySQL before 8
 * refuse whoever asks for them. The same error speaks of damaged system tables where the setting is another.
 */
export const unlessEventsDisabled = async <Row>(
  connection: mysql.Connection,
  read: () => Promise<readonly Row[]>,
): Promise<readonly Row[]> => {
  try {
    return await read();
  } catch (error) {
    if (!isEventsRefused(error)) throw error;
    const [state] = await readFirstColumn(connection, 'SELECT @@GLOBAL.event_scheduler');
    if (state !== 'DISABLED') throw error;
    return [];
  }
};
