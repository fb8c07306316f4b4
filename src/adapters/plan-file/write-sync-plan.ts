import { rm, stat, writeFile } from 'node:fs/promises';
import { SyncError } from '../../core/errors.js';
import { hintAtRefusal } from '../../core/file-refusal.js';
import { replaceFile } from './replace-file.js';

export const planFileExists = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  );

/**
 * Writes the YAML of a plan. `refuse` rejects with APPROVAL_REQUIRED when there is such a file; `replace` replaces it
 * at once.
 */
export const writeSyncPlan = async (
  path: string,
  text: string,
  existing: 'refuse' | 'replace',
): Promise<void> => {
  try {
    if (existing === 'refuse') await writeNew(path, text);
    else await replaceFile(path, text, 'shared');
  } catch (cause) {
    const { code = 'unknown error' } = cause as NodeJS.ErrnoException;
    throw code === 'EEXIST' ? fileExistsError(path, cause) : explainUnwritable(path, code, cause);
  }
};

const writeNew = async (path: string, text: string): Promise<void> => {
  try {
    await writeFile(path, text, { flag: 'wx' });
  } catch (error) {
    // What is there already is not ours to remove.
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') await rm(path, { force: true });
    throw error;
  }
};

const fileExistsError = (path: string, cause: unknown): SyncError =>
  new SyncError('APPROVAL_REQUIRED', {
    message: `${path} exists, and nobody has confirmed replacing it`,
    hints: ['Replace it:  --force'],
    cause,
  });

const explainUnwritable = (path: string, code: string, cause: unknown): SyncError =>
  new SyncError('INPUT_INVALID', {
    message: `cannot write the plan ${path} (${code})`,
    hints: hintAtRefusal(code),
    cause,
  });
