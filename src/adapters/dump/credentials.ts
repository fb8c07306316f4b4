import { type FileHandle, mkdtemp, open, rm } from 'node:fs/promises';
import { join } from 'node:path';

/** How an option file reaches a client: as an inherited descriptor of a file without a name, or by its path. */
export type CredentialTransport = 'descriptor' | 'path';

/** Only Linux opens `/dev/fd/N` of a deleted file afresh, from its start. */
export const transportOf = (platform: NodeJS.Platform): CredentialTransport =>
  platform === 'linux' ? 'descriptor' : 'path';

export interface HandedOptionFile {
  /** Must be the client's first argument. */
  readonly argument: string;
  /** To be inherited as descriptor 3. */
  readonly descriptor: number | undefined;
  /** Call it when the client has been spawned: what it inherits, it has. */
  afterSpawn(): Promise<void>;
  /** Call it when the client has ended, or could not be spawned. */
  afterEnd(): Promise<void>;
}

/**
 * Writes the option file for one client. On Linux it has no name any more when this resolves, so nobody can read it
 * and a killed tool leaves nothing behind. `temporaryFolder` must exist.
 */
export const handOverOptionFile = async (
  content: string,
  temporaryFolder: string,
  transport: CredentialTransport,
): Promise<HandedOptionFile> => {
  // mkdtemp makes the folder with mode 0700.
  const folder = await mkdtemp(join(temporaryFolder, 'mysql-sync-'));
  const path = join(folder, 'client.cnf');
  const removeFolder = async (): Promise<void> => rm(folder, { recursive: true, force: true });
  try {
    await writePrivateFile(path, content);
    if (transport === 'path') return handByPath(path, removeFolder);
    const handed = handByDescriptor(await open(path, 'r'));
    await removeFolder();
    return handed;
  } catch (error) {
    await removeFolder();
    throw error;
  }
};

const writePrivateFile = async (path: string, content: string): Promise<void> => {
  const file = await open(path, 'wx', 0o600);
  try {
    await file.writeFile(content);
  } finally {
    await file.close();
  }
};

const handByPath = (path: string, remove: () => Promise<void>): HandedOptionFile => ({
  argument: `--defaults-file=${path}`,
  descriptor: undefined,
  afterSpawn: () => Promise.resolve(),
  afterEnd: remove,
});

const handByDescriptor = (file: FileHandle): HandedOptionFile => {
  // Closing twice does nothing.
  const close = async (): Promise<void> => file.close();
  return { argument: '--defaults-file=/dev/fd/3', descriptor: file.fd, afterSpawn: close, afterEnd: close };
};
