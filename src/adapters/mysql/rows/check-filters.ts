import type mysql from 'mysql2/promise';
import type { DatabaseName, TableName } from '../../../core/names.js';
import { isSymbol, tokenizeSql } from '../../../core/sql/sql-text.js';
import type { TableFilter } from '../../../engine/ports/rows.js';
import { describeEvidence, serverErrorNumber } from '../connection/errors.js';
import { quoteTable } from '../connection/identifiers.js';

/** ER_UNKNOWN_ERROR: MariaDB's functions of XML say so of arguments that have no value before the statement runs. */
const NO_VALUE_YET = 1105;

/**
 * Why the server refuses a condition, by table. Statements are only prepared, by which servers read names and grammar:
 * EXPLAIN would run subqueries and functions, and its errors can quote the rows that those read.
 */
export const checkFilters = async (
  connection: mysql.Connection,
  database: DatabaseName,
  filters: readonly TableFilter[],
): Promise<ReadonlyMap<TableName, string>> => {
  const refused = new Map<TableName, string>();
  for (const { table, where } of filters) {
    const reason = hasPlaceholder(where)
      ? 'a ? stands for a value there, and none is given'
      : await tryToPrepare(connection, `SELECT 1 FROM ${quoteTable(database, table)} WHERE (${where}\n)`);
    if (reason !== undefined) refused.set(table, reason);
  }
  return refused;
};

/** A statement that is prepared may have them, and one that is run may not. */
const hasPlaceholder = (where: string): boolean => tokenizeSql(where).some((token) => isSymbol(token, '?'));

const tryToPrepare = async (connection: mysql.Connection, sql: string): Promise<string | undefined> => {
  try {
    await (await connection.prepare(sql)).close();
    return undefined;
  } catch (error) {
    const number = serverErrorNumber(error);
    if (number === undefined) throw error;
    return number === NO_VALUE_YET ? undefined : describeEvidence(error);
  }
};
