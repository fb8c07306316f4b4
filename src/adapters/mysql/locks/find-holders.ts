import type mysql from 'mysql2/promise';
import type { RunId } from '../../../core/names.js';
import { quoteText } from '../connection/identifiers.js';
import { readRows } from '../connection/rows.js';
import { nameOwnLock } from './lock-names.js';

/** Those of these runs that hold their own lock, with `user@host` of the connection as far as this account may see it. */
export const findHolders = async (
  connection: mysql.Connection,
  runs: readonly RunId[],
): Promise<ReadonlyMap<RunId, string | null>> => {
  const asked = runs.map((run) => `IS_USED_LOCK(${quoteText(nameOwnLock(run))})`);
  const [ids = []] = await readRows(connection, `SELECT ${asked.join(', ')}`);
  const held = runs.flatMap((run, at) => {
    const id = ids[at] ?? null;
    return id === null || !/^\d+$/.test(id) ? [] : [{ run, id }];
  });
  if (held.length === 0) return new Map();
  const rows = await readRows(
    connection,
    `SELECT ID, CONCAT(USER, '@', HOST) FROM information_schema.PROCESSLIST WHERE ID IN (${held.map(({ id }) => id).join(', ')})`,
  );
  const whoOf = new Map(rows.map(([id, who]) => [id, who]));
  return new Map(held.map(({ run, id }) => [run, whoOf.get(id) ?? null]));
};
