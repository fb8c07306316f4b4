import { FORMAT_VERSION, type Documented, fromDocument, toDocument } from '../../core/document.js';
import { SyncError } from '../../core/errors.js';
import { hintAtRefusal } from '../../core/file-refusal.js';
import { toPrintableJson } from '../../core/printable.js';
import type { SavedPlan } from '../../core/change/saved-plan.js';
import { loadSchemaCheck } from './check-schema.js';
import { showValue } from './describe-finding.js';
import { readCheckedFile } from './read-checked.js';
import { replaceFile } from './replace-file.js';

/**
 * Reads what `plan --out` wrote; undefined when the file is anything else, such as a sync plan or no file at all.
 * Rejects with PLAN_SCHEMA for a saved plan of another shape, or of a version that this one does not know.
 */
export const readSavedPlan = async (path: string): Promise<SavedPlan | undefined> => {
  const text = await readText(path);
  if (!text.trimStart().startsWith('{')) return undefined;
  const value = parseJson(text);
  if (value?.kind !== 'saved-plan') return undefined;
  if (value.format_version === FORMAT_VERSION) {
    await refuseMisshapen(value, path);
    return fromDocument<SavedPlan>(value);
  }
  throw new SyncError('PLAN_SCHEMA', {
    message: `${path}: saved plan of format ${showValue(value.format_version)}, and this mysql-sync knows ${FORMAT_VERSION}`,
    hints: ['Use the version of mysql-sync that wrote it, or plan again.'],
  });
};

/** The checksum is against mistakes: whoever writes the file can make it fit. Values are not shown: they may be anything. */
const refuseMisshapen = async (value: unknown, path: string): Promise<void> => {
  const check = await loadSchemaCheck('saved-plan');
  const [finding] = check.find(value, () => true);
  if (!finding) return;
  const where = finding.path.length === 0 ? '' : ` at ${finding.path.join('.')}`;
  throw new SyncError('PLAN_SCHEMA', {
    message: `${path}: is not a saved plan as plan --out writes it${where}`,
    hints: ['Plan again, and save with --out.'],
  });
};

/** One database takes some hundred bytes a table. */
const MOST_BYTES = 64 * 1024 * 1024;

const readText = async (path: string): Promise<string> => {
  try {
    const { bytes } = await readCheckedFile(path, { links: 'anywhere', most: MOST_BYTES });
    return Buffer.from(bytes).toString('utf8');
  } catch {
    // Whoever reads it as a sync plan next says what is wrong with it.
    return '';
  }
};

const parseJson = (text: string): Documented<SavedPlan> | undefined => {
  try {
    return JSON.parse(text) as Documented<SavedPlan>;
  } catch {
    return undefined;
  }
};

/** For its owner only. */
export const writeSavedPlan = async (path: string, plan: SavedPlan): Promise<void> => {
  try {
    await replaceFile(path, `${toPrintableJson(toDocument(plan), 2)}\n`, 'private');
  } catch (cause) {
    const { code = 'unknown error' } = cause as NodeJS.ErrnoException;
    throw new SyncError('INPUT_INVALID', {
      message: `cannot write the saved plan ${path} (${code})`,
      hints: hintAtRefusal(code),
      cause,
    });
  }
};
