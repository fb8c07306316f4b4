import type { Readable } from 'node:stream';
import { SyncError } from '../../core/errors.js';

/**
 * Everything that stdin gives, up to the chunk with which it is more than `most` bytes. Rejects with INPUT_INVALID
 * where it cannot be read, as when it was opened for writing only.
 */
export const readWholeStdin = async (stdin: Readable, most = Infinity): Promise<Buffer> => {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of stdin) {
      const bytes = Buffer.from(chunk as Uint8Array);
      chunks.push(bytes);
      size += bytes.length;
      if (size > most) break;
    }
  } catch (cause) {
    const { code = 'unknown error' } = cause as NodeJS.ErrnoException;
    throw new SyncError('INPUT_INVALID', {
      message: `cannot read stdin (${code})`,
      hints: ['Give it a file or a pipe:  mysql-sync ... < FILE'],
      cause,
    });
  }
  return Buffer.concat(chunks);
};
