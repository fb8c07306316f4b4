import { sha256Hex } from './fingerprint.js';
import type { TableName } from './names.js';

/** What the name of a table begins with that has the rows of this one while they are loaded. As long as the longest name with a UUID behind it. */
export const loadingPrefix = (table: TableName): string => `mysql_sync_${sha256Hex(table).slice(0, 16)}_`;

/** Whether the name is one that was made so: what the table is, its definition must tell. */
export const mayBeLoading = (name: TableName, table: TableName): boolean =>
  name.startsWith(loadingPrefix(table));
