import { createHash } from 'node:crypto';
import { readdir, stat } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { SyncError } from '../../core/errors.js';
import { hintAtRefusal } from '../../core/file-refusal.js';
import { suggestNearest } from '../../core/nearest.js';
import { suggestCommand } from '../../core/shell-word.js';
import { STDIN_PLAN, planArgument } from '../../core/plan/unsaved-plan.js';
import { type CheckedFile, MOST_BYTES, OddFileError, readCheckedFile } from './read-checked.js';

/** A file that a person wrote, as read. */
export interface FileText {
  /** As the person named it; `<stdin>` for stdin. */
  readonly path: string;
  readonly text: string;
  /** SHA-256 of the bytes, hex. */
  readonly digest: string;
  /** Why others may have written it; undefined for one's own file and for stdin. */
  readonly foreign?: string | undefined;
}

export const DEFAULT_PATHS = ['mysql-sync.yaml', 'mysql-sync.yml'] as const;

/**
 * Reads a plan file: `-` is stdin, undefined the default file of this folder. Rejects with PLAN_NOT_FOUND when there
 * is none, it is no plain file or it cannot be read, with PLAN_SYNTAX when it is not text. `links`: see readCheckedFile.
 */
export const readPlanText = async (
  path: string | undefined,
  readStdin: () => Promise<Uint8Array>,
  links: 'anywhere' | 'within',
): Promise<FileText> => {
  if (path === '-') return toText(STDIN_PLAN, refuseLong(await readStdin()));
  if (path !== undefined) {
    const { bytes, foreign } = await readFileOf(path, links);
    return { ...toText(path, bytes), foreign };
  }
  for (const candidate of DEFAULT_PATHS)
    if (await exists(candidate)) return readPlanText(candidate, readStdin, links);
  throw new SyncError('PLAN_NOT_FOUND', {
    message: `there is no plan file in this folder: looked for ${DEFAULT_PATHS.join(' and ')}`,
    hints: ['Write one:  mysql-sync init', 'Or name the file of a plan after the command.'],
  });
};

const exists = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  );

const refuseLong = (bytes: Uint8Array): Uint8Array => {
  if (bytes.length <= MOST_BYTES) return bytes;
  throw new SyncError('PLAN_SYNTAX', {
    message: `stdin is larger than ${MOST_BYTES / 1024} KiB: that is not a plan`,
  });
};

const readFileOf = async (path: string, links: 'anywhere' | 'within'): Promise<CheckedFile> => {
  try {
    return await readCheckedFile(path, { links });
  } catch (error) {
    if (error instanceof OddFileError)
      throw new SyncError('PLAN_NOT_FOUND', { message: error.message, cause: error });
    throw await explainUnreadable(path, error);
  }
};

const explainUnreadable = async (path: string, cause: unknown): Promise<SyncError> => {
  const code = (cause as NodeJS.ErrnoException).code ?? 'unknown error';
  if (code !== 'ENOENT')
    return new SyncError('PLAN_NOT_FOUND', {
      message: `cannot read ${path} (${code})`,
      hints: hintAtRefusal(code),
      cause,
    });
  const suggestion = suggestNearest(basename(path), await readdir(dirname(path)).catch(() => []));
  return new SyncError('PLAN_NOT_FOUND', {
    message: `there is no file ${path}${suggestion ? `; ${suggestion}` : ''}`,
    hints: [
      path.endsWith('.json')
        ? `Save one:    ${suggestCommand`plan --out ${planArgument(path)}`}`
        : `Write one:   ${suggestCommand`init ${planArgument(path)}`}`,
    ],
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
