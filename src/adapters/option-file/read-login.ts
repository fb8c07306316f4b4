import { readFile, stat } from 'node:fs/promises';
import type { TlsMode } from '../../core/server/connection.js';
import { SyncError } from '../../core/errors.js';
import { hintAtRefusal } from '../../core/file-refusal.js';
import { Secret } from '../../core/secret.js';
import { quoteShellWord } from '../../core/shell-word.js';
import { type Option, parseOptions } from './parse-options.js';

/** What an option file says about a connection; undefined is what it does not say. */
export interface OptionFileLogin {
  readonly host?: string;
  readonly port?: number;
  readonly socket?: string;
  readonly user?: string;
  readonly password?: Secret;
  readonly tlsMode?: TlsMode;
  readonly ca?: string;
  /** Both or none. */
  readonly cert?: string;
  readonly key?: string;
  readonly serverPublicKey?: string;
  /** Options of a login that mysql-sync does not have, such as `ssl-crl`. */
  readonly ignored: readonly string[];
}

/**
 * Reads [client] and the named group of a MySQL option file; the last value of an option wins.
 * Rejects with INPUT_INVALID.
 */
export const readOptionFileLogin = async (file: string, group: string): Promise<OptionFileLogin> => {
  const options = parseOptions(await readText(file), file);
  const groups = new Set(['client', group]);
  const wanted = options.filter((option) => groups.has(option.group));
  if (wanted.length === 0) throw describeMissingGroup(file, groups, options);
  return toLogin(new Map(wanted.map((option) => [option.name, option])), file);
};

/** One group of an option file that names a host, with what [client] adds. */
export interface OptionFileGroup {
  readonly group: string;
  readonly login: OptionFileLogin;
}

/** Every group that names a host. Rejects with INPUT_INVALID. */
export const listLogins = (text: string, file: string): readonly OptionFileGroup[] => {
  const options = parseOptions(text, file);
  const groups = new Set(options.filter(({ name }) => name === 'host').map(({ group }) => group));
  return [...groups].map((group) => {
    const wanted = ['client', group].flatMap((one) => options.filter((option) => option.group === one));
    return { group, login: toLogin(new Map(wanted.map((option) => [option.name, option])), file) };
  });
};

/** The text of a file that holds logins. Rejects with INPUT_INVALID, also where everybody could have written it. */
export const readText = async (file: string): Promise<string> => {
  try {
    const facts = await stat(file);
    if (process.platform !== 'win32' && facts.isFile() && (facts.mode & 0o002) !== 0)
      throw new SyncError('INPUT_INVALID', {
        message: `${file} can be written by everybody, and the mysql clients ignore such a file`,
        hints: [`Close it:  chmod 600 ${quoteShellWord(file)}`],
      });
    return await readFile(file, 'utf8');
  } catch (error) {
    if (error instanceof SyncError) throw error;
    const { code = 'unknown error' } = error as NodeJS.ErrnoException;
    throw new SyncError('INPUT_INVALID', {
      message:
        code === 'ENOENT'
          ? `there is no option file ${file}`
          : `cannot read the option file ${file} (${code})`,
      hints: hintAtRefusal(code),
      cause: error,
    });
  }
};

const describeMissingGroup = (
  file: string,
  groups: ReadonlySet<string>,
  options: readonly Option[],
): SyncError => {
  const found = [...new Set(options.map(({ group }) => `[${group}]`))];
  const wanted = [...groups].map((group) => `[${group}]`).join(' or ');
  return new SyncError('INPUT_INVALID', {
    message: `${file} has no options in ${wanted}`,
    hints: found.length > 0 ? [`Its groups: ${found.join(' ')}. Name one with --group`] : [],
  });
};

type Options = ReadonlyMap<string, Option>;

const toLogin = (options: Options, file: string): OptionFileLogin => {
  const text = (name: string): string | undefined => options.get(name)?.value;
  const host = text('host');
  const port = readPort(options.get('port'), file);
  const user = text('user');
  const password = text('password');
  const ca = text('ssl-ca');
  const cert = text('ssl-cert');
  const key = text('ssl-key');
  const serverPublicKey = text('server-public-key-path');
  const socket = readSocket(options);
  const tlsMode = readTlsMode(options, file);
  return {
    ...(socket !== undefined ? { socket } : host !== undefined && { host }),
    ...(socket === undefined && port !== undefined && { port }),
    ...(user !== undefined && { user }),
    ...(password !== undefined && { password: new Secret(password) }),
    ...(tlsMode !== undefined && { tlsMode }),
    ...(ca !== undefined && { ca }),
    ...(cert !== undefined && key !== undefined && { cert, key }),
    ...(serverPublicKey !== undefined && { serverPublicKey }),
    ignored: [...options.keys()].filter((name) => UNSUPPORTED.has(name) || lacksPartner(name, options)),
  };
};

const PARTNERS: Readonly<Record<string, string>> = { 'ssl-cert': 'ssl-key', 'ssl-key': 'ssl-cert' };

const lacksPartner = (name: string, options: Options): boolean => {
  const partner = PARTNERS[name];
  return partner !== undefined && options.get(partner)?.value === undefined;
};

const UNSUPPORTED = new Set(['ssl-capath', 'ssl-crl', 'ssl-crlpath']);

/** The clients use the socket file unless another host or TCP is asked for. */
const readSocket = (options: Options): string | undefined => {
  const host = options.get('host')?.value ?? 'localhost';
  const isTcp = options.get('protocol')?.value?.toLowerCase() === 'tcp';
  return host === 'localhost' && !isTcp ? options.get('socket')?.value : undefined;
};

const readPort = (option: Option | undefined, file: string): number | undefined => {
  if (option?.value === undefined || option.value === '0') return undefined;
  const port = Number(option.value);
  if (/^\d+$/.test(option.value) && port <= 65_535) return port;
  throw new SyncError('INPUT_INVALID', {
    message: `${file}:${option.line}: port "${option.value}" is not a number from 1 to 65535`,
  });
};

const SSL_MODES: Readonly<Record<string, TlsMode>> = {
  DISABLED: 'disabled',
  PREFERRED: 'preferred',
  REQUIRED: 'required',
  VERIFY_CA: 'verify-ca',
  VERIFY_IDENTITY: 'verify-identity',
};

/** MySQL has `ssl-mode`; MariaDB has `ssl` and `ssl-verify-server-cert`, each also as `skip-` and `disable-`. */
const readTlsMode = (options: Options, file: string): TlsMode | undefined => {
  const named = options.get('ssl-mode');
  if (named) {
    const mode = SSL_MODES[(named.value ?? '').toUpperCase()];
    if (mode) return mode;
    throw new SyncError('INPUT_INVALID', {
      message: `${file}:${named.line}: ssl-mode "${named.value ?? ''}" is none of ${Object.keys(SSL_MODES).join(', ')}`,
    });
  }
  const ssl = readSwitch(options, 'ssl');
  if (ssl === 'off') return 'disabled';
  if (readSwitch(options, 'ssl-verify-server-cert') === 'on') return 'verify-identity';
  if (options.has('ssl-ca')) return 'verify-ca';
  return ssl === 'on' ? 'required' : undefined;
};

const readSwitch = (options: Options, name: string): 'on' | 'off' | undefined => {
  if (options.has(`skip-${name}`) || options.has(`disable-${name}`)) return 'off';
  const option = options.get(name);
  if (!option) return undefined;
  return /^(?:0|off|false)$/i.test(option.value ?? '') ? 'off' : 'on';
};
