import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import type { Look } from '../../render/paint.js';

/** The only module that reads `process.env` and the streams' nature. */
export interface Environment {
  readonly variables: Readonly<Record<string, string | undefined>>;
  readonly paths: StatePaths;
  /** A person can be asked: stdin and stderr are terminals, and nothing says this is a pipeline. */
  readonly canPrompt: boolean;
  /** CI is set: no person is there, and passwords are not written to the store. */
  readonly isPipeline: boolean;
}

export interface StatePaths {
  readonly configFile: string;
  /** Folder of the store and the logs, mode 0700. */
  readonly stateFolder: string;
}

/** `MYSQL_SYNC_HOME` moves config and state together; otherwise the XDG base directories. */
export const locateState = (variables: Environment['variables']): StatePaths => {
  const home = variables['MYSQL_SYNC_HOME'];
  if (home) return { configFile: join(home, 'config.yaml'), stateFolder: home };
  const config = absolute(variables['XDG_CONFIG_HOME']) ?? join(homedir(), '.config');
  const state = absolute(variables['XDG_DATA_HOME']) ?? join(homedir(), '.local', 'share');
  return { configFile: join(config, 'mysql-sync', 'config.yaml'), stateFolder: join(state, 'mysql-sync') };
};

/** The XDG specification: a path that is not absolute is ignored. It would be another folder for every working folder. */
const absolute = (path: string | undefined): string | undefined =>
  path !== undefined && isAbsolute(path) ? path : undefined;

const isSet = (text: string | undefined): boolean =>
  text !== undefined && text !== '' && text !== '0' && text !== 'false';

export const readEnvironment = (): Environment => ({
  variables: process.env,
  paths: locateState(process.env),
  canPrompt:
    process.stdin.isTTY &&
    process.stderr.isTTY &&
    !isSet(process.env['CI']) &&
    process.env['TERM'] !== 'dumb',
  isPipeline: isSet(process.env['CI']),
});

/** Libraries that paint by themselves know of the variables only. */
export const forbidColor = (): void => {
  process.env['NO_COLOR'] = '1';
  delete process.env['FORCE_COLOR'];
};

/** NO_COLOR wins, then FORCE_COLOR, then whether the stream is a terminal that knows colours. */
export const lookOf = (
  stream: { readonly isTTY?: boolean; readonly columns?: number },
  variables: Environment['variables'],
  wantsColor: 'auto' | 'never',
): Look => {
  const isTerminal = stream.isTTY === true;
  const hasColor =
    wantsColor !== 'never' &&
    !variables['NO_COLOR'] &&
    (isSet(variables['FORCE_COLOR']) || (isTerminal && variables['TERM'] !== 'dumb'));
  return { isTerminal, hasColor, columns: stream.columns && stream.columns > 0 ? stream.columns : 80 };
};
