import { type LoadedConfig, SETTING_KEYS, settingOf, variableOfSetting } from '../core/config.js';
import type { Look } from './look.js';
import { renderTable } from './table.js';

/** One row a setting: key, value and, when shown, where the value comes from. */
export const renderSettings = (
  loaded: LoadedConfig,
  origins: 'shown' | 'hidden',
  look: Look,
): readonly string[] => {
  const titles = ['KEY', 'VALUE', ...(origins === 'shown' ? ['ORIGIN'] : [])];
  const rows = SETTING_KEYS.map((key) => [
    key,
    String(settingOf(loaded.config, key)),
    describeOrigin(loaded, key),
  ]);
  return renderTable(
    titles.map((title) => ({ title })),
    rows.map((row) => row.slice(0, titles.length)),
    look,
  );
};

/** `default`, `file /home/anna/.config/mysql-sync/config.yaml` or `environment MYSQL_SYNC_LOGGING_LEVEL` */
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
