import { randomUUID } from 'node:crypto';
import { type FileHandle, lstat, open, realpath, rename, rm, stat, writeFile } from 'node:fs/promises';

/** Whose a new file is, and whether one that is there keeps its permissions. */
export type FileUse =
  /** Mode 0600, also where a file with another mode was. */
  | 'private'
  /** The mode that the file had; 0600 for a new one. */
  | 'private-when-new'
  /** The mode that the file had; what the umask leaves for a new one. */
  | 'shared'
  /** Mode 0644 whatever the umask: another account reads it. */
  | 'public';

/** Names of streams that this process has open: what they lead to belongs to whoever opened it. */
const OPEN_STREAM = /^\/(?:dev\/(?:std(?:in|out|err)|fd\/\d+)|proc\/)/;

/**
 * Writes a file so that a reader sees the old one or the whole new one: written beside, and renamed. Follows links. A
 * device, a pipe, an open stream and a link to nothing yet are written into, as a shell's `>` does.
 */
export const replaceFile = async (path: string, text: string, use: FileUse): Promise<void> => {
  const place = OPEN_STREAM.test(path) ? undefined : await findPlace(path);
  if (place === undefined) return writeFile(path, text, { mode: newMode(use) });
  const beside = `${place.path}.${randomUUID()}.tmp`;
  try {
    const mode = use === 'private' || use === 'public' ? newMode(use) : (place.mode ?? newMode(use));
    const file = await open(beside, 'wx', mode);
    try {
      await writeWhole(file, text);
      // A umask takes rights away, which the owner of a private file needs, and the reader of a public one.
      if (use !== 'shared' || place.mode !== undefined) await file.chmod(mode);
    } finally {
      await file.close();
    }
    await rename(beside, place.path);
  } catch (error) {
    await rm(beside, { force: true }).catch(() => undefined);
    throw error;
  }
};

const NEW_MODES: Record<FileUse, number> = {
  private: 0o600,
  'private-when-new': 0o600,
  shared: 0o666,
  public: 0o644,
};

const newMode = (use: FileUse): number => NEW_MODES[use];

interface Place {
  /** No link any more. */
  readonly path: string;
  /** Undefined where no file is yet. */
  readonly mode: number | undefined;
}

/** Undefined where a file cannot be put in the place of what is there. */
const findPlace = async (path: string): Promise<Place | undefined> => {
  try {
    const facts = await stat(path);
    return facts.isFile() ? { path: await realpath(path), mode: facts.mode & 0o777 } : undefined;
  } catch (error) {
    const isMissing = (error as NodeJS.ErrnoException).code === 'ENOENT';
    if (!isMissing || (await isLink(path))) return undefined;
    return { path, mode: undefined };
  }
};

const isLink = (path: string): Promise<boolean> =>
  lstat(path).then(
    (facts) => facts.isSymbolicLink(),
    () => false,
  );

/** On the disk before the old file goes: a full disk says so here. */
const writeWhole = async (file: FileHandle, text: string): Promise<void> => {
  await file.writeFile(text);
  await file.sync();
};
