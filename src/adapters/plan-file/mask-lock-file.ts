import { SyncError } from '../../core/errors.js';
import { hintAtRefusal } from '../../core/file-refusal.js';
import { DETECTORS, isDetector } from '../../core/mask/detector.js';
import { type LockedColumn, type MaskLock, showDecision } from '../../core/mask/mask-lock.js';
import { readMaskDecision } from '../../core/mask/read-mask-decision.js';
import { parseColumnPattern } from '../../core/plan/column-pattern.js';
import { toPrintableJson } from '../../core/printable.js';
import { isRecord } from '../../core/strict-json.js';
import type { PlacedComplaint } from './locate.js';
import { type DocumentKind, locateDocument, refuseInvalid } from './located-document.js';
import { OddFileError, readCheckedFile } from './read-checked.js';
import { toText } from './read-text.js';
import { replaceFile } from './replace-file.js';

const LOCK: DocumentKind = {
  code: 'PLAN_SYNTAX',
  name: 'a lock file of masks',
  keys: ['version', 'columns'],
  canBeOther: false,
  mostValues: 400_000,
};

const MOST_BYTES = 16 * 1024 * 1024;

/**
 * Reads the lock file of a plan; undefined where there is none. Rejects with PLAN_NOT_FOUND when it is no plain file or
 * cannot be read, else with an InvalidFileError that holds every problem with its line.
 */
export const readMaskLock = async (path: string): Promise<MaskLock | undefined> => {
  const bytes = await readBytes(path);
  if (bytes === undefined) return undefined;
  const file = toText(path, bytes);
  const { value, diagnostics, locate } = locateDocument(file, LOCK);
  refuseInvalid(diagnostics);
  const { columns, complaints } = readColumns(value);
  refuseInvalid(complaints.map(locate));
  return { path, digest: file.digest, columns };
};

const readBytes = async (path: string): Promise<Uint8Array | undefined> => {
  try {
    return (await readCheckedFile(path, { links: 'within', most: MOST_BYTES })).bytes;
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code === 'ENOENT') return undefined;
    throw new SyncError('PLAN_NOT_FOUND', {
      message:
        cause instanceof OddFileError ? cause.message : `cannot read ${path} (${code ?? 'unknown error'})`,
      hints: hintAtRefusal(code ?? ''),
      cause,
    });
  }
};

interface Columns {
  readonly columns: MaskLock['columns'];
  readonly complaints: readonly PlacedComplaint[];
}

const AGAIN = 'mysql-sync mask accept writes this file';

const readColumns = (value: unknown): Columns => {
  const wrong = (path: readonly string[], message: string, hint = AGAIN): PlacedComplaint => ({
    code: 'PLAN_SCHEMA',
    path,
    mark: 'value',
    message,
    hint,
  });
  if (!isRecord(value)) return { columns: new Map(), complaints: [wrong([], 'the file is empty')] };
  const unknown = Object.keys(value).find((key) => key !== 'version' && key !== 'columns');
  const { version, columns } = value;
  const complaints: PlacedComplaint[] = [
    ...(unknown === undefined ? [] : [wrong([unknown], 'this key is not known here')]),
    ...(version === 1 ? [] : [wrong(['version'], 'the version of a lock file is 1')]),
    ...(isRecord(columns) ? [] : [wrong(['columns'], 'columns holds a line for each column')]),
  ];
  const read = new Map<string, LockedColumn>();
  for (const [name, line] of Object.entries(isRecord(columns) ? columns : {})) {
    const path = ['columns', name];
    const locked = readColumn(line);
    if (parseColumnPattern(name)?.database === undefined)
      complaints.push({ ...wrong(path, 'a column is named DATABASE.TABLE.COLUMN'), mark: 'key' });
    else if (typeof locked === 'string') complaints.push(wrong(path, locked));
    else read.set(keyOf(name), locked);
  }
  return { columns: read, complaints };
};

/** Names of columns are the same in upper and lower case. */
const keyOf = (name: string): string => {
  const column = parseColumnPattern(name)?.column ?? '';
  return name.slice(0, name.length - column.length) + column.toLowerCase();
};

const KEYS = ['mask', 'type', 'unique', 'reason', 'allow'];
const MOST_TYPE = 100_000;
const MOST_REASON = 1_000;

/** The column, or what is wrong with its line. */
const readColumn = (line: unknown): LockedColumn | string => {
  if (!isRecord(line)) return 'a column has a mask and a type';
  const unknown = Object.keys(line).find((key) => !KEYS.includes(key));
  if (unknown !== undefined) return `known here are ${KEYS.join(', ')}`;
  const { mask, type, unique = false, reason, allow } = line;
  if (!('mask' in line)) return 'the mask is missing';
  const reading = readMaskDecision(mask);
  if ('problem' in reading) return reading.problem.message;
  if (typeof type !== 'string' || type.length > MOST_TYPE) return 'the type of the column is missing';
  if (typeof unique !== 'boolean') return 'unique is true or false';
  if (reason !== undefined && (typeof reason !== 'string' || reason.length > MOST_REASON))
    return `a reason is text of up to ${MOST_REASON} characters`;
  if (allow !== undefined && !(Array.isArray(allow) && allow.every(isDetector)))
    return `allow is a list of ${DETECTORS.join(', ')}`;
  return {
    decision: reading.decision,
    type,
    isUnique: unique,
    ...(typeof reason === 'string' && { reason }),
    ...(allow !== undefined && { allow }),
  };
};

const HEAD = `# What happens to each column that the plan next to this file copies. Written by mysql-sync mask accept; to be
# committed and reviewed with the plan.
version: 1
`;

/** One line a column, sorted, so that a change of one is a change of one line. JSON is YAML as well. */
export const formatMaskLock = (columns: MaskLock['columns']): string => {
  const lines = [...columns]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, { decision, type, isUnique, reason, allow }]) => {
      const line = {
        mask: showDecision(decision),
        type,
        ...(isUnique && { unique: true }),
        ...(reason !== undefined && { reason }),
        ...(allow !== undefined && { allow }),
      };
      return `  ${toPrintableJson(name)}: ${toPrintableJson(line)}\n`;
    });
  return `${HEAD}columns:${lines.length === 0 ? ' {}' : ''}\n${lines.join('')}`;
};

/** Rejects with INPUT_INVALID when the file cannot be written. */
export const writeMaskLock = async (path: string, columns: MaskLock['columns']): Promise<void> => {
  try {
    await replaceFile(path, formatMaskLock(columns), 'shared');
  } catch (cause) {
    const { code = 'unknown error' } = cause as NodeJS.ErrnoException;
    throw new SyncError('INPUT_INVALID', {
      message: `cannot write the lock file ${path} (${code})`,
      hints: hintAtRefusal(code),
      cause,
    });
  }
};
