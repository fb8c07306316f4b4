import type mysql from 'mysql2/promise';
import type { Grants } from '../../../core/server/inventory.js';
import type { DatabaseName } from '../../../core/names.js';
import { serverErrorNumber } from '../connection/errors.js';
import { listRoles, parseGrants } from './grants.js';
import { quoteAccount, quoteName, quoteText } from '../connection/identifiers.js';
import { readFirstColumn, readRows } from '../connection/rows.js';

/** `user@host` of every account and role. Undefined when the server refuses to tell, for whatever reason of its own. */
export const listAccounts = async (
  connection: mysql.Connection,
): Promise<ReadonlySet<string> | undefined> => {
  try {
    return new Set(await readFirstColumn(connection, "SELECT CONCAT(User, '@', Host) FROM mysql.user"));
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
    for (const account of accounts)
      rights.set(account, await readGrantsOf(connection, ...splitAccount(account), new Set()));
    return rights;
  } catch (error) {
    if (serverErrorNumber(error) === undefined) throw error;
    return undefined;
  }
};

/** Roles that were granted count, active or not: a program may switch them on. */
const readGrantsOf = async (
  connection: mysql.Connection,
  user: string,
  host: string,
  seen: Set<string>,
): Promise<Grants> => {
  const account = quoteGrantee(user, host);
  const lines = seen.has(account) ? [] : await readFirstColumn(connection, `SHOW GRANTS FOR ${account}`);
  seen.add(account);
  const roles: Grants[] = [];
  for (const role of lines.flatMap(listRoles))
    roles.push(await readGrantsOf(connection, role.user, role.host, seen));
  const own = parseGrants(lines, { wildcards: 'read', patterns: 'best' });
  return { ...own, roles: [...(own.roles ?? []), ...roles] };
};

/**
 * Those that certainly may not execute routines of a database. It is enough that one grant might reach an account, by
 * whatever host, pattern or role: then only the server itself knows.
 */
export const findUnableToExecute = async (
  connection: mysql.Connection,
  database: DatabaseName,
  accounts: readonly string[],
): Promise<readonly string[]> => {
  const unable: string[] = [];
  try {
    const settings = new Map(
      (
        await readRows(
          connection,
          "SHOW GLOBAL VARIABLES WHERE Variable_name IN ('automatic_sp_privileges', 'mandatory_roles')",
        )
      ).map(([name, value]) => [name, value]),
    );
    // A dropped routine takes the grants on it with it, unless this is off.
    const areGrantsKept = settings.get('automatic_sp_privileges') !== 'ON';
    if ((settings.get('mandatory_roles') ?? '') !== '' || areGrantsKept) return [];
    for (const account of accounts)
      if (!(await mayExecute(connection, database, account))) unable.push(account);
  } catch (error) {
    if (serverErrorNumber(error) === undefined) throw error;
    return [];
  }
  return unable;
};

const mayExecute = async (
  connection: mysql.Connection,
  database: DatabaseName,
  account: string,
): Promise<boolean> => {
  const [user, host] = splitAccount(account);
  const lines = await readFirstColumn(connection, `SHOW GRANTS FOR ${quoteGrantee(user, host)}`);
  if (lines.some((line) => listRoles(line).length > 0)) return true;
  const reaches = `Execute_priv = 'Y' AND (User = 'PUBLIC' OR User IN (${quoteText(user)}, '')
    AND (${quoteText(host)} LIKE Host OR Host LIKE '%/%'))`;
  const [found] = await readFirstColumn(
    connection,
    `SELECT EXISTS (SELECT 1 FROM mysql.user WHERE ${reaches})
       OR EXISTS (SELECT 1 FROM mysql.db WHERE ${reaches} AND LOWER(${quoteText(database)}) LIKE LOWER(Db))`,
  );
  return found === '1';
};

const splitAccount = (account: string): readonly [user: string, host: string] => {
  const end = account.lastIndexOf('@');
  return [account.slice(0, end), account.slice(end + 1)];
};

/** Roles of MariaDB have no host. */
const quoteGrantee = (user: string, host: string): string =>
  host === '' ? quoteName(user) : quoteAccount(user, host);
