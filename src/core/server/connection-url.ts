import { Secret } from '../secret.js';
import { type TlsMode, TLS_MODES } from './connection.js';
import { readHost } from './host.js';

/** What a URL such as `mysql://user@host:3306/db?ssl-mode=REQUIRED` says of a connection; the database is left out. */
export interface ConnectionUrl {
  readonly host?: string;
  readonly port?: number;
  readonly socket?: string;
  readonly user?: string;
  readonly password?: Secret;
  readonly tlsMode?: TlsMode;
  readonly ca?: string;
  /** Options about TLS that are not known here, by their names. */
  readonly ignored?: readonly string[];
}

/** The parts, or why there are none, in words that do not repeat the text: it may hold a password. */
export type UrlReading = { readonly url: ConnectionUrl } | { readonly problem: string };

const SCHEME = /^(?:jdbc:)?(?:mysql|mariadb):\/\//i;

/** Undefined when the text is no URL of a database server. */
export const readConnectionUrl = (text: string): UrlReading | undefined => {
  if (!SCHEME.test(text)) return undefined;
  try {
    return readParts(new URL(text.replace(/^jdbc:/i, '')));
  } catch {
    // What is wrong with it would be told with the text itself.
    return {
      problem: 'the URL cannot be read: special characters in it are written as %40 for @ and the like',
    };
  }
};

/**
 * A URL of a database server, or the beginning of one, with an asterisk for each character that may be of a password. Until
 * there is an @, a port looks like one, up to the / behind it.
 */
export const hidePassword = (text: string): string => {
  if (!SCHEME.test(text.trimStart())) return text;
  return text
    .replace(/(?<=\/\/[^:@/?]*:).*(?=@)/s, toAsterisks)
    .replace(/(?<=\/\/[^:@/?[]*:)(?!\d+[/?])[^@]*$/, toAsterisks)
    .replace(/(?<=[?&]password=)[^&]*/gi, toAsterisks);
};

const toAsterisks = (text: string): string => '*'.repeat(text.length);

const ABOUT_TLS = /ssl|tls|cert/i;
/** What JDBC and frameworks call switching TLS on or off. */
const SWITCHES = ['ssl', 'usessl', 'requiressl', 'tls'] as const;
const KNOWN = new Set<string>([...SWITCHES, 'sslmode', 'sslca']);

const normalizeKey = (key: string): string => key.replaceAll(/[-_]/g, '').toLowerCase();
const isKnown = (key: string): boolean => KNOWN.has(normalizeKey(key));

/** Off only means that nobody asks for it; what `preferred` does then is no worse. */
const isTlsAsked = (options: ReadonlyMap<string, string>): boolean =>
  SWITCHES.some((key) => /^(?:true|1)$/i.test(options.get(key) ?? ''));

const readParts = (url: URL): UrlReading => {
  const options = new Map([...url.searchParams].map(([key, value]) => [normalizeKey(key), value]));
  const mode = options.get('sslmode');
  const tlsMode = TLS_MODES.find((one) => one === mode?.toLowerCase().replaceAll('_', '-'));
  if (mode !== undefined && tlsMode === undefined)
    return { problem: `the ssl-mode of the URL is none of ${TLS_MODES.join(', ')}` };
  const socket = options.get('socket');
  const reading = readHost(decodeURIComponent(url.hostname) || 'localhost');
  if (!('host' in reading)) return { problem: reading.problem };
  const user = decodeURIComponent(url.username) || options.get('user');
  const password = decodeURIComponent(url.password) || options.get('password');
  const ca = options.get('sslca');
  const asked = tlsMode ?? (isTlsAsked(options) ? 'required' : undefined);
  const ignored = [...url.searchParams.keys()].filter((key) => ABOUT_TLS.test(key) && !isKnown(key));
  return {
    url: {
      ...(socket === undefined ? { host: reading.host } : { socket }),
      ...(url.port !== '' && { port: Number(url.port) }),
      ...(user !== undefined && { user }),
      ...(password !== undefined && { password: new Secret(password) }),
      ...(asked !== undefined && { tlsMode: asked }),
      ...(ca !== undefined && { ca }),
      ...(ignored.length > 0 && { ignored }),
    },
  };
};
