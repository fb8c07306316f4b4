import { existsSync, readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { join } from 'node:path';
import { ENVIRONMENT, ROOT, StepError, findProgram, runAsScript, runCommand, say } from './commands.mjs';
import { installPackages } from './debian-packages.mjs';

// The full server package and not only its core: tests load plugins that it brings.
const SERVER_PACKAGES = ['mariadb-server', 'mariadb-client'];
/** The Tab key is tested in each. */
const SHELLS = ['bash', 'zsh', 'fish'];
/** The server that tunnels are tested with. */
const SSH_PACKAGES = ['openssh-client', 'openssh-server'];
const SERVER_PROGRAMS = ['mariadbd', 'mariadb-install-db', 'mariadb', 'mariadb-dump'];

/** Installs the npm packages unless node_modules holds the versions of package-lock.json. */
export const ensureNpmPackages = () => {
  const reason = findStalePackage();
  if (reason === undefined) return ensureSqlite();
  say(`npm ci: ${reason} (a minute; sqlite3 is compiled)`);
  // Most of the time goes into compiling SQLite; it need not be fast here, and -O1 halves that.
  runCommand('npm', ['ci', '--no-audit', '--no-fund'], { CFLAGS: '-O1', ...ENVIRONMENT });
};

/** After `npm ci --ignore-scripts` SQLite is not compiled, and this Node may not bring one. */
const ensureSqlite = () => {
  if (isBuiltin('node:sqlite') || existsSync(join(ROOT, 'node_modules', 'sqlite3', 'build'))) return;
  say('npm rebuild sqlite3 (a minute)');
  runCommand('npm', ['rebuild', 'sqlite3'], { CFLAGS: '-O1', ...ENVIRONMENT });
};

/** Why node_modules does not match the lock file, or undefined when it does. npm keeps a lock of what it installed. */
const findStalePackage = () => {
  const installedLock = join(ROOT, 'node_modules', '.package-lock.json');
  if (!existsSync(installedLock)) return 'there is no node_modules';
  const { packages: wanted } = readLock(join(ROOT, 'package-lock.json'));
  const { packages: installed } = readLock(installedLock);
  const stale = Object.entries(wanted).find(
    ([path, { version, optional }]) =>
      path !== '' && installed[path]?.version !== version && !(optional && !(path in installed)),
  );
  return stale && `${stale[0]} is not the version of package-lock.json`;
};

const readLock = (path) => JSON.parse(readFileSync(path, 'utf8'));

/** Installs the MariaDB server and client programs unless they are there. No service is started. */
export const ensureServers = () =>
  ensurePrograms(SERVER_PROGRAMS, SERVER_PACKAGES, 'The demo and the tests start private MariaDB servers.');

/** Installs the SSH server that tunnels are tested with, unless it is there. No service is started. */
export const ensureSshServer = () =>
  ensurePrograms(['ssh', 'sshd'], SSH_PACKAGES, 'The tests open tunnels through a private SSH server.');

/** Installs the shells that completion is tested in, unless they are there. */
export const ensureShells = () =>
  ensurePrograms(SHELLS, SHELLS, 'The tests press the Tab key in these shells.');

const ensurePrograms = (programs, packages, purpose) => {
  const missing = programs.filter((name) => !findProgram(name));
  if (missing.length === 0) return;
  const reason = `${missing.join(', ')} not found`;
  if (process.getuid?.() !== 0 || !findProgram('apt-get'))
    throw new StepError(
      `${reason}. ${purpose} On Debian:\n` +
        `  sudo apt-get update && sudo apt-get install -y --no-install-recommends ${packages.join(' ')}`,
    );
  installPackages(packages, reason);
  const stillMissing = programs.filter((name) => !findProgram(name));
  if (stillMissing.length > 0)
    throw new StepError(`still missing after the installation: ${stillMissing.join(', ')}`);
};

await runAsScript(import.meta.filename, () => {
  ensureNpmPackages();
  ensureServers();
  ensureSshServer();
  ensureShells();
  say('set up: npm packages, MariaDB programs, OpenSSH and shells are there');
});
