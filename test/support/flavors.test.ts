import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { text as readAll } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { describeFlavor, parseFlavor } from '../../src/core/flavor.js';
import { availableFlavors } from './flavors.js';
import { ROOT, type TestServer } from './servers.js';

const SCRIPT = `CREATE DATABASE kept;
USE kept;
CREATE TABLE t (a INT PRIMARY KEY, b VARCHAR(20)) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;
INSERT INTO t VALUES (1, 'naïve 🐬');
DELIMITER //
CREATE TRIGGER doubled BEFORE INSERT ON t FOR EACH ROW BEGIN SET NEW.a = NEW.a * 2; END//
DELIMITER ;
INSERT INTO t VALUES (21, 'by trigger');
`;
const KEPT = [
  { a: 1, b: 'naïve 🐬' },
  { a: 42, b: 'by trigger' },
];

const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

test('there is a server to test on', () => {
  expect(availableFlavors().map(({ id }) => id)).not.toEqual([]);
});

describe.each(availableFlavors())('$id', (flavor) => {
  const { id, vendor, binFolder } = flavor;
  let server: TestServer;
  beforeAll(async () => {
    server = await flavor.start(['--max-connections=77']);
    server.load(SCRIPT);
  });
  afterAll(async () => server.stop());

  test('is what it is called, and takes options', async () => {
    const [row] = await server.query(
      'SELECT @@version AS version, @@version_comment AS comment, @@max_connections AS connections',
    );
    const flavor = parseFlavor(String(row?.['version']), String(row?.['comment']));
    expect(`${flavor.vendor}-${flavor.version.slice(0, 2).join('.')}`).toBe(id);
    expect(flavor.vendor).toBe(vendor);
    expect(describeFlavor(flavor)).toMatch(vendor === 'mysql' ? /^MySQL 9/ : /^MariaDB 1/);
    expect(row?.['connections']).toBe(77);
  });

  test('loads a script with its own client', async () => {
    expect(await server.query('SELECT a, b FROM kept.t ORDER BY a')).toEqual(KEPT);
  });

  test('explains errors in English', async () => {
    await expect(server.query('SELECT 1 FROM kept.nowhere')).rejects.toThrow(/kept.nowhere' doesn't exist/);
  });

  test('its clients run by PATH alone and take their password from an inherited descriptor', async () => {
    // MySQL 9.7 writes the server's transaction ids otherwise, and they can be set only once.
    const vendorOptions = vendor === 'mysql' ? ['--set-gtid-purged=OFF'] : [];
    const dumped = await runClient(binFolder, server, ['mysqldump', ...vendorOptions, '--', 'kept']);
    expect(dumped).toMatch(/INSERT INTO `t` VALUES[^]*naïve 🐬[^]*-- Dump completed/);
    await server.query('CREATE DATABASE copied');
    await runClient(binFolder, server, ['mysql', 'copied'], dumped);
    expect(await server.query('SELECT a, b FROM copied.t ORDER BY a')).toEqual(KEPT);
  });

  test('keeps data and port over a kill and a restart', async () => {
    const { pid, port } = server;
    await server.restart();
    expect(isAlive(pid)).toBe(false);
    expect(server.port).toBe(port);
    expect(await server.query('SELECT a, b FROM kept.t ORDER BY a')).toEqual(KEPT);
  });

  test('is another server than a second one, and leaves nothing when it stops', async () => {
    const second = await flavor.start();
    const { pid, folder } = second;
    const [own] = await server.query(`SHOW VARIABLES LIKE 'server_u%id'`);
    const [other] = await second.query(`SHOW VARIABLES LIKE 'server_u%id'`);
    expect(own?.['Value']).not.toEqual(vendor === 'mysql' ? other?.['Value'] : null);
    await second.stop();
    expect(isAlive(pid)).toBe(false);
    expect(existsSync(folder)).toBe(false);
  });
});

/** Resolves with stdout when the program exits with 0; its password is in a file without a name, open as descriptor 3. */
const runClient = async (
  binFolder: string,
  { port, folder }: TestServer,
  [program = '', ...argv]: readonly string[],
  input = '',
): Promise<string> => {
  const path = join(folder, 'client.cnf');
  const quoted = ROOT.password.replaceAll(/[\\"]/g, '\\$&');
  writeFileSync(path, `[client]\nuser=${ROOT.user}\npassword="${quoted}"\n`, { mode: 0o600 });
  const optionFile = openSync(path, 'r');
  rmSync(path);
  const child = spawn(
    program,
    [
      '--defaults-file=/dev/fd/3',
      '--host=127.0.0.1',
      `--port=${String(port)}`,
      '--default-character-set=utf8mb4',
      ...argv,
    ],
    { env: { PATH: binFolder }, stdio: ['pipe', 'pipe', 'pipe', optionFile] },
  ) as ChildProcessWithoutNullStreams;
  closeSync(optionFile);
  // A client that is done may have ended before it was given anything.
  child.stdin.on('error', () => undefined).end(input);
  const [stdout, stderr, [code]] = await Promise.all([
    readAll(child.stdout),
    readAll(child.stderr),
    once(child, 'close') as Promise<[number | null]>,
  ]);
  if (code !== 0) throw new Error(`${program} exited with ${String(code)}: ${stderr}`);
  return stdout;
};
