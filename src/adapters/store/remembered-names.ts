import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { loadBuiltinSqlite } from './sqlite-dialect.js';

const QUERIES = {
  connections: 'SELECT name FROM connections ORDER BY last_used_at DESC, name',
  runs: 'SELECT id AS name FROM runs ORDER BY started_at DESC LIMIT 50',
  plans: 'SELECT plan_name AS name FROM runs GROUP BY plan_name ORDER BY max(started_at) DESC LIMIT 50',
};

interface NameRow {
  readonly name: unknown;
}

/**
 * Names for the Tab key. The store is only read, as fast as can be: nothing is made, mended or waited for, and knex,
 * which takes longer to load than a person wants to wait here, is not asked. What anybody has written into the file may come out.
 */
export const readRememberedNames = async (
  folder: string,
  what: keyof typeof QUERIES,
): Promise<readonly string[]> => {
  const file = join(folder, 'state.db');
  if (!existsSync(file)) return [];
  const rows = await readRows(file, QUERIES[what]);
  return rows.flatMap(({ name }) => (typeof name === 'string' ? [name] : []));
};

const readRows = async (file: string, sql: string): Promise<readonly NameRow[]> => {
  const builtin = loadBuiltinSqlite();
  if (!builtin) return readByPackage(file, sql);
  const database = new builtin.DatabaseSync(file, { readOnly: true });
  try {
    return database.prepare(sql).all() as NameRow[];
  } finally {
    database.close();
  }
};

const readByPackage = async (file: string, sql: string): Promise<readonly NameRow[]> => {
  const { default: sqlite } = await import('sqlite3');
  return new Promise((resolve, reject) => {
    const settle = (error: Error | null, rows: NameRow[] = []): void => {
      database.close();
      if (error) reject(error);
      else resolve(rows);
    };
    const database = new sqlite.Database(file, sqlite.OPEN_READONLY, (error) => {
      if (error) reject(error);
      else database.all<NameRow>(sql, settle);
    });
  });
};
