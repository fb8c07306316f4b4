import { createRequire } from 'node:module';
import type { Knex } from 'knex';
import { SyncError } from '../../core/errors.js';

/** What knex takes as its `client`. */
export type Dialect = 'sqlite3' | typeof Knex.Client;

/** The package when it is installed and was built, else the SQLite of Node 22.16 and newer. */
export const chooseDialect = async (): Promise<Dialect> => {
  if (await hasSqlitePackage()) return 'sqlite3';
  const builtin = loadBuiltinSqlite();
  if (builtin) return makeBuiltinDialect(builtin);
  throw new SyncError('STORE_UNUSABLE', {
    message: `no SQLite for Node ${process.versions.node}: the optional package sqlite3 is missing or was not built`,
    hints: [
      'Use Node 22.16 or newer, which has SQLite built in',
      'Or build the package:  npm install --global --allow-scripts=sqlite3 mysql-sync-plans',
    ],
  });
};

const hasSqlitePackage = async (): Promise<boolean> => {
  try {
    await import('sqlite3');
    return true;
  } catch {
    return false;
  }
};

/** The part of `node:sqlite` that is used here; the types of Node 20 do not have it. */
interface BuiltinSqlite {
  readonly DatabaseSync: new (path: string, options?: { readonly readOnly: boolean }) => BuiltinDatabase;
}
interface BuiltinDatabase {
  prepare(sql: string): BuiltinStatement;
  close(): void;
}
interface BuiltinStatement {
  all(...values: readonly unknown[]): unknown[];
  run(...values: readonly unknown[]): { readonly changes: number; readonly lastInsertRowid: number };
}

export const loadBuiltinSqlite = (): BuiltinSqlite | undefined => {
  const emitWarning = process.emitWarning.bind(process);
  // Node 22 calls its SQLite experimental on stderr each time it is loaded.
  process.emitWarning = () => undefined;
  try {
    return process.getBuiltinModule('node:sqlite') as BuiltinSqlite | undefined;
  } finally {
    process.emitWarning = emitWarning;
  }
};

interface BuiltinQuery {
  readonly sql: string;
  readonly method: string;
  readonly bindings: readonly unknown[] | undefined;
  readonly returning: unknown;
  response?: unknown;
  context?: { readonly lastID: number; readonly changes: number };
}

/** The methods of knex's dialect that the subclass needs; knex has no types for them. */
interface DialectBase {
  new (config: Knex.Config): Knex.Client & {
    _formatBindings(bindings: readonly unknown[] | undefined): readonly unknown[];
  };
}

/** knex has no dialect for `node:sqlite`; its API is that of better-sqlite3 but for what is replaced here. */
const makeBuiltinDialect = (sqlite: BuiltinSqlite): typeof Knex.Client => {
  const Base = createRequire(import.meta.url)('knex/lib/dialects/better-sqlite3/index.js') as DialectBase;
  return class BuiltinSqliteDialect extends Base {
    _driver(): BuiltinSqlite {
      return sqlite;
    }

    override acquireRawConnection(): Promise<BuiltinDatabase> {
      const { filename } = this.connectionSettings as { readonly filename: string };
      return Promise.resolve(new sqlite.DatabaseSync(filename));
    }

    _query(connection: BuiltinDatabase, query: BuiltinQuery): Promise<BuiltinQuery> {
      const statement = connection.prepare(query.sql);
      const values = this._formatBindings(query.bindings);
      if (isWrite(query)) {
        const { changes, lastInsertRowid } = statement.run(...values);
        query.context = { lastID: lastInsertRowid, changes };
      } else {
        query.response = statement.all(...values);
      }
      return Promise.resolve(query);
    }
  } as unknown as typeof Knex.Client;
};

const isWrite = ({ method, returning }: BuiltinQuery): boolean =>
  ['del', 'counter'].includes(method) || (['insert', 'update'].includes(method) && !returning);
