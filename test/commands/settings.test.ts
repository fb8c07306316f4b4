import type mysql from 'mysql2/promise';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { availableFlavors } from '../support/flavors.js';
import { type Rig, startRig } from '../support/rig.js';

/** What an administrator may set for all sessions of a server, by vendor. */
const AGAINST_US = {
  both: [
    ...['autocommit = 0', "completion_type = 'CHAIN'", 'sql_select_limit = 1000'],
    ...['sql_safe_updates = 1', 'sql_auto_is_null = 1', 'sql_buffer_result = 1', 'low_priority_updates = 1'],
    ...['foreign_key_checks = 0', 'unique_checks = 0', 'sql_notes = 0', 'max_error_count = 0'],
    ...[
      "lc_messages = 'de_DE'",
      'sql_quote_show_create = 0',
      'lock_wait_timeout = 1',
      'innodb_lock_wait_timeout = 1',
    ],
    ...["time_zone = '+05:30'", 'group_concat_max_len = 4', 'wait_timeout = 5', 'net_read_timeout = 2'],
    ...[
      'net_write_timeout = 2',
      'character_set_filesystem = utf8mb4',
      "collation_connection = 'utf8mb4_bin'",
    ],
    "sql_mode = 'ANSI_QUOTES,PIPES_AS_CONCAT,IGNORE_SPACE,NO_BACKSLASH_ESCAPES,PAD_CHAR_TO_FULL_LENGTH,HIGH_NOT_PRECEDENCE,NO_UNSIGNED_SUBTRACTION,REAL_AS_FLOAT'",
  ],
  mariadb: [
    ...['tx_read_only = 1', "tx_isolation = 'SERIALIZABLE'", 'sql_if_exists = 1', "old_mode = ''"],
    ...['max_statement_time = 0.5', 'idle_transaction_timeout = 1', 'idle_readonly_transaction_timeout = 1'],
    ...["alter_algorithm = 'INSTANT'", "system_versioning_asof = '2001-01-01 00:00:00'"],
    ...[
      'explicit_defaults_for_timestamp = 0',
      'check_constraint_checks = 0',
      'innodb_compression_default = 1',
    ],
    ...["sql_mode = CONCAT(@@GLOBAL.sql_mode, ',ORACLE,EMPTY_STRING_IS_NULL')"],
  ],
  mysql: [
    ...['transaction_read_only = 1', "transaction_isolation = 'READ-UNCOMMITTED'", 'max_execution_time = 1'],
    ...['show_create_table_verbosity = 1', 'show_gipk_in_create_table_and_information_schema = 0'],
    ...['sql_generate_invisible_primary_key = 1', 'sql_require_primary_key = 1', 'innodb_strict_mode = 0'],
    ...[
      'information_schema_stats_expiry = 86400',
      'restrict_fk_on_non_standard_key = 1',
      'old_alter_table = 1',
    ],
    'explicit_defaults_for_timestamp = 0',
  ],
} as const;

/** For accounts without SUPER, at every login. */
const INIT = {
  mariadb: 'SET autocommit = 0, sql_select_limit = 7, timestamp = 86400, insert_id = 5, last_insert_id = 6',
  mysql: 'SET autocommit = 0, sql_select_limit = 7, insert_id = 5, last_insert_id = 6',
} as const;

const ROWS = '3600';
const APP = `
  CREATE TABLE orders (id INT PRIMARY KEY AUTO_INCREMENT, at TIMESTAMP NULL, name CHAR(20) NOT NULL DEFAULT 'x', total DECIMAL(10,2), KEY by_name (name));
  CREATE TABLE parts (id INT PRIMARY KEY, orders INT, CONSTRAINT fk_orders FOREIGN KEY (orders) REFERENCES orders (id));
  CREATE TABLE plain (a TIMESTAMP NULL, b TEXT);
  CREATE TABLE tape (id INT PRIMARY KEY, name VARCHAR(20)) ENGINE=MyISAM;
  INSERT INTO orders (id, at, name, total) WITH RECURSIVE n AS (SELECT 1 AS i UNION ALL SELECT i + 1 FROM n WHERE i < 900)
    SELECT i, '2024-03-31 02:30:00', CONCAT('n', i), i / 8 FROM n;
  INSERT INTO orders (id, at, name, total) SELECT id + 900, at, name, total FROM orders;
  INSERT INTO orders (id, at, name, total) SELECT id + 1800, at, name, total FROM orders;
  INSERT INTO parts SELECT id, id FROM orders;
  INSERT INTO tape SELECT id, name FROM orders;
  INSERT INTO plain VALUES (NULL, 'a''b\\\\c'), ('2024-01-01 12:00:00', '');
  CREATE DEFINER=poor@127.0.0.1 VIEW sums AS SELECT name, SUM(total) AS total FROM orders GROUP BY name;
  CREATE DEFINER=poor@127.0.0.1 TRIGGER parts_bi BEFORE INSERT ON parts FOR EACH ROW SET NEW.orders = COALESCE(NEW.orders, 1);
  CREATE DEFINER=poor@127.0.0.1 FUNCTION twice(a INT) RETURNS INT DETERMINISTIC RETURN a * 2;
  CREATE DEFINER=poor@127.0.0.1 EVENT clean ON SCHEDULE EVERY 1 DAY STARTS '2030-01-01 00:00:00' DO DELETE FROM plain;`;
const PLAN = 'databases:\n  - name: app';

/** Without SUPER. */
const PRIVILEGES =
  'SELECT, INSERT, UPDATE, DELETE, CREATE, DROP, ALTER, INDEX, REFERENCES, CREATE VIEW, SHOW VIEW, CREATE ROUTINE, ALTER ROUTINE, EXECUTE, EVENT, TRIGGER, LOCK TABLES, RELOAD, PROCESS';

/** For tables without a primary key, against `sql_require_primary_key` and `sql_generate_invisible_primary_key`. */
const MORE_PRIVILEGES = {
  mariadb: '',
  mysql: '; GRANT SESSION_VARIABLES_ADMIN ON *.* TO poor@127.0.0.1',
} as const;

/** Several commands, one after the other. */
const MILLISECONDS = 240_000;

describe.each(availableFlavors().filter(({ id }) => id !== 'mariadb-10.5'))('$id', (flavor) => {
  let rig: Rig;
  /** Opened before, so their sessions are as usual. */
  let admins: Readonly<Record<'source' | 'target', mysql.Connection>>;
  const connectionOf = (name: string, port: number): string =>
    `{name: ${name}, host: 127.0.0.1, port: ${String(port)}, user: poor, password: "\${POOR_PASSWORD}"`;
  const writePlan = (body: string): string =>
    rig.writePlan(body, {
      source: `${connectionOf('prod', rig.source.port)}}`,
      target: `${connectionOf('staging', rig.target.port)}, access: read-write}`,
    });
  const run = (...argv: readonly string[]) => rig.run([...argv, '--confirm-target', 'staging']);

  beforeAll(async () => {
    const defaults = [
      '--log-bin',
      '--server-id=1',
      '--log-bin-trust-function-creators=1',
      '--local-infile=1',
    ];
    rig = await startRig({ flavor, sourceOptions: defaults, targetOptions: defaults });
    admins = { source: await rig.source.connect(), target: await rig.target.connect() };
    for (const server of [rig.source, rig.target])
      await server.query(
        `CREATE USER poor@127.0.0.1 IDENTIFIED BY 'pw-of-poor'; GRANT ${PRIVILEGES} ON *.* TO poor@127.0.0.1${MORE_PRIVILEGES[flavor.vendor]}`,
      );
    await rig.source.query('CREATE DATABASE app');
    rig.source.load(APP, 'app');
    for (const server of [rig.source, rig.target]) {
      const settings = [...AGAINST_US.both, ...AGAINST_US[flavor.vendor]];
      await server.query(
        `${settings.map((setting) => `SET GLOBAL ${setting};`).join('\n')}
         SET GLOBAL init_connect = '${INIT[flavor.vendor]}';`,
      );
    }
  });
  afterAll(async () => {
    for (const admin of Object.values(admins)) await admin.end();
    await rig.stop();
  });
  beforeEach(async () => {
    for (const name of ['app', ...(await listScratch())])
      await admins.target.query(`DROP DATABASE IF EXISTS \`${name}\``);
    await admins.target.query(
      'CREATE DATABASE app; CREATE TABLE app.orders (id INT PRIMARY KEY); INSERT INTO app.orders VALUES (1), (2)',
    );
  });

  const read = async (sql: string): Promise<readonly string[]> => {
    const [rows] = await admins.target.query<mysql.RowDataPacket[]>(sql);
    return rows.map((row) => String(Object.values(row)[0]));
  };
  const listScratch = async (): Promise<readonly string[]> => read("SHOW DATABASES LIKE 'mysql\\_sync\\_%'");
  const countOrders = async (): Promise<string | undefined> =>
    (await read('SELECT COUNT(*) FROM app.orders'))[0];

  const setGlobally = async (setting: string): Promise<void> => {
    for (const admin of Object.values(admins)) await admin.query(`SET GLOBAL ${setting}`);
  };

  test.each(['native', 'dump'])(
    'with everything set against us, all rows are copied, verified and rolled back: %s engine',
    async (engine) => {
      const plan = writePlan(`${PLAN}\noptions: {engine: ${engine}}`);
      await setGlobally(
        `max_join_size = ${engine === 'native' || flavor.vendor === 'mysql' ? '10' : 'DEFAULT'}`,
      );
      const planned = await rig.run(['plan', plan]);
      expect(planned.code, `${planned.stdout}${planned.stderr}`).toBe(0);
      const applied = await run('apply', plan);
      expect(applied.code, `${applied.stdout}${applied.stderr}`).toBe(0);
      expect(applied.stdout).toMatch(/app +overwritten +4 tables/);
      expect(await countOrders()).toBe(ROWS);
      const verified = await rig.run(['verify', plan]);
      expect(verified.code, `${verified.stdout}${verified.stderr}`).toBe(0);
      const before = await listScratch();
      expect(before).toHaveLength(1);
      const again = await run('apply', plan);
      // Nothing of the run before was left unfinished.
      expect(again.stderr).not.toMatch(/finish|undid|left behind/);
      expect(again.code, `${again.stdout}${again.stderr}`).toBe(0);
      const rolled = await run('rollback', '--plan', plan);
      expect(rolled.code, `${rolled.stdout}${rolled.stderr}`).toBe(0);
      expect(await countOrders()).toBe(ROWS);
    },
    MILLISECONDS,
  );

  test('a login that fails in init_connect is not a bug, and the message says so', async () => {
    await admins.source.query("SET GLOBAL init_connect = 'SELECT nothing'");
    const { code, stderr } = await rig.run(['plan', writePlan(PLAN)]);
    await admins.source.query(`SET GLOBAL init_connect = '${INIT[flavor.vendor]}'`);
    expect(stderr).toMatch(/error\[CONN_LOST\] prod: .*init_connect/);
    expect(stderr).toContain('SELECT @@GLOBAL.init_connect');
    expect(code).toBe(4);
  });
});
