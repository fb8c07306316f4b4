import type { Grants } from './inventory.js';
import type { DatabaseName } from './names.js';

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
  return (holds(grants.global, privilege) && !isRevoked) || holds(findScope(grants, database), privilege);
};

const holds = (privileges: ReadonlySet<string> | undefined, privilege: string): boolean =>
  privileges !== undefined && (privileges.has(privilege) || privileges.has('ALL PRIVILEGES'));

/** Servers do not add up the patterns that match: the most specific one alone counts. */
const findScope = ({ databases }: Grants, database: DatabaseName): ReadonlySet<string> | undefined => {
  const patterns = [...databases.keys()].filter((pattern) => isDatabaseMatch(pattern, database));
  const [best] = patterns.sort((a, b) => findWildcard(b) - findWildcard(a));
  return best === undefined ? undefined : databases.get(best);
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
