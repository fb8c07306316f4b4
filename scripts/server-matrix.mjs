import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { parseArgs } from 'node:util';
import { ENVIRONMENT, StepError, runAsScript, say } from './commands.mjs';
import { buildPrefix } from './debian-servers.mjs';

/**
 * The servers that the tests run on. One that is not in PATH is made from Debian packages:
 *   node scripts/server-matrix.mjs [ID...]          make what is missing
 *   node scripts/server-matrix.mjs --check [--json] say what is there; exit code 1 when one is missing
 */
const FLAVORS = [
  {
    id: 'mariadb-10.11',
    vendor: 'mariadb',
    suite: 'bookworm',
    packages: ['mariadb-server-core', 'mariadb-client'],
  },
  {
    id: 'mariadb-11.8',
    vendor: 'mariadb',
    suite: 'trixie',
    packages: ['mariadb-server-core', 'mariadb-client'],
  },
  {
    id: 'mariadb-10.5',
    vendor: 'mariadb',
    suite: 'bullseye',
    packages: ['mariadb-server-core-10.5', 'mariadb-client-10.5'],
  },
  { id: 'mysql-9.7', vendor: 'mysql', suite: 'sid', packages: ['mysql-server-core', 'mysql-client-core'] },
];

/** A flavor is whole when each of these programs is there in its version. */
const PROGRAMS = {
  mariadb: { server: 'mariadbd', client: 'mariadb', dump: 'mariadb-dump', installer: 'mariadb-install-db' },
  mysql: { server: 'mysqld', client: 'mysql', dump: 'mysqldump' },
};

/** Where made servers are kept, outside the repository. */
const SERVERS =
  process.env.MYSQL_SYNC_TEST_SERVERS ||
  join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'mysql-sync', 'servers');

/** Folders of programs that were installed by other means stand before those of PATH. */
const SEARCH_FOLDERS = [process.env.MYSQL_SYNC_TEST_PROGRAMS ?? '', ENVIRONMENT.PATH]
  .flatMap((list) => list.split(delimiter))
  .filter((folder) => folder !== '');

/** The release stands after `Distrib` or `from` where there is one; the number after `Ver` is then another. */
const RELEASES = [/\b(?:Distrib|from) ((\d+\.\d+)\.\d+[^\s,]*)/, /\bVer ((\d+\.\d+)\.\d+[^\s,]*)/];

/** `{ id: 'mariadb-10.11', release: '10.11.19-MariaDB' }` as the program says it, undefined when it does not run. */
const askRelease = (path) => {
  const { stdout } = spawnSync(path, ['--no-defaults', '--version'], { encoding: 'utf8' });
  const match = RELEASES.map((pattern) => pattern.exec(stdout ?? '')).find((found) => found);
  if (!match) return undefined;
  const [, release, series] = match;
  return { id: `${/mariadb/i.test(release) ? 'mariadb' : 'mysql'}-${series}`, release };
};

/** The first of the folders whose program is of the flavor. */
const findProgramOf = ({ id }, name, folders) => {
  for (const folder of folders) {
    const path = join(folder, name);
    if (!existsSync(path)) continue;
    const found = askRelease(path);
    if (found && found.id === id) return { path, release: found.release };
  }
  return undefined;
};

/** The flavor's programs as the tests use them, or undefined when one is missing. */
const findPrograms = (flavor, folders) => {
  const { server: serverName, client: clientName, dump: dumpName, installer } = PROGRAMS[flavor.vendor];
  const server = findProgramOf(flavor, serverName, folders);
  const client = server && findProgramOf(flavor, clientName, folders);
  if (!client) return undefined;
  const binFolder = dirname(client.path);
  if (!findProgramOf(flavor, dumpName, [binFolder])) return undefined;
  const installers = installer === undefined ? [] : [join(binFolder, installer)];
  if (!installers.every((path) => existsSync(path))) return undefined;
  const { id, vendor } = flavor;
  return {
    id,
    vendor,
    release: server.release,
    binFolder,
    server: server.path,
    client: client.path,
    installer: installers[0] ?? null,
  };
};

const prefixOf = ({ id }) => join(SERVERS, id);
const foldersOf = (prefix) => [join(prefix, 'sbin'), join(prefix, 'bin')];

const findFlavor = (flavor) =>
  findPrograms(flavor, SEARCH_FOLDERS) ?? findPrograms(flavor, foldersOf(prefixOf(flavor)));

/** The programs of a flavor that is there: `{ id, vendor, binFolder, server, client, installer, ... }`. */
export const findServerPrograms = (id) => {
  const flavor = FLAVORS.find((one) => one.id === id);
  const found = flavor && findFlavor(flavor);
  if (!found) throw new StepError(`no server ${id} here; to make it:  node scripts/server-matrix.mjs ${id}`);
  return found;
};

const secondsSince = (start) => `${((performance.now() - start) / 1000).toFixed(1)} s`;

/** Returns the flavor's programs, or why they cannot be had. */
const makeFlavor = (flavor) => {
  const { id, suite, packages, vendor } = flavor;
  const prefix = prefixOf(flavor);
  say(
    `${id}: not in PATH and not in ${prefix}, so it is unpacked from Debian ${suite} (about half a minute)`,
  );
  const start = performance.now();
  try {
    buildPrefix({ prefix, suite, packages, vendor, verify: (made) => verifyPrefix(flavor, made) });
  } catch (error) {
    if (!(error instanceof StepError)) throw error;
    return { failure: error.message };
  }
  say(`${id}: made in ${secondsSince(start)}`);
  return { found: findFlavor(flavor) };
};

const verifyPrefix = (flavor, prefix) => {
  if (findPrograms(flavor, foldersOf(prefix))) return;
  const { server } = PROGRAMS[flavor.vendor];
  const is = askRelease(join(prefix, 'sbin', server))?.id ?? 'a server that does not run';
  throw new StepError(`Debian ${flavor.suite} has ${is} now, or a program of ${flavor.id} is missing there`);
};

/** @param {{id: string, found?: any, failure?: string}} result */
const describe = ({ id, found, failure }) =>
  found
    ? `${id.padEnd(14)} ${found.release.padEnd(26)} ${found.server}`
    : `${id.padEnd(14)} MISSING: ${failure}`;

const NOT_THERE = 'not in PATH, not in MYSQL_SYNC_TEST_PROGRAMS, not made by node scripts/server-matrix.mjs';

const readArguments = () => {
  const options = /** @type {const} */ ({ check: { type: 'boolean' }, json: { type: 'boolean' } });
  const { values, positionals } = parseArgs({ options, allowPositionals: true });
  const unknown = positionals.find((id) => !FLAVORS.some((flavor) => flavor.id === id));
  if (unknown !== undefined)
    throw new StepError(`no flavor ${unknown}; there are ${FLAVORS.map(({ id }) => id).join(', ')}`, 64);
  const flavors = FLAVORS.filter(({ id }) => positionals.length === 0 || positionals.includes(id));
  return { ...values, flavors };
};

await runAsScript(import.meta.filename, () => {
  const start = performance.now();
  const { check, json, flavors } = readArguments();
  const results = flavors.map((flavor) => {
    const found = findFlavor(flavor);
    if (found) return { id: flavor.id, found };
    return { id: flavor.id, ...(check ? { failure: NOT_THERE } : makeFlavor(flavor)) };
  });
  const missing = results.filter(({ found }) => !found);
  if (json) {
    console.log(JSON.stringify({ found: results.flatMap(({ found }) => found ?? []), missing }));
  } else {
    console.log(results.map(describe).join('\n'));
    say(`${results.length - missing.length} of ${results.length} there, ${secondsSince(start)}`);
  }
  // Elsewhere the tests run on what there is and say what is missing.
  if (missing.length > 0 && (check || process.env.CI === 'true')) process.exitCode = 1;
});
