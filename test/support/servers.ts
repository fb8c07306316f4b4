import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import mysql from 'mysql2/promise';
import { type FarLink, startFarLink } from '../../bench/far-link.mjs';
import { type ServerPrograms, asUser, makeDataFolder, scratchRoot } from './data-template.js';
import { ServerProcess } from './server-process.js';

/** A private database server of one test file: its own data folder, socket and port. Accounts: `root` and `ROOT`. */
export interface TestServer {
  /** Where the product reaches it: behind a link that delays when MYSQL_SYNC_TEST_LINK asks for one. */
  readonly port: number;
  readonly socket: string;
  readonly folder: string;
  readonly pid: number;
  /** A new connection as the all-powerful TCP account, several statements a query allowed. */
  connect(): Promise<mysql.Connection>;
  /** Runs SQL (several statements allowed) as the all-powerful account. */
  query(sql: string): Promise<mysql.RowDataPacket[]>;
  /** Feeds SQL text (DELIMITER lines and all) to the command line client. */
  load(sql: string | Buffer, database?: string, onError?: 'stop' | 'go-on'): void;
  kill(signal: 'SIGKILL' | 'SIGSTOP' | 'SIGCONT'): void;
  /** Starts the process again on the same data folder and port. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

/** The account that tests use over TCP. Its password is the canary that must never be seen in any output. */
export const ROOT = { user: 'tester', password: `canary#"\\' ;é-7f3a` } as const;

const MARIADB_OF_PATH: ServerPrograms = {
  vendor: 'mariadb',
  server: 'mariadbd',
  client: 'mariadb',
  installer: 'mariadb-install-db',
  templateName: '2',
};

/**
 * Starts a MariaDB server from PATH. `options` are command line options of the server, such as `--log-bin`.
 * Its folder is made in `root`. The caller stops it, normally in `afterAll`.
 */
export const startServer = async (
  options: readonly string[] = [],
  root = scratchRoot(),
): Promise<TestServer> => startServerOf(MARIADB_OF_PATH, options, root);

/** The same for the server of these programs. */
export const startServerOf = async (
  programs: ServerPrograms,
  options: readonly string[],
  root = scratchRoot(),
): Promise<TestServer> => {
  const folder = mkdtempSync(join(root, 'mysql-sync-test-'));
  const socket = join(folder, 's.sock');
  const port = await findFreePort();
  const argv = [...serverArgv(programs, folder, socket, port), ...options];
  const server = new ServerProcess(programs.server, argv, folder);
  let link: FarLink | undefined;
  try {
    makeDataFolder(programs, join(folder, 'data'), options);
    mkdirSync(join(folder, 'tmp'));
    await server.start(socket);
    await createAccounts(socket);
    link = await openLink(port);
  } catch (error) {
    await server.end();
    throw error;
  }
  return {
    port: link?.port ?? port,
    socket,
    folder,
    get pid() {
      return server.pid;
    },
    connect: () => connect(port),
    query: (sql) => query(port, sql),
    load: (...words) => loadSql(programs.client, socket, ...words),
    kill: (signal) => server.signal(signal),
    restart: async () => {
      await server.kill();
      await server.start(socket);
    },
    stop: async () => {
      link?.stop();
      await server.end();
    },
  };
};

/** Between the product and a server; what a test itself asks takes the short way. */
const openLink = async (port: number): Promise<FarLink | undefined> => {
  const milliseconds = Number(process.env['MYSQL_SYNC_TEST_LINK'] ?? 0);
  return milliseconds > 0 ? startFarLink(port, { milliseconds }) : undefined;
};

const findFreePort = async (): Promise<number> =>
  new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });

/**
 * MySQL: no X protocol, which has a port and a socket of its own, and no folder of files that may not be there. What it
 * keeps about past statements and errors is a third of its start.
 */
const VENDOR_OPTIONS = {
  mariadb: [],
  mysql: [
    ...['--mysqlx=OFF', '--secure-file-priv=NULL', '--innodb-redo-log-capacity=64M'],
    ...['--performance-schema-digests-size=1', '--performance-schema-error-size=1'],
    ...['statements', 'stages', 'waits', 'transactions'].map(
      (events) => `--performance-schema-events-${events}-history-long-size=1`,
    ),
  ],
} as const;

const serverArgv = (
  { vendor }: ServerPrograms,
  folder: string,
  socket: string,
  port: number,
): readonly string[] => [
  '--no-defaults',
  ...asUser,
  `--datadir=${join(folder, 'data')}`,
  `--socket=${socket}`,
  `--port=${String(port)}`,
  `--pid-file=${join(folder, 'pid')}`,
  `--tmpdir=${join(folder, 'tmp')}`,
  `--log-error=${join(folder, 'error.log')}`,
  '--bind-address=127.0.0.1',
  '--innodb-buffer-pool-size=64M',
  // Safe when the process is killed, and only then.
  '--innodb-flush-log-at-trx-commit=2',
  '--skip-name-resolve',
  ...VENDOR_OPTIONS[vendor],
];

const createAccounts = async (socket: string): Promise<void> => {
  const root = await mysql.createConnection({ socketPath: socket, user: 'root' });
  const password = root.escape(ROOT.password);
  for (const host of ['127.0.0.1', 'localhost']) {
    await root.query(`CREATE USER '${ROOT.user}'@'${host}' IDENTIFIED BY ${password}`);
    await root.query(`GRANT ALL ON *.* TO '${ROOT.user}'@'${host}' WITH GRANT OPTION`);
  }
  await root.end();
};

const connect = async (port: number): Promise<mysql.Connection> =>
  mysql.createConnection({
    host: '127.0.0.1',
    port,
    user: ROOT.user,
    password: ROOT.password,
    multipleStatements: true,
    charset: 'utf8mb4',
  });

const query = async (port: number, sql: string): Promise<mysql.RowDataPacket[]> => {
  const connection = await connect(port);
  try {
    const [rows] = await connection.query<mysql.RowDataPacket[]>(sql);
    return rows;
  } finally {
    await connection.end();
  }
};

const loadSql = (
  client: string,
  socket: string,
  sql: string | Buffer,
  database?: string,
  onError: 'stop' | 'go-on' = 'stop',
): void => {
  const argv = [
    '--no-defaults',
    '-uroot',
    `-S${socket}`,
    '--binary-mode',
    '--comments',
    '--default-character-set=utf8mb4',
    ...(onError === 'go-on' ? ['--force'] : []),
    ...(database === undefined ? [] : [`--database=${database}`]),
  ];
  execFileSync(client, argv, { input: sql, stdio: ['pipe', 'pipe', 'pipe'] });
};
