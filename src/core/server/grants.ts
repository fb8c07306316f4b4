import type { Grants } from './inventory.js';
import { type DatabaseName, toDatabaseName } from '../names.js';

/**
 * Does the account or one of its active roles hold the privilege (upper case, for example `SHOW VIEW`) for every object
 * of the database? Without a database: for the whole server. Grants on single tables and routines do not count.
 */
export const hasPrivilege = (grants: Grants, privilege: string, database?: DatabaseName): boolean =>
  hasOwnPrivilege(grants, privilege, database) ||
  (grants.roles ?? []).some((role) => hasPrivilege(role, privilege, database));

const hasOwnPrivilege = (grants: Grants, privilege: string, database: DatabaseName | undefined): boolean => {
  if (database === undefined) return holds(grants.global, privilege);
  const isRevoked = holds(grants.revoked?.get(database), privilege);
  const scopes = findScopes(grants, database);
  return (
    (holds(grants.global, privilege) && !isRevoked) ||
    (scopes.length > 0 && scopes.every((scope) => holds(scope, privilege)))
  );
};

const holds = (privileges: ReadonlySet<string> | undefined, privilege: string): boolean =>
  privileges !== undefined && (privileges.has(privilege) || privileges.has('ALL PRIVILEGES'));

/** What ALL PRIVILEGES means on a database, on every server. */
const OF_DATABASE = [
  ...['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'CREATE', 'DROP', 'REFERENCES', 'INDEX', 'ALTER'],
  ...['CREATE TEMPORARY TABLES', 'LOCK TABLES', 'EXECUTE', 'CREATE VIEW', 'SHOW VIEW', 'CREATE ROUTINE'],
  ...['ALTER ROUTINE', 'EVENT', 'TRIGGER'],
];

/**
 * May the one do what the other may not, apart from its own database, all of which the other replaces anyway? Its
 * rights in a pattern of databases count as those in a database of that very name.
 */
export const hasMoreRights = (one: Grants, other: Grants, own: DatabaseName): boolean =>
  [...one.global].some((privilege) => !hasPrivilege(other, privilege)) ||
  [...one.databases].some(([pattern, privileges]) => {
    const name = toDatabaseName(pattern.replaceAll(/\\(?=[_%\\])/g, ''));
    const held = privileges.has('ALL PRIVILEGES') ? OF_DATABASE : [...privileges];
    return name !== own && held.some((privilege) => !hasPrivilege(other, privilege, name));
  }) ||
  (one.roles ?? []).some((role) => hasMoreRights(role, other, own));

/**
 * Servers take the most specific pattern alone. MySQL with active roles takes one of those that match, and it is not
 * known which, unless the database's plain name is among them.
 */
const findScopes = (
  { databases, patterns }: Grants,
  database: DatabaseName,
): readonly (ReadonlySet<string> | undefined)[] => {
  const matching = [...databases.keys()].filter((pattern) => isDatabaseMatch(pattern, database));
  const [best, ...others] = matching.sort((a, b) => findWildcard(b) - findWildcard(a));
  if (best === undefined) return [];
  const isPlain = !/[\\%_]/.test(best);
  const counting = patterns === 'unknown' && !isPlain ? [best, ...others] : [best];
  return counting.map((pattern) => databases.get(pattern));
};

/** Where the first wildcard stands; the later, the more specific is the pattern. */
const findWildcard = (pattern: string): number => {
  const index = pattern.replaceAll(/\\./gs, '..').search(/[%_]/);
  return index === -1 ? Number.MAX_SAFE_INTEGER : index;
};

/** `%` is any text, `_` any character, a backslash takes the meaning from the character after it. */
export const isDatabaseMatch = (pattern: string, database: string): boolean => {
  const source = pattern.replaceAll(/\\?[^]/gu, (part) => {
    if (part === '%') return '.*';
    if (part === '_') return '.';
    const literal = part.length > 1 && part.startsWith('\\') ? part.slice(1) : part;
    return literal.replaceAll(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
  });
  return new RegExp(`^${source}$`, 'su').test(database);
};
