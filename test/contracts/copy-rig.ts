import type mysql from 'mysql2/promise';
import { openConnection } from '../../src/adapters/mysql/connection/connect.js';
import { readServerFacts } from '../../src/adapters/mysql/facts/facts.js';
import { inspectDatabases } from '../../src/adapters/mysql/inventory/inspect.js';
import type { Endpoint } from '../../src/core/server/connection.js';
import type { TableInventory } from '../../src/core/server/inventory.js';
import { toDatabaseName } from '../../src/core/names.js';
import type { CopyProgress } from '../../src/core/run/run-event.js';
import { Secret } from '../../src/core/secret.js';
import type { CopiedTable, CopyJob, Pace, RowEngine } from '../../src/engine/ports/row-engine.js';
import { anEndpoint } from '../support/inventory.js';
import { ROOT, type TestServer, startServer } from '../support/servers.js';

/** Two servers and what a row engine finds between them: a filled database, and its empty tables in a staging one. */
export interface CopyRig {
  readonly source: TestServer;
  readonly target: TestServer;
  /**
   * Makes a staging database with the empty tables of a source database, and the job that fills it. Its name is new
   * each time: a statement of a loader that was killed may still run.
   */
  stage(
    database: string,
    options?: {
      readonly where?: Readonly<Record<string, string>>;
      readonly only?: readonly string[];
      readonly source?: Partial<Endpoint>;
      readonly target?: Partial<Endpoint>;
    },
  ): Promise<CopyJob>;
  stop(): Promise<void>;
}

/** Nothing waits. */
export const AT_ONCE: Pace = { admit: () => undefined };

export const quote = (name: string): string => `\`${name.replaceAll('`', '``')}\``;

const endpointOf = (
  role: Endpoint['role'],
  { port }: TestServer,
  overrides: Partial<Endpoint> = {},
): Endpoint =>
  anEndpoint(role, role === 'source' ? 'prod' : 'staging', {
    address: { kind: 'tcp', host: '127.0.0.1', port },
    user: ROOT.user,
    password: new Secret(ROOT.password),
    ...overrides,
  });

type StartServer = (options: readonly string[]) => Promise<TestServer>;

/** By default both servers are the MariaDB of PATH, else as `start` starts them with these options. */
export const startCopyRig = async (
  options: readonly string[] = [],
  start: StartServer = startServer,
  startTarget: StartServer = start,
): Promise<CopyRig> => {
  const [source, target] = await Promise.all([start(options), startTarget(options)]);
  await makeNumbers(source);
  let staged = 0;
  const read = async <T>(
    endpoint: Endpoint,
    work: (connection: mysql.Connection) => Promise<T>,
  ): Promise<T> => {
    const connection = await openConnection(endpoint);
    try {
      return await work(connection);
    } finally {
      await connection.end();
    }
  };
  return {
    source,
    target,
    stage: async (database, { where = {}, only, source: atSource, target: atTarget } = {}) => {
      const into = `mysql_sync_new_${(staged += 1)}`;
      await stageTables(source, target, database, into);
      const root = endpointOf('source', source);
      const facts = await read(root, async (connection) => readServerFacts(connection, root));
      const [inventory] = await read(root, async (connection) =>
        inspectDatabases(connection, facts.flavor, [toDatabaseName(database)]),
      );
      const goal = endpointOf('target', target);
      const isWanted = ({ kind, name }: TableInventory): boolean =>
        kind !== 'sequence' && (!only || only.includes(name));
      return {
        source: { ...root, ...atSource },
        target: { ...goal, ...atTarget },
        sourceFacts: facts,
        targetFacts: await read(goal, async (connection) => readServerFacts(connection, goal)),
        from: toDatabaseName(database),
        live: toDatabaseName(into),
        into: toDatabaseName(into),
        tables: (inventory?.tables ?? [])
          .filter(isWanted)
          .map((table) => ({ table, where: where[table.name] ?? null })),
        pace: AT_ONCE,
      };
    },
    stop: async () => {
      await Promise.all([source.stop(), target.stop()]);
    },
  };
};

/** `numbers.n` holds 1 to 524288 in its column `seq`. */
const makeNumbers = async (server: TestServer): Promise<void> => {
  const doublings = Array.from(
    { length: 19 },
    (_, power) => `INSERT INTO n SELECT seq + ${2 ** power} FROM n`,
  );
  await server.query(
    `CREATE DATABASE numbers; USE numbers; CREATE TABLE n (seq INT PRIMARY KEY); INSERT INTO n VALUES (1); ${doublings.join('; ')}`,
  );
};

const stageTables = async (
  source: TestServer,
  target: TestServer,
  database: string,
  staged: string,
): Promise<void> => {
  const [from, to] = await Promise.all([source.connect(), target.connect()]);
  try {
    await from.query(`USE ${quote(database)}`);
    const tables = await select(
      from,
      "SELECT TABLE_NAME AS name FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE() AND TABLE_TYPE IN ('BASE TABLE', 'SYSTEM VERSIONED')",
    );
    await to.query(`CREATE DATABASE ${quote(staged)}; USE ${quote(staged)}`);
    await to.query("SET SESSION foreign_key_checks = 0, sql_mode = ''");
    for (const { name = '' } of tables) {
      const [definition] = await select(from, `SHOW CREATE TABLE ${quote(name)}`);
      await to.query(definition?.['Create Table'] ?? '');
    }
  } finally {
    await Promise.all([from.end(), to.end()]);
  }
};

type TextRow = Readonly<Record<string, string>>;

const select = async (
  connection: mysql.Connection,
  sql: string,
  values: readonly unknown[] = [],
): Promise<readonly TextRow[]> => {
  const [rows] = await connection.query(sql, [...values]);
  return rows as readonly TextRow[];
};

/** Runs a job from start to end. `progress` is every report, in its order. */
export const copyRows = async (
  engine: RowEngine,
  job: CopyJob,
  signal: AbortSignal = new AbortController().signal,
): Promise<{ readonly copied: readonly CopiedTable[]; readonly progress: readonly CopyProgress[] }> => {
  const progress: CopyProgress[] = [];
  await engine.prepare(job.sourceFacts, job.targetFacts);
  const copied = await engine.copy(job, (report) => progress.push(report), signal);
  return { copied, progress };
};

/**
 * The rows of every table as sorted text, read independently of the product: hexadecimal bytes a column, long values
 * by SHA-256, FLOAT by the double that it is.
 */
export const readRows = async (
  server: TestServer,
  database: string,
  where: Readonly<Record<string, string>> = {},
): Promise<Readonly<Record<string, readonly string[]>>> => {
  const connection = await server.connect();
  try {
    await connection.query("SET SESSION time_zone = '+00:00', sql_mode = ''");
    const columns = await select(
      connection,
      'SELECT C.TABLE_NAME AS tableName, COLUMN_NAME AS name, DATA_TYPE AS type, TABLE_TYPE AS kind FROM information_schema.COLUMNS C JOIN information_schema.TABLES T USING (TABLE_SCHEMA, TABLE_NAME) WHERE C.TABLE_SCHEMA = ? AND TABLE_TYPE IN (?) ORDER BY 1, ORDINAL_POSITION',
      [database, ['BASE TABLE', 'SYSTEM VERSIONED']],
    );
    const rows: Record<string, readonly string[]> = {};
    for (const table of new Set(columns.map(({ tableName = '' }) => tableName))) {
      const cells = columns.filter(({ tableName }) => tableName === table);
      const kind = cells[0]?.['kind'];
      const history = kind === 'SYSTEM VERSIONED' ? ' FOR SYSTEM_TIME ALL' : '';
      const texts = [...cells.map(toText), ...(history ? ['row_start', 'row_end'] : [])];
      const condition = where[table] === undefined ? '' : ` WHERE ${where[table]}`;
      const found = await select(
        connection,
        `SELECT CONCAT_WS(',', ${texts.join(', ')}) AS line FROM ${quote(database)}.${quote(table)}${history}${condition}`,
      );
      rows[table] = found.map(({ line = '' }) => line).sort();
    }
    return rows;
  } finally {
    await connection.end();
  }
};

const toText = ({ name = '', type }: TextRow): string => {
  const value = quote(name);
  const exact = type === 'float' ? `${value} * 1e0` : type === 'json' ? `CAST(${value} AS CHAR)` : value;
  const bytes = type === 'point' ? `ST_AsBinary(${value})` : `CAST(${exact} AS BINARY)`;
  return `COALESCE(IF(LENGTH(${bytes}) > 500, SHA2(${bytes}, 256), HEX(${bytes})), '-')`;
};
