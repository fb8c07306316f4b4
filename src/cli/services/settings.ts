import { dirname } from 'node:path';
import { type LoadedConfig, variableOfSetting } from '../../core/plan/config.js';
import type { Surroundings } from './surroundings.js';

/** The person's settings. */
export interface Settings {
  /** The config file, whether or not it is there. */
  readonly path: string;
  /** Read once; what is unknown in them is said once. */
  read(): Promise<LoadedConfig>;
  /** Writes one known `section.key` into the config file, and returns the value as stored. */
  write(key: string, text: string): Promise<string | number | boolean>;
  /** The environment variable that wins over a setting of the file, when it is set. */
  overridingVariable(key: string): string | undefined;
}

/** `named` is the config file that the command line names. */
export const createSettings = (
  { environment: { paths, variables }, notice }: Surroundings,
  named: string | undefined,
): Settings => {
  const path = named ?? paths.configFile;
  const load = async (): Promise<LoadedConfig> => {
    const { loadConfig } = await import('../../adapters/plan-file/load-config.js');
    const loaded = await loadConfig(path, variables, named === undefined ? 'use-defaults' : 'refuse');
    for (const warning of loaded.warnings) notice(`warning: ${warning}`);
    return loaded;
  };
  let loading: Promise<LoadedConfig> | undefined;
  return {
    path,
    read: async () => {
      loading ??= load();
      return loading;
    },
    write: async (key, text) => {
      const { writeSetting } = await import('../../adapters/plan-file/write-setting.js');
      const { makeFolder } = await import('../../adapters/store/secure-files.js');
      await makeFolder(dirname(path));
      return writeSetting(path, key, text);
    },
    overridingVariable: (key) => {
      const name = variableOfSetting(key);
      return variables[name] ? name : undefined;
    },
  };
};
