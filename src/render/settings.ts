import { type LoadedConfig, SETTING_KEYS, settingOf, variableOfSetting } from '../core/plan/config.js';
import { displayWidth } from './display-width.js';
import type { Look } from './paint.js';
import { type Column, renderTable, widthOfTable } from './table.js';

/** One row a setting: key, value and, when shown, where the value comes from; below it where the row has no room. */
export const renderSettings = (
  loaded: LoadedConfig,
  origins: 'shown' | 'hidden',
  look: Look,
): readonly string[] => {
  const keys = SETTING_KEYS.map((key) => [key, String(settingOf(loaded.config, key))] as const);
  const sources = SETTING_KEYS.map((key) => (origins === 'shown' ? [describeOrigin(loaded, key)] : []));
  const rows = keys.map((cells, index) => [...cells, ...(sources[index] ?? [])]);
  const columns = origins === 'shown' ? [...COLUMNS, { title: 'ORIGIN' }] : COLUMNS;
  if (!look.isTerminal || widthOfTable(columns, rows) <= look.columns)
    return renderTable(columns, rows, look);
  const room = look.columns - INDENT.length;
  const below = keys.map(([, value]) => (displayWidth(value) > room / 2 ? breakList(value, room) : []));
  const short = keys.map(([key, value], index) => [key, below[index]?.length === 0 ? value : ''] as const);
  const [titles = '', ...lines] = renderTable(COLUMNS, short, look);
  return [
    titles,
    ...lines.flatMap((line, index) => [
      line,
      ...[...(below[index] ?? []), ...(sources[index] ?? [])].map((text) => INDENT + text),
    ]),
  ];
};

const INDENT = '    ';

/** A list in lines of that width, broken behind its commas. */
const breakList = (list: string, width: number): readonly string[] =>
  list.split(/(?<=,)/).reduce<readonly string[]>((lines, item) => {
    const last = lines.at(-1);
    return last !== undefined && displayWidth(last + item) <= width
      ? [...lines.slice(0, -1), last + item]
      : [...lines, item];
  }, []);

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
