import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import mysql from 'mysql2/promise';

/** A private database server of one test file: its own data folder, socket and port. Accounts: `root` and `ROOT`. */
export interface TestServer {
  readonly port: number;
  readonly socket: string;
  readonly folder: string;
  readonly pid: number;
  /** A new connection as the all-powerful TCP account, several statements a query allowed. */
  connect(): Promise<mysql.Connection>;
  /** Runs SQL (several statements allowed) as the all-powerful account. */
  query(sql: string): Promise<mysql.RowDataPacket[]>;
  /** Feeds SQL text (DELIMITER lines and all) to the command line client. */
  load(sql: string, database?: string): void;
  kill(signal: 'SIGKILL' | 'SIGSTOP' | 'SIGCONT'): void;
  /** Starts the process again on the same data folder and port. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

/** The account that tests use over TCP. Its password is the canary that must never be seen in any output. */
export const ROOT = { user: 'tester', password: `canary#"\\' ;é-7f3a` } as const;

const scratchRoot = (): string => (existsSync('/dev/shm') ? '/dev/shm' : tmpdir());

const freePort = async (): Promise<number> =>
  new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });

/** Initialising takes seconds and copying does not, so every instance starts from one template a machine. */
const templateFolder = (): string => {
  const template = join(scratchRoot(), 'mysql-sync-test-template-2');
  if (existsSync(template)) return template;
  const making = mkdtempSync(join(scratchRoot(), 'mysql-sync-test-making-'));
  const asUser = process.getuid?.() === 0 ? ['--user=root'] : [];
  execFileSync(
    'mariadb-install-db',
    [
      '--no-defaults',
      ...asUser,
      `--datadir=${making}`,
      '--auth-root-authentication-method=normal',
      '--skip-test-db',
    ],
    { stdio: 'pipe' },
  );
  try {
    renameSync(making, template);
  } catch {
    rmSync(making, { recursive: true, force: true });
  }
  return template;
};

/**
 * Starts a MariaDB server from PATH. `options` are command line options of the server, such as `--log-bin`.
 * The caller stops it, normally in `afterAll`.
 */
export const startServer = async (options: readonly string[] = []): Promise<TestServer> => {
  const folder = mkdtempSync(join(scratchRoot(), 'mysql-sync-test-'));
  const datadir = join(folder, 'data');
  cpSync(templateFolder(), datadir, { recursive: true });
  mkdirSync(join(folder, 'tmp'));
  const port = await freePort();
  const socket = join(folder, 's.sock');
  const asUser = process.getuid?.() === 0 ? ['--user=root'] : [];
  const argv = [
    '--no-defaults',
    ...asUser,
    `--datadir=${datadir}`,
    `--socket=${socket}`,
    `--port=${String(port)}`,
    `--pid-file=${join(folder, 'pid')}`,
    `--tmpdir=${join(folder, 'tmp')}`,
    `--log-error=${join(folder, 'error.log')}`,
    '--bind-address=127.0.0.1',
    '--innodb-buffer-pool-size=64M',
    '--innodb-flush-log-at-trx-commit=0',
    '--skip-name-resolve',
    ...options,
  ];
  let child: ChildProcess | undefined;
  const start = async (): Promise<void> => {
    const started = spawn('mariadbd', argv, { stdio: 'ignore' });
    child = started;
    await waitUntilReady(started, socket, join(folder, 'error.log'));
  };
  const stop = async (): Promise<void> => {
    if (child && child.exitCode === null && child.signalCode === null) {
      const ended = new Promise((resolve) => child?.once('exit', resolve));
      child.kill('SIGKILL');
      await ended;
    }
    rmSync(folder, { recursive: true, force: true });
  };
  // A test run that is cut off must not leave servers behind.
  process.once('exit', () => child?.kill('SIGKILL'));
  const connect = async (): Promise<mysql.Connection> =>
    mysql.createConnection({
      host: '127.0.0.1',
      port,
      user: ROOT.user,
      password: ROOT.password,
      multipleStatements: true,
      charset: 'utf8mb4',
    });
  const query = async (sql: string): Promise<mysql.RowDataPacket[]> => {
    const connection = await connect();
    try {
      const [rows] = await connection.query<mysql.RowDataPacket[]>(sql);
      return rows;
    } finally {
      await connection.end();
    }
  };
  await start();
  const root = await mysql.createConnection({ socketPath: socket, user: 'root' });
  const password = root.escape(ROOT.password);
  for (const host of ['127.0.0.1', 'localhost']) {
    await root.query(`CREATE USER '${ROOT.user}'@'${host}' IDENTIFIED BY ${password}`);
    await root.query(`GRANT ALL ON *.* TO '${ROOT.user}'@'${host}' WITH GRANT OPTION`);
  }
  await root.end();
  return {
    port,
    socket,
    folder,
    get pid() {
      return child?.pid ?? 0;
    },
    connect,
    query,
    load: (sql, database) => {
      execFileSync(
        'mariadb',
        [
          '--no-defaults',
          '-uroot',
          `-S${socket}`,
          '--binary-mode',
          '--comments',
          '--default-character-set=utf8mb4',
          ...(database ? [`--database=${database}`] : []),
        ],
        { input: sql, stdio: ['pipe', 'pipe', 'pipe'] },
      );
    },
    kill: (signal) => child?.kill(signal),
    restart: async () => {
      if (child && child.exitCode === null && child.signalCode === null) {
        const ended = new Promise((resolve) => child?.once('exit', resolve));
        child.kill('SIGKILL');
        await ended;
      }
      await start();
    },
    stop,
  };
};

const waitUntilReady = async (child: ChildProcess, socket: string, errorLog: string): Promise<void> => {
  const deadline = Date.now() + 60_000;
  for (;;) {
    if (child.exitCode !== null)
      throw new Error(`the server ended at its start:\n${readFileSync(errorLog, 'utf8')}`);
    try {
      const connection = await mysql.createConnection({ socketPath: socket, user: 'root' });
      await connection.end();
      return;
    } catch (error) {
      if (Date.now() > deadline) throw error;
      await delay(30);
    }
  }
};
