import type mysql from 'mysql2/promise';
import { serverErrorNumber } from './errors.js';
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
