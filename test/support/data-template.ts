import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, renameSync, rmSync, statfsSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import type { Vendor } from '../../src/core/flavor.js';

/** The programs of one server, by path or by a name in PATH. */
export interface ServerPrograms {
  readonly vendor: Vendor;
  readonly server: string;
  readonly client: string;
  /** Makes a data folder. Null for MySQL, whose server does that itself. */
  readonly installer: string | null;
  /** Names the template of the data folder: another release needs another one. */
  readonly templateName: string;
}

/** Room for the servers of two test files at a time; containers often give 64 MB. */
const NEEDED_BYTES = 2 * 2 ** 30;

/** In memory where there is room: a server starts and writes there several times faster. */
export const scratchRoot = (): string => (hasRoom('/dev/shm') ? '/dev/shm' : tmpdir());

const hasRoom = (folder: string): boolean => {
  if (!existsSync(folder)) return false;
  const { bavail, bsize } = statfsSync(folder);
  return bavail * bsize >= NEEDED_BYTES;
};

/** The server programs refuse to run as root unless told to. */
export const asUser: readonly string[] = process.getuid?.() === 0 ? ['--user=root'] : [];

/** Initialising takes seconds and copying does not, so every data folder is a copy of one template a machine and user. */
export const makeDataFolder = (
  programs: ServerPrograms,
  datadir: string,
  options: readonly string[],
): void => {
  const { uid } = userInfo();
  const lasting = options.filter(
    (one) => one.startsWith(PAGE_SIZE) || (programs.installer === null && one.startsWith(LOWER_CASE)),
  );
  const name = [programs.templateName, ...lasting, String(uid)].join('-');
  const template = join(scratchRoot(), `mysql-sync-test-template-${name}`);
  if (!existsSync(template)) makeTemplate(programs, template, lasting);
  copyFolder(template, datadir);
};

/**
 * Nine tenths of a template is an empty redo log, which takes neither time nor memory as a hole. On a small disk of a
 * test's own it takes its place from the start: no server survives a redo log that cannot grow into its holes.
 */
const copyFolder = (from: string, to: string): void => {
  if (process.platform === 'linux' && to.startsWith(scratchRoot()))
    execFileSync('cp', ['-r', '--sparse=always', from, to]);
  else cpSync(from, to, { recursive: true });
};

/** Taken when the folder is made and never again: the page size, and by MySQL the case of names. */
const PAGE_SIZE = '--innodb-page-size=';
const LOWER_CASE = '--lower-case-table-names=';

const makeTemplate = (programs: ServerPrograms, template: string, lasting: readonly string[]): void => {
  const making = mkdtempSync(join(scratchRoot(), 'mysql-sync-test-making-'));
  try {
    const datadir = join(making, 'data');
    const [program, argv] = initialisation(programs);
    execFileSync(program, ['--no-defaults', ...asUser, `--datadir=${datadir}`, ...argv, ...lasting], {
      stdio: 'pipe',
    });
    // Holds the server's UUID, by which servers are told apart: each copy makes its own.
    rmSync(join(datadir, 'auto.cnf'), { force: true });
    publish(datadir, template);
  } finally {
    rmSync(making, { recursive: true, force: true });
  }
};

const initialisation = ({ server, installer }: ServerPrograms): readonly [string, readonly string[]] =>
  installer === null
    ? [server, ['--initialize-insecure', '--secure-file-priv=NULL', '--innodb-redo-log-capacity=32M']]
    : [installer, ['--auth-root-authentication-method=normal', '--skip-test-db']];

/** Another test process may have been faster; its template is as good. */
const publish = (made: string, template: string): void => {
  try {
    renameSync(made, template);
  } catch (error) {
    if (!existsSync(template)) throw error;
  }
};
