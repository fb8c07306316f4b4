import type mysql from 'mysql2/promise';
import { PROBE_SEPARATORS, PROBE_TAG, type ProbeForm, type Probes } from '../../../core/mask/leak-probe.js';
import type { DatabaseName } from '../../../core/names.js';
import type { CopyTable } from '../../../engine/ports/rows.js';
import { quoteName, quoteText } from '../connection/identifiers.js';
import { readRows } from '../connection/rows.js';
import { limitSelect } from './limited-select.js';
import { renderHmac } from './mask-key.js';
import { renderRows } from './render-rows.js';

/** A longer look at a column is not worth what it tells. */
const MOST_SECONDS = 5;

/**
 * Which of these keyed hashes are those of values that a masked column has. The session has the key, and the statement nothing but
 * hashes. Rows that stay as they are do not count.
 */
export const findProbes = async (
  connection: mysql.Connection,
  database: DatabaseName,
  { table, masks }: CopyTable,
  column: string,
  { form, hashes }: Probes,
): Promise<readonly string[]> => {
  const unless = masks?.unless ?? null;
  const masked = unless === null ? null : `NOT COALESCE((${unless}\n), 0)`;
  const hash = renderHmac(PROBE_TAG, `CAST(${renderForm(form, column)} AS BINARY)`);
  const rows = await readRows(
    connection,
    `${limitSelect(MOST_SECONDS)} DISTINCT hash FROM (SELECT ${hash} AS hash FROM ${renderRows(database, table, masked)}) hashed WHERE hash IN (${hashes.map(quoteText).join(', ')})`,
  );
  return rows.flatMap(([found]) => found ?? []);
};

/** The same as `normalizeProbe`, of texts that have nothing but ASCII. */
const renderForm = (form: ProbeForm, column: string): string => {
  const text = `CONVERT(${quoteName(column)} USING utf8mb4)`;
  if (form === 'word') return `LOWER(TRIM(${text}))`;
  const bare = PROBE_SEPARATORS.reduce((sql, separator) => `REPLACE(${sql}, '${separator}', '')`, text);
  return `TRIM(LEADING '0' FROM UPPER(${bare}))`;
};
