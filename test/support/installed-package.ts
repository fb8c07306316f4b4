import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { join, resolve } from 'node:path';

const ROOT = resolve(import.meta.dirname, '../..');
/** Of the package; the command is mysql-sync. */
export const PACKAGE_NAME = 'mysql-sync-plans';

// sqlite3 is compiled by its install script, which takes most of a minute: in CI, or when somebody asks. Without
// scripts is also how npm 12 installs by default.
export const RUNS_SCRIPTS = ['CI', 'MYSQL_SYNC_FULL_INSTALL'].some((name) => process.env[name]);

export const hasBuiltInSqlite = isBuiltin('node:sqlite');

export interface InstalledPackage {
  /** A clone of the working tree. */
  readonly clone: string;
  /** The installed package. */
  readonly root: string;
  /** Where the command is. */
  readonly bin: string;
  readonly tarball: string;
}

/** Clones the working tree into the folder and installs the command from there, by these lines of the README. */
export const installFromClone = (folder: string, lines: readonly string[]): InstalledPackage => {
  const [clone, prefix, home] = ['mysql-sync', 'prefix', 'installer'].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];
  mkdirSync(home);
  cloneTree(clone);
  const env = {
    CFLAGS: '-O1',
    ...process.env,
    // An empty home, but for how npm is set up here and what it has downloaded before.
    HOME: home,
    npm_config_userconfig: npmConfig('userconfig'),
    npm_config_cache: npmConfig('cache'),
    npm_config_prefer_offline: 'true',
    npm_config_prefix: prefix,
  };
  for (const line of lines)
    execFileSync(
      'bash',
      ['-c', RUNS_SCRIPTS ? line : line.replace('--global', '--global --ignore-scripts')],
      { cwd: clone, encoding: 'utf8', env, stdio: 'pipe' },
    );
  return {
    clone,
    root: join(prefix, 'lib', 'node_modules', PACKAGE_NAME),
    bin: join(prefix, 'bin'),
    tarball: join(clone, readdirSync(clone).find((name) => name.endsWith('.tgz')) ?? ''),
  };
};

/** What a clone would hold of the working tree. Packing builds, and other tests use the build of this one. */
const cloneTree = (clone: string): void => {
  const argv = ['ls-files', '-z', '--cached', '--others', '--exclude-standard'];
  const paths = execFileSync('git', argv, { cwd: ROOT, encoding: 'utf8' }).split('\0');
  for (const path of paths.filter((path) => path !== '' && existsSync(join(ROOT, path))))
    cpSync(join(ROOT, path), join(clone, path), { recursive: true });
};

const npmConfig = (key: string): string =>
  execFileSync('npm', ['config', 'get', key], { encoding: 'utf8' }).trim();

/** Where SQLite is compiled neither by this Node nor here, the working tree lends what it has. */
export const lendSqlite = (...packages: readonly string[]): void => {
  if (RUNS_SCRIPTS || hasBuiltInSqlite) return;
  for (const root of packages)
    cpSync(join(ROOT, 'node_modules/sqlite3/build'), join(root, 'node_modules/sqlite3/build'), {
      recursive: true,
    });
};
