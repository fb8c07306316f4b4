import { type LoadedConfig, SETTING_KEYS, settingOf, variableOfSetting } from '../core/config.js';
import type { Look } from './look.js';
import { type Column, renderTable, widthOfTable } from './table.js';

/** One row a setting: key, value and, when shown, where the value comes from; below it where the row has no room. */
export const renderSettings = (
  loaded: LoadedConfig,
  origins: 'shown' | 'hidden',
  look: Look,
): readonly string[] => {
  const keys = SETTING_KEYS.map((key) => [key, String(settingOf(loaded.config, key))] as const);
  if (origins === 'hidden') return renderTable(COLUMNS, keys, look);
  const sources = SETTING_KEYS.map((key) => describeOrigin(loaded, key));
  const rows = keys.map((cells, index) => [...cells, sources[index] ?? '']);
  const columns = [...COLUMNS, { title: 'ORIGIN' }];
  if (!look.isTerminal || widthOfTable(columns, rows) <= look.columns)
    return renderTable(columns, rows, look);
  const [titles = '', ...lines] = renderTable(COLUMNS, keys, look);
  return [titles, ...lines.flatMap((line, index) => [line, `    ${sources[index] ?? ''}`])];
};

const COLUMNS: readonly Column[] = [{ title: 'KEY', cut: 'last' }, { title: 'VALUE' }];

/** `default`, `file ~/.config/mysql-sync/config.yaml` or `environment MYSQL_SYNC_LOGGING_LEVEL` */
const describeOrigin = ({ origins, path }: LoadedConfig, key: string): string => {
  const origin = origins.get(key) ?? 'default';
  if (origin === 'file') return `file ${path}`;
  return origin === 'environment' ? `environment ${variableOfSetting(key)}` : origin;
};

/** The setting as `--json` shows it. */
export const toSettingDocument = ({ config, origins }: LoadedConfig, key: string): object => ({
  key,
  value: settingOf(config, key),
  origin: origins.get(key) ?? 'default',
});
