import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, statfsSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { StepError, findProgram } from './commands.mjs';

const NEEDED_BYTES = 3 * 2 ** 30;
const START_MILLISECONDS = 60_000;

/** Where big short-lived folders belong: in memory when there is room (containers often have 64 MB), else on disk. */
export const scratchRoot = () => {
  if (!existsSync('/dev/shm')) return tmpdir();
  const { bavail, bsize } = statfsSync('/dev/shm');
  return bavail * bsize >= NEEDED_BYTES ? '/dev/shm' : tmpdir();
};

/** Process ids of the servers that this script has started and not stopped. */
const running = new Set();

/** A port that was free a moment ago. */
const findFreePort = () =>
  new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = /** @type {import('node:net').AddressInfo} */ (probe.address());
      probe.close(() => resolve(port));
    });
  });

/** The server programs refuse to run as root unless told to. */
const asUser = process.getuid?.() === 0 ? ['--user=root'] : [];

/** The MariaDB of PATH. */
const findMariadb = () => ({
  vendor: 'mariadb',
  server: findProgram('mariadbd'),
  client: findProgram('mariadb'),
  installer: findProgram('mariadb-install-db'),
});

const VENDOR_OPTIONS = {
  mariadb: [],
  // No X protocol, which has a port of its own; files as with MariaDB.
  mysql: ['--mysqlx=OFF', '--secure-file-priv=', '--local-infile=ON'],
};

/** @typedef {{vendor: string, server: string, client: string, installer: string}} ServerPrograms */

/**
 * A private server with its data in `folder`; `programs` are those of the server matrix. It outlives this script unless
 * `stopServers` is called. `root` may come in through the socket without a password.
 */
export const startThrowawayServer = async (
  name,
  folder,
  programs = /** @type {ServerPrograms} */ (findMariadb()),
) => {
  const datadir = join(folder, 'data');
  mkdirSync(folder, { recursive: true });
  initialise(datadir, programs);
  const socket = join(folder, 's.sock');
  const port = await findFreePort();
  const errorLog = join(folder, 'error.log');
  const argv = [
    '--no-defaults',
    ...asUser,
    `--datadir=${datadir}`,
    `--tmpdir=${folder}`,
    `--socket=${socket}`,
    `--port=${port}`,
    '--bind-address=127.0.0.1',
    '--skip-name-resolve',
    `--pid-file=${join(folder, 'pid')}`,
    `--log-error=${errorLog}`,
    '--innodb-buffer-pool-size=256M',
    '--innodb-flush-log-at-trx-commit=0',
    ...VENDOR_OPTIONS[programs.vendor],
  ];
  // A session of its own: Ctrl-C in the terminal is for the script, which then stops the server.
  const child = spawn(programs.server, argv, { stdio: 'ignore', detached: true });
  child.unref();
  running.add(child.pid);
  const server = { name, folder, socket, port, pid: child.pid, programs };
  await waitUntilReady(server, child, errorLog);
  return server;
};

/** Kills the servers at once, for their data is thrown away. Synchronous, so that it also works while exiting. */
export const stopServers = () => {
  for (const pid of running) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch (error) {
      if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'ESRCH') throw error;
    }
  }
  running.clear();
};

const initialise = (datadir, { vendor, server, installer }) => {
  const [program, argv] =
    vendor === 'mysql'
      ? [server, ['--initialize-insecure']]
      : [installer, ['--auth-root-authentication-method=normal', '--skip-test-db']];
  const { status, stdout, stderr } = spawnSync(
    program,
    ['--no-defaults', ...asUser, `--datadir=${datadir}`, ...argv],
    { encoding: 'utf8' },
  );
  if (status !== 0) throw new StepError(`${program} failed:\n${stdout}\n${stderr}`);
};

const waitUntilReady = async (server, child, errorLog) => {
  const deadline = Date.now() + START_MILLISECONDS;
  while (callClient(server, [], 'SELECT 1').status !== 0) {
    if (child.exitCode !== null || Date.now() > deadline) {
      const log = existsSync(errorLog) ? readFileSync(errorLog, 'utf8').slice(-2000) : 'no log';
      throw new StepError(`the ${server.name} server did not start:\n${log}`);
    }
    await delay(50);
  }
};

const callClient = ({ socket, programs }, argv, sql) =>
  spawnSync(
    programs.client,
    ['--no-defaults', '-uroot', `-S${socket}`, '--default-character-set=utf8mb4', ...argv],
    { input: sql, encoding: 'utf8', maxBuffer: 2 ** 26 },
  );

/** Runs SQL text as the command line client does, `DELIMITER` lines and all. */
export const loadSql = (server, sql) => {
  const { status, stderr } = callClient(server, ['--comments'], sql);
  if (status !== 0) throw new StepError(`the ${server.name} server refused SQL: ${stderr}`);
};

/** Runs one query and returns its rows as arrays of text, in the client's own escaping. */
export const queryRows = (server, sql) => {
  const { status, stdout, stderr } = callClient(server, ['--batch', '--skip-column-names'], sql);
  if (status !== 0) throw new StepError(`the ${server.name} server refused a query: ${stderr}`);
  return stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => line.split('\t'));
};
