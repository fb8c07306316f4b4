import type mysql from 'mysql2/promise';
import { serverErrorNumber } from '../connection/errors.js';
import { readRows } from '../connection/rows.js';

/** Row too large, key too long, column of a key too large. */
const PAGE_LIMITS = new Set<number | undefined>([1071, 1118, 1709]);

/** What of the target stops a definition that its source took. */
export const explainPageLimit = async (
  connection: mysql.Connection,
  error: unknown,
): Promise<readonly string[]> => {
  if (!PAGE_LIMITS.has(serverErrorNumber(error))) return [];
  const [[bytes] = []] = await readRows(connection, 'SELECT @@innodb_page_size').catch(() => []);
  return [
    `InnoDB of the target has pages of ${bytes ?? '?'} bytes (innodb_page_size), which limit its keys and rows; other engines have limits of their own.`,
    'Make the key or row shorter on the source, or exclude the table (tables.exclude).',
  ];
};

/** 1114 is the whole message of a full disk and of a table in memory that may not grow. */
export const explainFullTable = (error: unknown, engine: string | undefined): readonly string[] => {
  if (serverErrorNumber(error) !== 1114) return [];
  return engine?.toLowerCase() === 'memory'
    ? ['It is in memory, and may have max_heap_table_size bytes on the target.']
    : ['The disk of the target is full, or a tablespace or tmpdir on it.'];
};
