import type mysql from 'mysql2/promise';
import type { DatabaseName, TableName } from '../../../core/names.js';
import type { TableCondition } from '../../../engine/ports.js';
import { describeEvidence, serverErrorNumber } from '../connection/errors.js';
import { quoteTable } from '../connection/identifiers.js';

/** ER_VIEW_NO_EXPLAIN: what a subquery reads is a view of which the account may see rows, and not the definition. */
const VIEW_NO_EXPLAIN = 1345;

/** Why the server refuses a condition, by table. Nothing is written: a function that would try fails. */
export const checkConditions = async (
  connection: mysql.Connection,
  database: DatabaseName,
  conditions: readonly TableCondition[],
): Promise<ReadonlyMap<TableName, string>> => {
  const refused = new Map<TableName, string>();
  await connection.query('START TRANSACTION READ ONLY');
  for (const { table, where } of conditions) {
    try {
      await connection.query(`EXPLAIN SELECT 1 FROM ${quoteTable(database, table)} WHERE (${where}\n)`);
    } catch (error) {
      const number = serverErrorNumber(error);
      if (number === undefined) throw error;
      if (number !== VIEW_NO_EXPLAIN) refused.set(table, describeEvidence(error));
    }
  }
  return refused;
};
