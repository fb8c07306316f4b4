import { randomBytes } from 'node:crypto';
import { link, open, readFile, rm } from 'node:fs/promises';
import { codeOf, orUnusable, securePrivateFile } from './secure-files.js';

export const KEY_BYTES = 32;

/** Undefined when there is none. Rejects with STORE_INSECURE or STORE_UNUSABLE. The caller looks at the length: what is damaged is a matter of what the key is for. */
export const readKeyFile = async (file: string, warn: (line: string) => void): Promise<Buffer | undefined> =>
  (await securePrivateFile(file, warn)) ? orUnusable('read', file, () => readFile(file)) : undefined;

/**
 * Random bytes in a file of mode 0600. Two processes may come here at once: the whole key gets its name by a link,
 * and the second takes the first's. Rejects with STORE_UNUSABLE.
 */
export const createKeyFile = (file: string): Promise<Buffer> =>
  orUnusable('make', file, async () => {
    await writeKeyOnce(file);
    return readFile(file);
  });

const writeKeyOnce = async (file: string): Promise<void> => {
  const draft = `${file}.${randomBytes(6).toString('hex')}`;
  const handle = await open(draft, 'wx', 0o600);
  try {
    // Whatever the umask.
    await handle.chmod(0o600);
    await handle.writeFile(randomBytes(KEY_BYTES));
    await handle.sync();
    await link(draft, file);
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error;
  } finally {
    await handle.close();
    await rm(draft, { force: true });
  }
};
