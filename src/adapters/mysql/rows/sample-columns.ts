import type mysql from 'mysql2/promise';
import { isMostlyText } from '../../../core/mask/detector-hints.js';
import { DETECTORS, type Detector } from '../../../core/mask/detector.js';
import { detectInText } from '../../../core/mask/detectors.js';
import { SAMPLE, type SampledColumn } from '../../../core/mask/sample.js';
import type { DatabaseName } from '../../../core/names.js';
import type { ColumnInventory, TableInventory } from '../../../core/server/inventory.js';
import { isOfFamily } from '../../../core/sql/column-types.js';
import { isAccessDenied, isStatementTimeout } from '../connection/errors.js';
import { quoteName } from '../connection/identifiers.js';
import { type TextRow, readRows } from '../connection/rows.js';
import { limitSelect } from './limited-select.js';
import { renderRows } from './render-rows.js';
import { listPrimaryKey } from '../../../core/server/primary-key.js';

/**
 * What some rows of a table have in these columns, which are of text or bytes. The values stay here. Undefined where the
 * server took too long or does not give this account the rows.
 */
export const sampleColumns = async (
  connection: mysql.Connection,
  database: DatabaseName,
  table: TableInventory,
  columns: readonly ColumnInventory[],
): Promise<readonly SampledColumn[] | undefined> => {
  try {
    const rows = await readSample(connection, database, table, columns);
    return columns.map((column, at) =>
      judge(
        column,
        rows.map((row) => row[at] ?? null),
      ),
    );
  } catch (error) {
    if (isStatementTimeout(error) || isAccessDenied(error)) return undefined;
    throw error;
  }
};

/** Old rows and new ones. Rows in the order of a key can be had without reading the others. */
const readSample = async (
  connection: mysql.Connection,
  database: DatabaseName,
  table: TableInventory,
  columns: readonly ColumnInventory[],
): Promise<readonly TextRow[]> => {
  const select = `${limitSelect(SAMPLE.tableSeconds)} ${columns.map(renderCell).join(', ')} FROM ${renderRows(database, { name: table.name, kind: 'table' }, null)}`;
  const key = listPrimaryKey(table).map(({ name }) => quoteName(name));
  if (key.length === 0) return readRows(connection, `${select} LIMIT ${SAMPLE.rows}`);
  const first = await readRows(connection, `${select} ORDER BY ${key.join(', ')} LIMIT ${SAMPLE.rows}`);
  if (first.length < SAMPLE.rows) return first;
  const half = SAMPLE.rows / 2;
  const descending = key.map((name) => `${name} DESC`).join(', ');
  return [
    ...first.slice(0, half),
    ...(await readRows(connection, `${select} ORDER BY ${descending} LIMIT ${half}`)),
  ];
};

const renderCell = ({ name, dataType }: ColumnInventory): string => {
  const cut = `LEFT(${quoteName(name)}, ${SAMPLE.characters})`;
  return isOfFamily(dataType, 'bytes') ? `HEX(${cut})` : cut;
};

const judge = ({ name, dataType }: ColumnInventory, cells: readonly (string | null)[]): SampledColumn => {
  const values = cells.filter((cell) => cell !== null && cell !== '') as readonly string[];
  const counts = new Map<Detector, { rows: number; whole: number }>();
  for (const value of values) {
    const text = isOfFamily(dataType, 'bytes') ? readBytes(Buffer.from(value, 'hex')) : value;
    for (const kind of detectInText(text)) {
      const { rows, whole } = counts.get(kind) ?? { rows: 0, whole: 0 };
      counts.set(kind, { rows: rows + 1, whole: whole + (isAlone(text) ? 1 : 0) });
    }
  }
  return {
    column: name,
    values: values.length,
    areDocuments: values.length > 0 && values.every(isDocument),
    found: DETECTORS.flatMap((kind) => {
      const count = counts.get(kind);
      return count ? [{ kind, ...count }] : [];
    }),
  };
};

/** Pictures have no text in them. */
const readBytes = (bytes: Buffer): string =>
  isMostlyText(bytes, 0, bytes.length) ? bytes.toString('latin1') : '';

/** A number may be written with spaces, and an address is one word. */
const isAlone = (text: string): boolean =>
  !/\s/.test(text.trim()) || /^[\d\s()+./A-Z-]{1,40}$/.test(text.trim());

/** Of a value that was cut nobody can say more than how it begins. */
const isDocument = (text: string): boolean => {
  if (!/^\s*[[{]/.test(text)) return false;
  if (text.length === SAMPLE.characters) return true;
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
};
