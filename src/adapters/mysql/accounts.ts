import type mysql from 'mysql2/promise';
import type { Grants } from '../../core/inventory.js';
import { serverErrorNumber } from './errors.js';
import { listRoles, parseGrants } from './grants.js';
import { quoteAccount, quoteName } from './identifiers.js';
import { readColumn } from './rows.js';

/** `user@host` of every account and role. Undefined when the server refuses to tell, for whatever reason of its own. */
export const listAccounts = async (
  connection: mysql.Connection,
): Promise<ReadonlySet<string> | undefined> => {
  try {
    return new Set(await readColumn(connection, "SELECT CONCAT(User, '@', Host) FROM mysql.user"));
  } catch (error) {
    if (serverErrorNumber(error) === undefined) throw error;
    return undefined;
  }
};

/** A server can tell whose account has gone since, or that this account may not ask; both give undefined. */
export const readRights = async (
  connection: mysql.Connection,
  accounts: readonly string[],
): Promise<ReadonlyMap<string, Grants> | undefined> => {
  const rights = new Map<string, Grants>();
  try {
    for (const account of accounts) {
      const end = account.lastIndexOf('@');
      const [user, host] = [account.slice(0, end), account.slice(end + 1)];
      rights.set(account, await readGrantsOf(connection, user, host, new Set()));
    }
    return rights;
  } catch (error) {
    if (serverErrorNumber(error) === undefined) throw error;
    return undefined;
  }
};

/** Roles of MariaDB have no host. Those that were granted count, active or not: a program may switch them on. */
const readGrantsOf = async (
  connection: mysql.Connection,
  user: string,
  host: string,
  seen: Set<string>,
): Promise<Grants> => {
  const account = host === '' ? quoteName(user) : quoteAccount(user, host);
  const lines = seen.has(account) ? [] : await readColumn(connection, `SHOW GRANTS FOR ${account}`);
  seen.add(account);
  const roles: Grants[] = [];
  for (const role of lines.flatMap(listRoles))
    roles.push(await readGrantsOf(connection, role.user, role.host, seen));
  const own = parseGrants(lines, { wildcards: 'read', patterns: 'best' });
  return { ...own, roles: [...(own.roles ?? []), ...roles] };
};
