import { parseEnv } from 'node:util';
import { SyncError } from '../../core/errors.js';
import { readConnectionUrl } from '../../core/server/connection-url.js';
import { type OptionFileLogin, listLogins, readText } from './read-login.js';

/** A login that a file holds, or why it cannot be used, in words without its password. */
export interface FoundLogin {
  /** What it is called there: the group or the variable. */
  readonly origin: string;
  /** What it could be called here, as its origin suggests; it need not be a name that is permitted. */
  readonly suggestion: string;
  readonly found: { readonly login: OptionFileLogin } | { readonly problem: string };
}

const GROUP_LINE = /^[ \t]*\[[^\]\n]*\]/m;
const URL_NAME = /^(?:(.*)_)?(?:DATABASE|DB)_URL$/i;

/**
 * Every login of an option file (its groups that name a host) or of a .env file (`DATABASE_URL`, and what ends in
 * `_DATABASE_URL` or `_DB_URL`). Rejects with INPUT_INVALID when it cannot be read, or has none.
 */
export const findLogins = async (file: string): Promise<readonly FoundLogin[]> => {
  const text = await readText(file);
  const found = GROUP_LINE.test(text) ? listGroups(text, file) : listVariables(text);
  if (found.length > 0) return found;
  throw new SyncError('INPUT_INVALID', {
    message: `${file} has no group with a host, and no DATABASE_URL of MySQL or MariaDB`,
    hints: [
      'Other names of variables end in _DATABASE_URL or _DB_URL; the URL begins with mysql:// or mariadb://',
    ],
  });
};

const listGroups = (text: string, file: string): readonly FoundLogin[] =>
  listLogins(text, file).map(({ group, login }) => ({
    origin: `[${group}]`,
    suggestion: group.replace(/^(?:client|mysql|mariadb)[-_]?(?=.)/, ''),
    found: { login },
  }));

const listVariables = (text: string): readonly FoundLogin[] =>
  Object.entries(parseEnv(text)).flatMap(([variable, value]): readonly FoundLogin[] => {
    const [name, prefix] = URL_NAME.exec(variable) ?? [];
    const login = name === undefined ? undefined : readUrlLogin(value ?? '');
    if (login === undefined) return [];
    const suggestion = (prefix ?? 'database').toLowerCase().replaceAll('_', '-');
    return [{ origin: variable, suggestion, found: login }];
  });

/** Undefined when the text is no URL of a database server. */
export const readUrlLogin = (text: string): FoundLogin['found'] | undefined => {
  const reading = readConnectionUrl(text);
  if (reading === undefined) return undefined;
  if ('problem' in reading) return reading;
  // Frameworks put variables together; taken as it stands it would be sent as a host or a password.
  if (/\$\{|\$\(/.test(text)) return { problem: 'the URL is put together from variables' };
  return { login: { ...reading.url, ignored: reading.url.ignored ?? [] } };
};
