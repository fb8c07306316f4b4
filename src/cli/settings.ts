import { SETTING_KEYS, settingOf } from '../core/plan/config.js';
import { SyncError } from '../core/errors.js';
import { suggestNearest } from '../core/nearest.js';
import { renderSettings, toSettingDocument } from '../render/settings.js';
import type { Services } from './services/compose.js';
import type { Screen } from './frame/screen.js';

/** Shows every setting, in the order of the config. */
export const listSettings = async (
  services: Services<'settings'>,
  origins: 'shown' | 'hidden',
  screen: Screen,
): Promise<void> => {
  const loaded = await services.settings.read();
  if (screen.format === 'text') screen.print(renderSettings(loaded, origins, screen.output));
  else
    screen.printJson('config', {
      path: loaded.path,
      settings: SETTING_KEYS.map((key) => toSettingDocument(loaded, key)),
    });
};

/** Shows the value that counts. Rejects with CONFIG_INVALID when there is no such setting. */
export const showSetting = async (
  services: Services<'settings'>,
  key: string,
  screen: Screen,
): Promise<void> => {
  refuseUnknownSetting(key);
  const loaded = await services.settings.read();
  if (screen.format === 'text') screen.print([String(settingOf(loaded.config, key))]);
  else screen.printJson('setting', toSettingDocument(loaded, key));
};

/** Writes the setting into the config file, and says so when a variable of the environment wins over it. */
export const changeSetting = async (
  services: Services<'settings'>,
  { key, text }: { readonly key: string; readonly text: string },
  screen: Screen,
): Promise<void> => {
  refuseUnknownSetting(key);
  const value = await services.settings.write(key, text);
  const path = services.settings.path;
  if (screen.format === 'json') screen.printJson('setting', { key, value, path });
  else screen.notice(`${key} is ${String(value)} in ${path}.`);
  const variable = services.settings.overridingVariable(key);
  if (variable !== undefined)
    screen.notice(`warning: ${variable} is set in the environment and wins over it.`);
};

const refuseUnknownSetting = (key: string): void => {
  if (SETTING_KEYS.includes(key)) return;
  // A key without its section is near to none, yet often one that exists.
  const whole = SETTING_KEYS.find((known) => known.split('.')[1] === key);
  const hint = whole === undefined ? suggestNearest(key, SETTING_KEYS) : `did you mean "${whole}"?`;
  throw new SyncError('CONFIG_INVALID', {
    message: `there is no setting "${key}"${hint === undefined ? '' : `; ${hint}`}`,
    hints: ['All settings:  mysql-sync config list'],
  });
};
