import type mysql from 'mysql2/promise';
import type { Flavor } from '../../../core/flavor.js';
import { supports } from '../../../core/server/features.js';
import { unlessEventsDisabled } from '../facts/events-disabled.js';
import { quoteName, quoteText } from '../connection/identifiers.js';
import { CATALOG_VIEWS, type Cell, type Row, type ViewName } from './information-schema.js';

/** Which rows of a view. */
export interface RowFilter<View extends ViewName> {
  /** The column that names the database; by default the first one of the view. */
  readonly by?: (typeof CATALOG_VIEWS)[View][number];
  /** A further SQL condition. */
  readonly and?: string;
}

/** Reads information_schema for several databases at once. */
export interface Catalog {
  /** The rows of exactly these databases, as the server spells them, in the server's order. */
  read<View extends ViewName>(
    view: View,
    databases: readonly string[],
    filter?: RowFilter<View>,
  ): Promise<readonly Row<View>[]>;
  hasColumn<View extends ViewName>(view: View, column: (typeof CATALOG_VIEWS)[View][number]): boolean;
}

/** Of a server by its flavor, which is read once of each. */
const catalogs = new WeakMap<Flavor, Promise<ReadonlySet<string>>>();

/** Asks the server once which of the wanted columns it has. */
export const openCatalog = async (connection: mysql.Connection, flavor: Flavor): Promise<Catalog> => {
  const existing = await (catalogs.get(flavor) ?? listColumns(connection, flavor));
  return {
    hasColumn: (view, column) => existing.has(`${view}.${column}`),
    read: async (view, databases, { by = CATALOG_VIEWS[view][0], and } = {}) => {
      if (databases.length === 0 || !existing.has(`${view}.${by}`)) return [];
      // Columns that this server does not have are NULL. The names are given so that they come as written on all.
      const columns = CATALOG_VIEWS[view].map(
        (column) => `${existing.has(`${view}.${column}`) ? column : 'NULL'} AS ${quoteName(column)}`,
      );
      const select = async (): Promise<readonly mysql.RowDataPacket[]> => {
        const [rows] = await connection.query<mysql.RowDataPacket[]>(
          `SELECT ${columns.join(', ')} FROM information_schema.${view}
           WHERE ${nameIsOneOf(flavor, by, databases)} ${and === undefined ? '' : `AND ${and}`}`,
        );
        return rows;
      };
      const rows = await unlessEventsDisabled(connection, select);
      const exact = new Set<Cell>(databases);
      return (rows as Row<typeof view>[]).filter((row) => exact.has(row[by]));
    },
  };
};

/**
 * One IN for all databases is the fastest form on every server: an equality for each costs a look-up for each, and
 * for TRIGGERS a walk through all tables.
 *
 * MariaDB and MySQL 5.7 compare names by a collation, also where case tells databases apart, and shorten an IN of names
 * that are equal to them to a look-up of one: the others would come out empty. So bytes are compared there, which is
 * as fast. MySQL 8 compares as the file system does, and needs the bare column to use an index. One name alone is
 * looked up everywhere, without a walk through the other databases.
 */
export const nameIsOneOf = (flavor: Flavor, column: string, names: readonly string[]): string =>
  supports(flavor, 'dataDictionary') || names.length === 1
    ? `${column} IN (${names.map(quoteText).join(', ')})`
    : `CAST(${column} AS BINARY) IN (${names.map((name) => `CAST(${quoteText(name)} AS BINARY)`).join(', ')})`;

const listColumns = (connection: mysql.Connection, flavor: Flavor): Promise<ReadonlySet<string>> => {
  const columns = readColumns(connection);
  catalogs.set(flavor, columns);
  columns.catch(() => catalogs.delete(flavor));
  return columns;
};

const readColumns = async (connection: mysql.Connection): Promise<ReadonlySet<string>> => {
  const [rows] = await connection.query<mysql.RowDataPacket[]>(
    `SELECT CONCAT(TABLE_NAME, '.', COLUMN_NAME) AS name FROM information_schema.COLUMNS
     WHERE TABLE_SCHEMA = 'information_schema' AND TABLE_NAME IN (${Object.keys(CATALOG_VIEWS).map(quoteText).join(', ')})`,
  );
  return new Set(rows.map((row) => String(row['name'])));
};

/** Rows by a name, exactly as it is written, in their order. */
export const groupRows = <T>(
  rows: readonly T[],
  keyOf: (row: T) => string,
): ReadonlyMap<string, readonly T[]> => {
  const groups = new Map<string, T[]>();
  for (const row of rows) {
    const key = keyOf(row);
    const group = groups.get(key);
    if (group) group.push(row);
    else groups.set(key, [row]);
  }
  return groups;
};
