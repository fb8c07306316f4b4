import {
  type Config,
  type ConfigOrigin,
  DEFAULT_CONFIG,
  type LoadedConfig,
  SETTING_KEYS,
  variableOfSetting,
} from '../../core/plan/config.js';
import { SyncError } from '../../core/errors.js';
import { hintAtRefusal } from '../../core/file-refusal.js';
import type { Variables } from '../../core/plan/interpolation.js';
import { suggestNearest } from '../../core/nearest.js';
import { type Finding, type SchemaCheck, type SchemaNode, loadSchemaCheck } from './check-schema.js';
import { coerceText, describeFinding } from './describe-finding.js';
import { isRecord } from '../../core/strict-json.js';
import { CONFIG, type LocatedDocument, locateDocument, refuseInvalid } from './located-document.js';
import { OddFileError, readCheckedFile } from './read-checked.js';
import { toText } from './read-text.js';

/** A file that the person named must be there; the one in the usual place need not. */
export type MissingConfig = 'use-defaults' | 'refuse';

type Settings = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

const NO_SETTINGS: Settings = {};
const DEFAULTS = DEFAULT_CONFIG as unknown as Settings;
const SETTING_NAMES = SETTING_KEYS.map((key) => key.split('.') as [string, string]);

/**
 * The settings of the file, `MYSQL_SYNC_<SECTION>_<KEY>` of the environment over them, defaults under them. What is
 * unknown is a warning. Rejects with CONFIG_INVALID: for the file with every problem, for the environment with the
 * variable's name.
 */
export const loadConfig = async (
  path: string,
  variables: Variables,
  missing: MissingConfig,
): Promise<LoadedConfig> => {
  const bytes = await readConfigBytes(path, missing);
  const texts = pickTexts(variables);
  const warnings = findUnknownVariables(variables);
  if (!bytes && texts.size === 0) return mergeSettings(path, NO_SETTINGS, NO_SETTINGS, warnings);
  const check = await loadSchemaCheck('config');
  const file = bytes ? readSettings(locateDocument(toText(path, bytes), CONFIG), check) : undefined;
  const environment = readTexts(texts, check);
  return mergeSettings(path, file?.settings ?? NO_SETTINGS, environment, [
    ...(file?.warnings ?? []),
    ...warnings,
  ]);
};

export const readConfigBytes = async (
  path: string,
  missing: MissingConfig,
): Promise<Uint8Array | undefined> => {
  try {
    return (await readCheckedFile(path, { links: 'anywhere' })).bytes;
  } catch (cause) {
    if (cause instanceof OddFileError)
      throw new SyncError('CONFIG_INVALID', { message: `the config: ${cause.message}`, cause });
    const code = (cause as NodeJS.ErrnoException).code ?? 'unknown error';
    if (missing === 'use-defaults' && (code === 'ENOENT' || code === 'ENOTDIR')) return undefined;
    throw new SyncError('CONFIG_INVALID', {
      message:
        code === 'ENOENT'
          ? `there is no config file ${path}`
          : `cannot read the config file ${path} (${code})`,
      hints:
        missing === 'refuse' ? hintAtRefusal(code) : ['Choose a folder of your own with MYSQL_SYNC_HOME'],
      cause,
    });
  }
};

/** The settings of a file; throws CONFIG_INVALID with every problem, unknown keys are warnings. */
export const readSettings = (
  { value, diagnostics, locate }: LocatedDocument,
  check: SchemaCheck,
): { readonly settings: Settings; readonly warnings: readonly string[] } => {
  const settings = withoutEmptySections(value);
  const findings = check.find(settings, () => true);
  const place = (finding: Finding): Parameters<typeof locate>[0] => ({
    ...describeFinding(finding, 'the config'),
    code: 'CONFIG_INVALID',
    path: finding.kind === 'unknown-key' ? [...finding.path, finding.key] : finding.path,
    mark: finding.kind === 'unknown-key' ? 'key' : 'value',
  });
  const isUnknown = ({ kind }: Finding): boolean => kind === 'unknown-key';
  refuseInvalid([
    ...diagnostics,
    ...findings.filter((finding) => !isUnknown(finding)).map((finding) => locate(place(finding))),
  ]);
  const warnings = findings.filter(isUnknown).map((finding) => {
    const { file, line, column, message, hint = '' } = locate(place(finding));
    return `${file}:${line}:${column}: ${message} is ignored; ${hint}`;
  });
  return { settings: settings as Settings, warnings };
};

/** A section whose keys are all commented out is written, and empty. */
const withoutEmptySections = (value: unknown): unknown => {
  if (value === undefined || value === null) return {};
  if (!isRecord(value)) return value;
  return Object.fromEntries(Object.entries(value).filter(([, section]) => section !== null));
};

const variableNameOf = (section: string, key: string): string => variableOfSetting(`${section}.${key}`);

/** The texts of the environment by `section.key`. An empty variable is as good as none. */
const pickTexts = (variables: Variables): ReadonlyMap<string, string> =>
  new Map(
    SETTING_NAMES.flatMap(([section, key]): readonly (readonly [string, string])[] => {
      const text = variables[variableNameOf(section, key)];
      return text === undefined || text === '' ? [] : [[`${section}.${key}`, text]];
    }),
  );

const readTexts = (texts: ReadonlyMap<string, string>, check: SchemaCheck): Settings => {
  const settings: Record<string, Record<string, unknown>> = {};
  for (const [section, key] of SETTING_NAMES) {
    const text = texts.get(`${section}.${key}`);
    if (text === undefined) continue;
    const schema: SchemaNode = check.schema.properties?.[section]?.properties?.[key] ?? {};
    (settings[section] ??= {})[key] = coerceText(schema, text) ?? text;
  }
  const problems = check.find(settings, () => true).map(describeVariable);
  if (problems.length > 0) throw new SyncError('CONFIG_INVALID', { message: problems.join('; ') });
  return settings;
};

const describeVariable = (finding: Finding): string => {
  const [section = '', key = ''] = finding.path;
  const { message, hint } = describeFinding({ ...finding, path: [variableNameOf(section, key)] }, '');
  return hint === undefined ? message : `${message}; ${hint}`;
};

const findUnknownVariables = (variables: Variables): readonly string[] => {
  const known = SETTING_NAMES.map(([section, key]) => variableNameOf(section, key));
  const prefixes = Object.keys(DEFAULTS).map((section) => variableNameOf(section, ''));
  return Object.keys(variables)
    .filter((name) => prefixes.some((prefix) => name.startsWith(prefix)) && !known.includes(name))
    .map((name) => {
      const suggestion = suggestNearest(name, known);
      return `the environment variable ${name} is ignored${suggestion ? `; ${suggestion}` : ''}`;
    });
};

const mergeSettings = (
  path: string,
  file: Settings,
  environment: Settings,
  warnings: readonly string[],
): LoadedConfig => {
  const config: Record<string, Record<string, unknown>> = {};
  const origins = new Map<string, ConfigOrigin>();
  for (const [section, key] of SETTING_NAMES) {
    const layers: readonly (readonly [ConfigOrigin, Settings])[] = [
      ['environment', environment],
      ['file', file],
      ['default', DEFAULTS],
    ];
    const [origin, settings] = layers.find(([, layer]) => layer[section]?.[key] !== undefined) ?? [
      'default',
      DEFAULTS,
    ];
    (config[section] ??= {})[key] = settings[section]?.[key];
    origins.set(`${section}.${key}`, origin);
  }
  return { config: config as unknown as Config, origins, warnings, path };
};
