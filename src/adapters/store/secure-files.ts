import type { Stats } from 'node:fs';
import { chmod, lstat, mkdir, open, readdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { SyncError } from '../../core/errors.js';
import { quoteShellWord } from '../../core/shell-word.js';

const OTHERS = 0o077;
/** What tells a folder that mysql-sync made from one that only happens to be named as its state folder. */
const OWN_ENTRIES = new Set(['state.db', 'state.key', 'journal.key', 'logs', 'config.yaml']);

/**
 * Makes the state folder with mode 0700, or makes an existing one private with a warning. A symbolic link, a folder
 * of somebody else and a shared folder that holds other things are refused with STORE_INSECURE.
 */
export const secureFolder = async (folder: string, warn: (line: string) => void): Promise<void> => {
  await makeFolder(folder);
  const facts = await orUnusable('look at', folder, () => lstat(folder));
  refuseForeign(folder, facts);
  if (!facts.isDirectory())
    throw new SyncError('STORE_UNUSABLE', { message: `${folder} is not a folder`, hints: OTHER_FOLDER });
  if (!isOpenToOthers(facts)) return;
  const entries = await orUnusable('read', folder, () => readdir(folder));
  if (entries.length > 0 && !entries.some((entry) => OWN_ENTRIES.has(entry))) {
    throw new SyncError('STORE_INSECURE', {
      message: `the state folder ${folder} is open to others (mode ${describeMode(facts)}) and holds other things`,
      hints: [
        'Give mysql-sync a folder of its own with MYSQL_SYNC_HOME',
        `Or close this one:  chmod 700 ${quoteShellWord(folder)}`,
      ],
    });
  }
  await makePrivate(folder, 0o700);
  warn(`warning: ${folder} was open to others (mode ${describeMode(facts)}); it is 0700 now`);
};

/**
 * Makes the folder, and those above it that are missing, with mode 0700. Rejects with STORE_UNUSABLE. Node's own
 * recursive mkdir never ends where a folder that is there refuses new ones as if it were missing, as those of /proc do.
 */
export const makeFolder = (folder: string): Promise<void> =>
  orUnusable('make', folder, () => makeMissing(folder));

const makeMissing = async (folder: string): Promise<void> => {
  try {
    await makeOne(folder);
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return;
    const above = dirname(folder);
    if (codeOf(error) !== 'ENOENT' || above === folder) throw error;
    await makeMissing(above);
    await makeOne(folder);
  }
};

/** A umask takes rights away, which the owner needs. */
const makeOne = async (folder: string): Promise<void> => {
  await mkdir(folder, { mode: 0o700 });
  await chmod(folder, 0o700);
};

/** Makes the file with mode 0600 and nothing in it when it is missing. */
export const createPrivateFile = async (path: string): Promise<void> => {
  try {
    const file = await open(path, 'wx', 0o600);
    try {
      // Whatever the umask.
      await file.chmod(0o600);
    } finally {
      await file.close();
    }
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw describeUnusable('make', path, error);
  }
};

/**
 * Checks a file: a link or somebody else's is refused, one that others can read or write is repaired. Gives whether
 * there is such a file.
 */
export const securePrivateFile = async (path: string, warn: (line: string) => void): Promise<boolean> => {
  const facts = await orUnusable('look at', path, () => lstatOrNothing(path));
  if (facts === undefined) return false;
  refuseForeign(path, facts);
  if (!facts.isFile())
    throw new SyncError('STORE_UNUSABLE', {
      message: `${path} is not a file`,
      hints: OTHER_FOLDER,
    });
  if (!isOpenToOthers(facts)) return true;
  await makePrivate(path, 0o600);
  warn(
    `warning: ${path} was open to others (mode ${describeMode(facts)}); it is 0600 now. ` +
      'Change the passwords that it kept if somebody else could have read it',
  );
  return true;
};

const lstatOrNothing = async (path: string): Promise<Stats | undefined> => {
  try {
    return await lstat(path);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
};

const refuseForeign = (path: string, facts: Stats): void => {
  if (facts.isSymbolicLink())
    throw new SyncError('STORE_INSECURE', {
      message: `${path} is a symbolic link: whoever can change it chooses where passwords are kept`,
      hints: ['Replace it by what it points at, or name that folder in MYSQL_SYNC_HOME'],
    });
  const user = process.getuid?.();
  if (user !== undefined && facts.uid !== user)
    throw new SyncError('STORE_INSECURE', {
      message: `${path} belongs to another user (uid ${facts.uid}; you are uid ${user})`,
      hints: ['Run mysql-sync as that user, or choose a folder of your own with MYSQL_SYNC_HOME'],
    });
};

// Windows has no such mode bits.
const isOpenToOthers = (facts: Stats): boolean => process.platform !== 'win32' && (facts.mode & OTHERS) !== 0;

const describeMode = (facts: Stats): string => (facts.mode & 0o7777).toString(8).padStart(4, '0');

const makePrivate = (path: string, mode: number): Promise<void> =>
  orUnusable('close to others', path, () => chmod(path, mode));

const OTHER_FOLDER = ['Move it aside, or choose another folder with MYSQL_SYNC_HOME'];

/** What the system refuses is STORE_UNUSABLE, with the path and the way out. */
export const orUnusable = async <Result>(
  attempt: string,
  path: string,
  work: () => Promise<Result>,
): Promise<Result> => {
  try {
    return await work();
  } catch (error) {
    throw describeUnusable(attempt, path, error);
  }
};

const describeUnusable = (attempt: string, path: string, error: unknown): SyncError =>
  new SyncError('STORE_UNUSABLE', {
    message: `cannot ${attempt} ${path}: ${error instanceof Error ? error.message : String(error)}`,
    hints: ['Choose a folder that you can write to with MYSQL_SYNC_HOME'],
    cause: error,
  });

export const codeOf = (error: unknown): string | undefined =>
  error instanceof Error && 'code' in error ? String(error.code) : undefined;
