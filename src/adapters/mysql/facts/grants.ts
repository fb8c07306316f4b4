import type { Grants } from '../../../core/server/inventory.js';

interface GrantLine {
  readonly verb: 'GRANT' | 'REVOKE';
  readonly privileges: readonly string[];
  /** Null for the whole server. */
  readonly database: string | null;
  readonly grantee: string;
}

const NAME = '`(?:[^`]|``)*`';
const ACCOUNT_PART = `(?:${NAME}|'(?:[^'\\\\]|''|\\\\.)*'|[^\\s@]+)`;
const LINE = new RegExp(
  `^(?<verb>GRANT|REVOKE) (?<privileges>[A-Z0-9_ ,]+) ON (?:\\*|(?<database>${NAME}))\\.\\* (?:TO|FROM) (?<grantee>${ACCOUNT_PART}(?:@${ACCOUNT_PART})?)(?<rest>.*)$`,
  's',
);

/** Lines about tables, columns, routines, roles and proxies are none of these, and give undefined. */
const parseGrantLine = (line: string): GrantLine | undefined => {
  const { verb, privileges, database, grantee, rest } = LINE.exec(line)?.groups ?? {};
  if (privileges === undefined || grantee === undefined) return undefined;
  const named = privileges.split(/ *, */).filter((privilege) => privilege !== 'USAGE');
  return {
    verb: verb === 'REVOKE' ? 'REVOKE' : 'GRANT',
    privileges: / WITH .*\bGRANT OPTION/s.test(rest ?? '') ? [...named, 'GRANT OPTION'] : named,
    database: database === undefined ? null : database.slice(1, -1).replaceAll('``', '`'),
    grantee,
  };
};

const ROLE = new RegExp(`(?<user>${NAME})(?:@(?<host>${NAME}))?`, 'gs');
const ROLE_LINE = new RegExp(`^GRANT (?<roles>${NAME}(?:@${NAME})?(?:, *${NAME}(?:@${NAME})?)*) TO `, 's');

/** The roles that a line of SHOW GRANTS gives: MySQL's have a host, MariaDB's have none. */
export const listRoles = (line: string): readonly { readonly user: string; readonly host: string }[] => {
  const unquote = (name = ''): string => name.slice(1, -1).replaceAll('``', '`');
  const { roles = '' } = ROLE_LINE.exec(line)?.groups ?? {};
  return [...roles.matchAll(ROLE)].map(({ groups }) => ({
    user: unquote(groups?.['user']),
    host: unquote(groups?.['host']),
  }));
};

interface GrantOptions {
  /** With partial revokes MySQL reads `_` and `%` in database names as themselves. */
  readonly wildcards: 'read' | 'literal';
  readonly patterns: NonNullable<Grants['patterns']>;
}

/**
 * Reads the lines of SHOW GRANTS for the current account. MariaDB lists the active role, the roles in it and PUBLIC
 * behind the account. It chooses the best pattern in each of the three, so they are kept apart; a role owns what the
 * roles in it own.
 */
export const parseGrants = (lines: readonly string[], options: GrantOptions): Grants => {
  const parsed = lines.map(parseGrantLine).filter((line) => line !== undefined);
  const own = parsed.filter(({ grantee }) => grantee === parsed[0]?.grantee);
  const others = parsed.filter((line) => !own.includes(line));
  const open = others.filter(({ grantee }) => grantee === 'PUBLIC');
  const inherited = others.filter(({ grantee }) => grantee !== 'PUBLIC');
  const roles = [inherited, open].filter((scope) => scope.length > 0);
  return { ...collectGrants(own, options), roles: roles.map((scope) => collectGrants(scope, options)) };
};

const collectGrants = (lines: readonly GrantLine[], { wildcards, patterns }: GrantOptions): Grants => {
  const global = new Set<string>();
  const databases = new Map<string, Set<string>>();
  const revoked = new Map<string, Set<string>>();
  for (const { verb, privileges, database } of lines) {
    const key = database === null ? null : wildcards === 'literal' ? escapeWildcards(database) : database;
    const scope =
      database === null || key === null
        ? global
        : verb === 'REVOKE'
          ? findOrAdd(revoked, database)
          : findOrAdd(databases, key);
    for (const privilege of privileges) scope.add(privilege);
  }
  return { global, databases, revoked, patterns };
};

const findOrAdd = (scopes: Map<string, Set<string>>, key: string): Set<string> => {
  const scope = scopes.get(key) ?? new Set<string>();
  scopes.set(key, scope);
  return scope;
};

const escapeWildcards = (name: string): string =>
  name.replaceAll(/\\?[%_]/g, (part) => `\\${part.slice(-1)}`);
