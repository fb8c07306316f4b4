import { SETTING_KEYS, variableOfSetting } from './config.js';
import { SHARD_VARIABLES } from './shard.js';

export interface EnvironmentVariable {
  readonly name: string;
  readonly meaning: string;
}

/** Every variable that mysql-sync reads, apart from those that a plan names and the password of `--password-env`. */
export const ENVIRONMENT_VARIABLES: readonly EnvironmentVariable[] = [
  {
    name: 'MYSQL_SYNC_HOME',
    meaning: 'folder of the config, the saved connections, the history and the logs',
  },
  { name: 'XDG_CONFIG_HOME', meaning: 'without MYSQL_SYNC_HOME: the config is in its mysql-sync folder' },
  { name: 'XDG_DATA_HOME', meaning: 'without MYSQL_SYNC_HOME: the state is in its mysql-sync folder' },
  ...SETTING_KEYS.map((key) => ({ name: variableOfSetting(key), meaning: `wins over ${key} of the config` })),
  { name: 'CI', meaning: 'a pipeline: nothing is asked, and no password is kept' },
  { name: 'GITHUB_ACTIONS', meaning: 'a failed database becomes an annotation of the job' },
  { name: 'GITHUB_STEP_SUMMARY', meaning: 'file that the recap is appended to, as Markdown' },
  ...SHARD_VARIABLES.map(({ name, engine }) => ({
    name,
    meaning: `set by ${engine}: which slice apply --shards is`,
  })),
  { name: 'NO_COLOR', meaning: 'no colours' },
  { name: 'FORCE_COLOR', meaning: 'colours, also where no terminal is' },
  { name: 'TERM', meaning: 'dumb: no questions, no live progress, no colours' },
  { name: 'PATH', meaning: 'where the client programs are looked for' },
  { name: 'DEBUG', meaning: 'a stack trace with every error' },
];
