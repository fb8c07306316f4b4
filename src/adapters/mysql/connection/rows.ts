import type mysql from 'mysql2/promise';

/** A row as text, the server's own; null is NULL. */
export type TextRow = readonly (string | null)[];

/** Runs one query and gives every cell as text. Binary cells have to be asked for as HEX(...). */
export const readRows = async (connection: mysql.Connection, sql: string): Promise<readonly TextRow[]> => {
  const [rows] = await connection.query<mysql.RowDataPacket[][]>({
    sql,
    rowsAsArray: true,
    typeCast: (field) => field.string('utf8'),
  });
  return rows as unknown as readonly TextRow[];
};

/** The first column. */
export const readFirstColumn = async (
  connection: mysql.Connection,
  sql: string,
): Promise<readonly string[]> => (await readRows(connection, sql)).map(([first]) => first ?? '');

/** Runs one query and gives every cell as the bytes that the server sent. */
export const readBytes = async (
  connection: mysql.Connection,
  sql: string,
): Promise<readonly (readonly (Buffer | null)[])[]> => {
  const [rows] = await connection.query<mysql.RowDataPacket[][]>({
    sql,
    rowsAsArray: true,
    typeCast: (field) => field.buffer(),
  });
  return rows as unknown as readonly (readonly (Buffer | null)[])[];
};
