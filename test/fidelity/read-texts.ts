import type mysql from 'mysql2/promise';

export interface TextColumn {
  /** As SQL. */
  readonly name: string;
  readonly dataType: string;
  readonly columnType: string;
}

/**
 * Servers print `?` for characters that their catalog cannot hold. What a default or a member really is comes out of a
 * table that has the same columns: a line for each column that has a default or members. `select` gives the cells of a query.
 */
export const readTexts = async (
  connection: mysql.Connection,
  select: (sql: string) => Promise<readonly (readonly (string | null)[])[]>,
  table: string,
  columns: readonly TextColumn[],
): Promise<string> => {
  if (columns.length === 0) return '';
  const names = columns.map(({ name }) => name);
  await connection.query(
    `CREATE TEMPORARY TABLE fidelity_probe AS SELECT ${names.join(', ')} FROM ${table} LIMIT 0`,
  );
  try {
    await connection.query('INSERT IGNORE INTO fidelity_probe () VALUES ()');
    for (const { name, dataType, columnType } of columns) {
      if (dataType !== 'enum' && dataType !== 'set') continue;
      for (const member of columnType.split("','").keys())
        await connection.query(
          `INSERT IGNORE INTO fidelity_probe (${name}) VALUES (${String(dataType === 'set' ? 2 ** member : member + 1)})`,
        );
    }
    const cells = names.map((name) => `COALESCE(HEX(${name}), '-')`);
    const lines = await select(`SELECT ${cells.join(', ')} FROM fidelity_probe`);
    return names
      .flatMap((name, at) => {
        const texts = new Set(lines.map((line) => line[at]).filter((text) => text !== '-' && text !== ''));
        return texts.size === 0 ? [] : [`${name}: ${[...texts].join()}`];
      })
      .join('\n');
  } finally {
    await connection.query('DROP TEMPORARY TABLE fidelity_probe');
  }
};
