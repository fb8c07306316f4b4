import type mysql from 'mysql2/promise';
import type { DatabaseName } from '../../../core/names.js';
import { type UsedColumn, listColumnsOfView, listTablesOfView } from '../../../core/server/view-order.js';
import { quoteName, quoteTable } from '../connection/identifiers.js';
import { readFirstColumn } from '../connection/rows.js';

/** What the columns hold that are handed to functions of geometries. All others hold text. */
export type StandInKind = 'text' | 'geometry';

/**
 * Makes an empty table for each missing one that the views read, with every column that the views use. No server
 * creates a view on a missing table, so a broken view can only be copied like this. A column that is missing in a
 * table that exists cannot be stood in for.
 * @returns the names of the tables made
 */
export const makeStandIns = async (
  connection: mysql.Connection,
  database: DatabaseName,
  views: readonly { readonly name: string; readonly statement: string }[],
  kind: StandInKind,
): Promise<readonly string[]> => {
  await connection.query('SET NAMES utf8mb4');
  await connection.query(`SET SESSION sql_mode = ''`);
  const known = new Set([
    ...(await readFirstColumn(connection, `SHOW TABLES FROM ${quoteName(database)}`)),
    ...views.map(({ name }) => name),
  ]);
  const read = new Set(views.flatMap(({ statement }) => [...listTablesOfView(statement, database)]));
  const missing = [...read].filter((name) => !known.has(name));
  const columns = listStandInColumns(
    views.flatMap(({ statement }) => listColumnsOfView(statement)),
    kind,
  );
  const made: string[] = [];
  try {
    for (const name of missing) {
      await connection.query(
        `CREATE TABLE ${quoteTable(database, name)} (${columns.join(', ')})
         COMMENT = 'mysql-sync: stands in for a missing table while a broken view is created'`,
      );
      made.push(name);
    }
    return made;
  } catch (error) {
    await dropStandIns(connection, database, made);
    throw error;
  }
};

const OF_GEOMETRY = /^(?:st_|mbr)(?!\w*from)/i;
const OF_TWO =
  /contain|within|cover|intersect|cross|disjoint|equal|touch|overlap|distance|union|difference|relate/i;

/** MariaDB creates no view that hands such a function anything but a geometry. */
const mustBeGeometry = ({ argumentOf }: UsedColumn): boolean =>
  argumentOf !== undefined &&
  OF_GEOMETRY.test(argumentOf.call) &&
  (argumentOf.position === 1 || (argumentOf.position === 2 && OF_TWO.test(argumentOf.call)));

/** Names of columns are the same in any case. Some servers refuse tables without a primary key. */
const listStandInColumns = (used: readonly UsedColumn[], kind: StandInKind): readonly string[] => {
  const types = new Map<string, { readonly name: string; readonly type: string }>();
  for (const column of used) {
    const key = column.name.toLowerCase();
    const isGeometry = kind === 'geometry' && mustBeGeometry(column);
    if (isGeometry || !types.has(key))
      types.set(key, {
        name: column.name,
        type: isGeometry ? 'GEOMETRY' : 'VARCHAR(1) CHARACTER SET utf8mb4',
      });
  }
  return [
    ...[...types.values()].map(({ name, type }) => `${quoteName(name)} ${type}`),
    types.has('mysql_sync') ? 'PRIMARY KEY (mysql_sync)' : 'mysql_sync INT PRIMARY KEY',
  ];
};

export const dropStandIns = async (
  connection: mysql.Connection,
  database: DatabaseName,
  names: readonly string[],
): Promise<void> => {
  for (const name of names) await connection.query(`DROP TABLE IF EXISTS ${quoteTable(database, name)}`);
};
