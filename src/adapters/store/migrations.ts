import type { Knex } from 'knex';
import { SyncError } from '../../core/errors.js';
import type { StoreDatabase } from './store-database.js';

/**
 * Migration N is the Nth entry; `PRAGMA user_version` says how many a file has had. Append only. They are code and
 * not files so that the built package carries them. Integers that can pass 2^53, and times, are TEXT: the SQLite
 * drivers disagree on large integers.
 */
const MIGRATIONS: readonly ((db: Knex) => Promise<void>)[] = [
  async (db) => {
    await db.schema.createTable('connections', (table) => {
      table.text('name').primary();
      table.text('host');
      table.integer('port');
      table.text('socket');
      table.text('user').notNullable();
      table.text('tls_mode').notNullable();
      table.text('tls_ca');
      table.text('access').notNullable();
      table.boolean('is_protected').notNullable();
      table.text('password_command');
      table.text('password_storage');
      table.text('password');
      table.text('created_at').notNullable();
      table.text('last_used_at');
      table.text('last_seen_server');
      table.check('(host is null) = (socket is not null) and (host is null) = (port is null)');
      table.check('(password is null) = (password_storage is null)');
    });
  },
  async (db) => {
    await db.schema.createTable('runs', (table) => {
      table.text('id').primary();
      table.text('started_at').notNullable().index();
      table.text('finished_at');
      table.integer('exit_code');
      table.text('plan_name').notNullable();
      table.text('plan_path').notNullable();
      // The whole run as JSON; the columns above are what is asked for or changes.
      table.text('facts').notNullable();
    });
    await db.schema.createTable('outcomes', (table) => {
      table.text('run_id').notNullable().references('runs.id');
      table.text('database').notNullable();
      table.text('facts').notNullable();
      table.primary(['run_id', 'database']);
    });
  },
  async (db) => {
    await db.schema.alterTable('connections', (table) => {
      table.text('tls_cert');
      table.text('tls_key');
      table.text('tls_server_public_key');
      // What the server said of itself at the last use.
      table.text('server_identity');
    });
  },
  async (db) => {
    // The last copy to each database of a target, as JSON.
    await db.schema.createTable('copies', (table) => {
      table.text('target').notNullable();
      table.text('database').notNullable();
      table.text('facts').notNullable();
      table.primary(['target', 'database']);
    });
  },
  async (db) => {
    await db.schema.alterTable('connections', (table) => {
      table.text('ssh');
    });
  },
];

const readVersion = async (db: Knex): Promise<number> => {
  const rows: readonly { readonly user_version: number }[] = await db.raw('PRAGMA user_version');
  return rows[0]?.user_version ?? 0;
};

/** Brings the file to the newest shape, in one transaction that other processes wait for. */
export const migrateStore = async (database: StoreDatabase, file: string): Promise<void> =>
  database.run(async (db) => {
    if ((await readVersion(db)) === MIGRATIONS.length) return;
    // Not knex's own transaction: it begins deferred, and two processes that both read first cannot both write.
    await db.raw('BEGIN IMMEDIATE');
    try {
      const version = await readVersion(db);
      refuseNewer(version, file);
      for (const migrate of MIGRATIONS.slice(version)) await migrate(db);
      await db.raw(`PRAGMA user_version = ${MIGRATIONS.length}`);
      await db.raw('COMMIT');
    } catch (error) {
      await db.raw('ROLLBACK');
      throw error;
    }
  });

const refuseNewer = (version: number, file: string): void => {
  if (version <= MIGRATIONS.length) return;
  throw new SyncError('STORE_UNUSABLE', {
    message: `${file} was written by a newer mysql-sync (store version ${version}; this one knows ${MIGRATIONS.length})`,
    hints: ['Update mysql-sync, or choose another folder with MYSQL_SYNC_HOME'],
  });
};
