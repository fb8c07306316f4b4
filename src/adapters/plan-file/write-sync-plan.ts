import { randomUUID } from 'node:crypto';
import { rename, rm, stat, writeFile } from 'node:fs/promises';
import { SyncError } from '../../core/errors.js';

export const planFileExists = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  );

/**
 * Writes the YAML of a plan. `refuse` rejects with APPROVAL_REQUIRED when there is such a file; `replace` renames the
 * new one over it, so that a reader sees the old file or the whole new one.
 */
export const writeSyncPlan = async (
  path: string,
  text: string,
  existing: 'refuse' | 'replace',
): Promise<void> => {
  const written = existing === 'refuse' ? path : `${path}.${randomUUID()}.tmp`;
  try {
    await writeFile(written, text, { flag: 'wx' });
    if (written !== path) await rename(written, path);
  } catch (cause) {
    const { code = 'unknown error' } = cause as NodeJS.ErrnoException;
    // What is there already is not ours to remove.
    if (code !== 'EEXIST') await rm(written, { force: true });
    throw code === 'EEXIST' ? refuseExisting(path, cause) : explainUnwritable(path, code, cause);
  }
};

const refuseExisting = (path: string, cause: unknown): SyncError =>
  new SyncError('APPROVAL_REQUIRED', {
    message: `${path} exists, and nobody was asked whether to replace it`,
    hints: ['Replace it:  --force'],
    cause,
  });

const explainUnwritable = (path: string, code: string, cause: unknown): SyncError =>
  new SyncError('INPUT_INVALID', {
    message: `cannot write the plan ${path} (${code})`,
    ...(code === 'ENOENT' && { hints: ['Its folder must exist.'] }),
    cause,
  });
