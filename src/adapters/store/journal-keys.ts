import { createHmac } from 'node:crypto';
import { SyncError } from '../../core/errors.js';
import { quoteShellWord } from '../../core/shell-word.js';
import type { LocalJournalKeys } from '../../engine/ports/records.js';
import { KEY_BYTES, createKeyFile, readKeyFile } from './key-file.js';

/** One file of 32 random bytes; each target has a key of its own that follows from it. */
export const createLocalJournalKeys = (file: string, warn: (line: string) => void): LocalJournalKeys => {
  const keyOf = (main: Buffer, identity: string): Uint8Array => {
    if (main.length === KEY_BYTES) return createHmac('sha256', main).update(identity).digest();
    throw new SyncError('STORE_UNUSABLE', {
      message: `the key that journals are signed with is damaged: ${file} has ${main.length} bytes, not ${KEY_BYTES}`,
      hints: [
        `Put it back from a backup, or move it aside:  mv ${quoteShellWord(file)} ${quoteShellWord(`${file}.damaged`)}`,
      ],
    });
  };
  return {
    find: async (identity) => {
      const main = await readKeyFile(file, warn);
      return main && keyOf(main, identity);
    },
    make: async (identity) => keyOf((await readKeyFile(file, warn)) ?? (await createKeyFile(file)), identity),
  };
};
