import { createHash } from 'node:crypto';
import { readFile, readdir, stat } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { SyncError } from '../../core/errors.js';
import { suggestNearest } from '../../core/nearest.js';
import { quoteShellWord } from '../../core/shell-word.js';

/** A file that a person wrote, as read. */
export interface FileText {
  /** As the person named it; `<stdin>` for stdin. */
  readonly path: string;
  readonly text: string;
  /** SHA-256 of the bytes, hex. */
  readonly digest: string;
}

const DEFAULT_PATHS = ['mysql-sync.yaml', 'mysql-sync.yml'] as const;
const MOST_BYTES = 1024 * 1024;

/**
 * Reads a plan file: `-` is stdin, undefined the default file of this folder. Rejects with PLAN_NOT_FOUND when there
 * is none or it cannot be read, with PLAN_SYNTAX when it is not text.
 */
export const readPlanText = async (
  path: string | undefined,
  readStdin: () => Promise<Uint8Array>,
): Promise<FileText> => {
  if (path === '-') return toText('<stdin>', await readStdin());
  if (path !== undefined) return toText(path, await readBytes(path));
  for (const candidate of DEFAULT_PATHS)
    if (await exists(candidate)) return readPlanText(candidate, readStdin);
  throw new SyncError('PLAN_NOT_FOUND', {
    message: `there is no plan file in this folder: looked for ${DEFAULT_PATHS.join(' and ')}`,
    hints: ['Write one:        mysql-sync init', 'Or name a file:   mysql-sync plan FILE'],
  });
};

const exists = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  );

const readBytes = async (path: string): Promise<Uint8Array> => {
  try {
    const { size } = await stat(path);
    if (size > MOST_BYTES)
      throw new SyncError('PLAN_SYNTAX', {
        message: `${path} is larger than ${MOST_BYTES / 1024} KiB: that is not a plan file`,
      });
    return await readFile(path);
  } catch (error) {
    throw error instanceof SyncError ? error : await explainUnreadable(path, error);
  }
};

const explainUnreadable = async (path: string, cause: unknown): Promise<SyncError> => {
  const code = (cause as NodeJS.ErrnoException).code ?? 'unknown error';
  if (code !== 'ENOENT')
    return new SyncError('PLAN_NOT_FOUND', {
      message: code === 'EISDIR' ? `${path} is a folder, not a plan file` : `cannot read ${path} (${code})`,
      cause,
    });
  const suggestion = suggestNearest(basename(path), await readdir(dirname(path)).catch(() => []));
  return new SyncError('PLAN_NOT_FOUND', {
    message: `there is no file ${path}${suggestion ? `; ${suggestion}` : ''}`,
    hints: [`Write one:   mysql-sync init ${quoteShellWord(path)}`],
    cause,
  });
};

/** UTF-8 only; a byte order mark is left out of the text and part of the digest. */
export const toText = (path: string, bytes: Uint8Array): FileText => {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return { path, text, digest: createHash('sha256').update(bytes).digest('hex') };
  } catch (cause) {
    throw new SyncError('PLAN_SYNTAX', { message: `${path} is not text in UTF-8`, cause });
  }
};
