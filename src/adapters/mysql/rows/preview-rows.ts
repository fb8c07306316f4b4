import type mysql from 'mysql2/promise';
import { BugError } from '../../../core/errors.js';
import { isOfFamily } from '../../../core/sql/column-types.js';
import { readsByOwnSql } from '../../../core/mask/table-masks.js';
import type { DatabaseName } from '../../../core/names.js';
import type { ColumnInventory } from '../../../core/server/inventory.js';
import type { CopyTable, PreviewedRow } from '../../../engine/ports/rows.js';
import { explainFailure } from '../connection/failures.js';
import { quoteName } from '../connection/identifiers.js';
import { readRows } from '../connection/rows.js';
import { renderMaskedCell } from './masked-cells.js';
import { renderRows } from './render-rows.js';

/** Characters, or bytes, of a value. */
const MOST_SHOWN = 200;

/** What masks make of some rows, beside what is there. The session has the key. */
export const previewRows = async (
  connection: mysql.Connection,
  database: DatabaseName,
  { table, where, masks }: CopyTable,
  most: number,
): Promise<readonly PreviewedRow[]> => {
  if (!masks) return [];
  const cells = masks.columns.flatMap(({ column: name }) => {
    const column = table.columns.find((one) => one.name === name);
    const masked = column && renderMaskedCell(column, masks);
    if (!column || masked === undefined) throw new BugError(`${table.name} has no masked column ${name}`);
    return [shorten(column, quoteName(name)), shorten(column, masked)];
  });
  try {
    const rows = await readRows(
      connection,
      `SELECT ${cells.join(', ')} FROM ${renderRows(database, table, where)} LIMIT ${most}`,
    );
    return rows.map((row) =>
      masks.columns.map((_, at) => ({ before: row[2 * at] ?? null, after: row[2 * at + 1] ?? null })),
    );
  } catch (error) {
    throw explainFailure(error, {
      code: 'SERVER_ERROR',
      what: `cannot read rows of ${database}.${table.name}`,
      isPrivate: readsByOwnSql(masks),
    });
  }
};

const shorten = ({ dataType }: ColumnInventory, sql: string): string => {
  const cut = `LEFT(${sql}, ${MOST_SHOWN})`;
  return isOfFamily(dataType, 'bytes') ? `HEX(${cut})` : cut;
};
