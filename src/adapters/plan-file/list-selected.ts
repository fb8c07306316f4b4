import { isRecord } from '../../core/strict-json.js';
import { exactPattern } from '../../core/plan/pattern.js';
import { parseYaml } from './parse-yaml.js';
import { readCheckedFile } from './read-checked.js';
import { DEFAULT_PATHS } from './read-text.js';

/** The globs for `--only` that choose each entry of a plan, of the usual file when none is named; empty for what is no plan. */
export const listSelected = async (path: string | undefined): Promise<readonly string[]> => {
  for (const file of path === undefined ? DEFAULT_PATHS : [path]) {
    const entries = await readEntries(file);
    if (entries) return entries;
  }
  return [];
};

const readEntries = async (file: string): Promise<readonly string[] | undefined> => {
  try {
    const { bytes } = await readCheckedFile(file, { links: 'within' });
    const value = parseYaml(Buffer.from(bytes).toString('utf8')).document?.value;
    const entries: unknown = isRecord(value) ? value['databases'] : undefined;
    return Array.isArray(entries) ? entries.flatMap(toGlob) : undefined;
  } catch {
    return undefined;
  }
};

const toGlob = (entry: unknown): readonly string[] => {
  if (!isRecord(entry)) return [];
  const { name, match } = entry;
  if (typeof name === 'string') return [exactPattern(name)];
  return typeof match === 'string' ? [match] : [];
};
