/** The person's settings, with every default applied. Seconds, counts and file counts as the key says. */
export interface Config {
  readonly connections: {
    /** Seconds until a server that does not answer is given up. */
    readonly default_timeout: number;
    /** How often a transient error is tried again. */
    readonly max_retries: number;
    /** Whether statements are sent before those ahead of them are answered. */
    readonly pipelining: boolean;
    readonly cache_passwords: boolean;
    readonly password_storage: 'encrypted' | 'base64';
  };
  readonly batch: {
    readonly confirm_destructive: boolean;
    /** Databases at once. */
    readonly max_concurrent: number;
    readonly show_progress: boolean;
  };
  readonly plans: {
    /** Names and globs, by commas: what a plan that others may have written can read of the environment. */
    readonly variables: string;
    /** What `init` writes for editors as the schema of a plan. */
    readonly schema: 'url' | 'package';
  };
  readonly logging: {
    readonly level: 'ERROR' | 'WARN' | 'INFO' | 'DEBUG';
    readonly file_rotation: boolean;
    readonly max_log_files: number;
  };
}

export const DEFAULT_CONFIG: Config = {
  connections: {
    default_timeout: 30,
    max_retries: 3,
    pipelining: true,
    cache_passwords: true,
    password_storage: 'encrypted',
  },
  batch: { confirm_destructive: true, max_concurrent: 1, show_progress: true },
  plans: {
    variables: [
      'MYSQL_SYNC_PLAN_*',
      'SYNC_SOURCE',
      'SYNC_TARGET',
      'SYNC_ENGINE',
      '*_HOST',
      '*_PORT',
      '*_USER',
      '*_SOCKET',
      '*_DATABASE',
      '*_DATABASES',
      'DATABASES',
    ].join(','),
    schema: 'url',
  },
  logging: { level: 'INFO', file_rotation: true, max_log_files: 10 },
};

const SETTINGS = DEFAULT_CONFIG as unknown as Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** Every setting as `section.key`, in the order of the config. */
export const SETTING_KEYS: readonly string[] = Object.entries(SETTINGS).flatMap(([section, settings]) =>
  Object.keys(settings).map((key) => `${section}.${key}`),
);

/** The value of a `section.key`. */
export const settingOf = (config: Config, key: string): string | number | boolean => {
  const [section = '', name = ''] = key.split('.');
  return (
    (config as unknown as Record<string, Record<string, string | number | boolean>>)[section]?.[name] ?? ''
  );
};

/** The environment variable that sets a `section.key`. */
export const variableOfSetting = (key: string): string => `MYSQL_SYNC_${key.replace('.', '_')}`.toUpperCase();

export type ConfigOrigin = 'default' | 'file' | 'environment';

/** The config with where each `section.key` came from. */
export interface LoadedConfig {
  readonly config: Config;
  readonly origins: ReadonlyMap<string, ConfigOrigin>;
  /** Lines for stderr, such as unknown keys. */
  readonly warnings: readonly string[];
  readonly path: string;
}
