import { isDeepStrictEqual } from 'node:util';
import { SyncError } from '../../core/errors.js';
import { hintAtRefusal } from '../../core/file-refusal.js';
import { type SchemaCheck, loadSchemaCheck } from './check-schema.js';
import { coerceText, describeFinding } from './describe-finding.js';
import { editConfigText } from './edit-config.js';
import { isRecord } from '../../core/strict-json.js';
import { readConfigBytes, readSettings } from './load-config.js';
import { CONFIG, locateDocument } from './located-document.js';
import { parseYaml } from './parse-yaml.js';
import { toText } from './read-text.js';
import { replaceFile } from './replace-file.js';

export type SettingValue = string | number | boolean;

/**
 * Writes one `section.key` into the config file, which is made when there is none; the rest of it stays as the person
 * wrote it. Returns the value as stored. Rejects with CONFIG_INVALID, and writes nothing, when the value or the file
 * is not valid; with INPUT_INVALID when the file cannot be written.
 */
export const writeSetting = async (path: string, key: string, text: string): Promise<SettingValue> => {
  const name = key.split('.') as [string, string];
  const check = await loadSchemaCheck('config');
  const value = readValue(check, name, text);
  const bytes = await readConfigBytes(path, 'use-defaults');
  const file = toText(path, bytes ?? new Uint8Array());
  const before = locateDocument(file, CONFIG);
  const edited = before.diagnostics.length > 0 ? undefined : editConfigText(file.text, name, String(value));
  const after = edited === undefined ? undefined : parseYaml(edited).document?.value;
  const isSound = check.find(after, () => true).every(({ kind }) => kind === 'unknown-key');
  // Says what is wrong, in the lines of the file as it is.
  if (!isSound) readSettings(before, check);
  if (edited === undefined || !isDeepStrictEqual(after, withSetting(before.value, name, value)))
    throw cannotEditError(path, key, value);
  await writeConfig(path, edited);
  return value;
};

const readValue = (
  check: SchemaCheck,
  [section, key]: readonly [string, string],
  text: string,
): SettingValue => {
  const schema = check.schema.properties?.[section]?.properties?.[key] ?? {};
  const value = coerceText(schema, text) ?? text;
  const [finding] = check.find({ [section]: { [key]: value } }, () => true);
  if (!finding) return value;
  const { message, hint } = describeFinding({ ...finding, path: [`${section}.${key}`] }, '');
  throw new SyncError('CONFIG_INVALID', { message, hints: hint === undefined ? [] : [hint] });
};

/** What the file must say after the edit, and nothing else. */
const withSetting = (
  whole: unknown,
  [section, key]: readonly [string, string],
  value: SettingValue,
): unknown => {
  const sections = isRecord(whole) ? whole : {};
  const settings = isRecord(sections[section]) ? sections[section] : {};
  return { ...sections, [section]: { ...settings, [key]: value } };
};

const cannotEditError = (path: string, key: string, value: SettingValue): SyncError => {
  const [section = '', name = ''] = key.split('.');
  return new SyncError('CONFIG_INVALID', {
    message: `${path} writes ${key} in a form that mysql-sync does not edit (an alias, or not "key: value"); nothing was changed`,
    hints: [`In an editor, under "${section}:", write:  ${name}: ${String(value)}`],
  });
};

const writeConfig = async (path: string, text: string): Promise<void> => {
  try {
    await replaceFile(path, text, 'private-when-new');
  } catch (cause) {
    const { code = 'unknown error' } = cause as NodeJS.ErrnoException;
    throw new SyncError('INPUT_INVALID', {
      message: `cannot write the config file ${path} (${code})`,
      hints: [...hintAtRefusal(code), 'Or choose another one with --config or MYSQL_SYNC_HOME.'],
      cause,
    });
  }
};
