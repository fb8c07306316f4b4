import { constants } from 'node:fs';
import { type FileHandle, lstat, open, realpath, stat } from 'node:fs/promises';
import { dirname, sep } from 'node:path';

/** More than any file that a person writes here. */
export const MOST_BYTES = 1024 * 1024;

/** Why a file is not read: it is no plain file, too large, or a link that leads away. */
export class OddFileError extends Error {
  override readonly name = 'OddFileError';
}

export interface CheckedFile {
  readonly bytes: Uint8Array;
  /** Why others may have written it, for example `it belongs to another user (uid 1000)`; undefined when it is one's own. */
  readonly foreign: string | undefined;
}

/**
 * Reads a plain file of at most `most` bytes. `links: 'within'` refuses a link out of its own folder also where the file
 * is one's own. Rejects with OddFileError, or with what the system says.
 */
export const readCheckedFile = async (
  path: string,
  { links, most = MOST_BYTES }: { readonly links: 'anywhere' | 'within'; readonly most?: number },
): Promise<CheckedFile> => {
  refuseOdd(await stat(path), path, most);
  // A pipe that took the file's place would be waited for without O_NONBLOCK. Windows has none.
  const file = await open(path, constants.O_RDONLY | ((constants.O_NONBLOCK as number | undefined) ?? 0));
  try {
    const facts = await file.stat();
    refuseOdd(facts, path, most);
    const foreign = describeForeign(facts) ?? describeForeign(await lstat(path));
    if (foreign !== undefined || links === 'within') await refuseLinkAway(path);
    return { bytes: await readAtMost(file, path, most), foreign };
  } finally {
    await file.close();
  }
};

interface Facts {
  readonly size: number;
  readonly uid: number;
  readonly mode: number;
  isFile(): boolean;
  isDirectory(): boolean;
  isFIFO(): boolean;
  isSymbolicLink(): boolean;
}

const refuseOdd = (facts: Facts, path: string, most: number): void => {
  if (facts.isDirectory()) throw new OddFileError(`${path} is a folder, not a file`);
  if (facts.isFIFO()) throw new OddFileError(`${path} is a pipe, not a file; to read stdin write -`);
  if (!facts.isFile()) throw new OddFileError(`${path} is a device or a socket, not a file`);
  if (facts.size > most) throw tooLarge(path, most);
};

const tooLarge = (path: string, most: number): OddFileError =>
  new OddFileError(`${path} is larger than ${most / 1024} KiB`);

/** What root or oneself wrote is one's own, unless everybody may write it. Windows has neither owners nor modes. */
const describeForeign = (facts: Facts): string | undefined => {
  const user = process.getuid?.();
  if (user === undefined) return undefined;
  if (facts.uid !== user && facts.uid !== 0)
    return `its file belongs to another user (uid ${facts.uid}; you are uid ${user})`;
  return !facts.isSymbolicLink() && (facts.mode & 0o002) !== 0 ? 'everybody may write its file' : undefined;
};

/** In a repository of others a link could lead to any file that this account can read. */
const refuseLinkAway = async (path: string): Promise<void> => {
  if (!(await lstat(path)).isSymbolicLink()) return;
  const folder = await realpath(dirname(path));
  const target = await realpath(path);
  if (target.startsWith(folder.endsWith(sep) ? folder : folder + sep)) return;
  throw new OddFileError(`${path} is a link out of its folder; name the file itself`);
};

/** Files of /proc have no size until they are read. */
const readAtMost = async (file: FileHandle, path: string, most: number): Promise<Uint8Array> => {
  const chunks: Buffer[] = [];
  let size = 0;
  for (;;) {
    const { bytesRead, buffer } = await file.read(Buffer.alloc(65_536), 0, 65_536);
    if (bytesRead === 0) return Buffer.concat(chunks);
    size += bytesRead;
    if (size > most) throw tooLarge(path, most);
    chunks.push(buffer.subarray(0, bytesRead));
  }
};
