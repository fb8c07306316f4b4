import type mysql from 'mysql2/promise';
import type { Clocks } from '../../../core/server/inventory.js';
import { quoteText } from '../connection/identifiers.js';
import { readRows } from '../connection/rows.js';

/** A server without time zone tables knows SYSTEM and offsets. */
export const readClocks = async (
  connection: mysql.Connection,
  timeZones: readonly string[],
): Promise<Clocks> => {
  const times = timeZones.map((zone) => `CONVERT_TZ(UTC_TIMESTAMP(), '+00:00', ${quoteText(zone)})`);
  const [row = []] = await readRows(connection, `SELECT ${times.join(', ')}`);
  return new Map(
    timeZones.flatMap((zone, index) => {
      const time = row[index];
      return time ? [[zone, time] as const] : [];
    }),
  );
};
