import { BugError } from '../../../core/errors.js';
import type { TableInventory } from '../../../core/server/inventory.js';
import { quoteName } from '../connection/identifiers.js';
import { listRowKey } from '../../../core/server/row-key.js';
import {
  type KeyColumn,
  type KeyPoint,
  type KeyRange,
  WHOLE_TABLE,
  isWholeNumber,
  rangesBetween,
  renderKeyValue,
  spreadIntegers,
} from './split-key.js';

/** A table that is cut, and how its rows are read. */
export interface CutRows {
  readonly table: TableInventory;
  readonly key: readonly KeyColumn[];
  /** Gives the cells as the server sent them. */
  readonly ask: (sql: string) => Promise<readonly (readonly (Buffer | null)[])[]>;
  /** What follows FROM, up to the end of WHERE. */
  readonly from: (range: KeyRange) => string;
}

/** Numbers that are spread thinner than this are stepped through: equal widths would hold very different numbers of rows. */
const THINNEST_SPREAD = 4;

/** A step is never shorter, however wrong the estimate is. */
const FEWEST_ROWS = 1_000;

/**
 * Cuts rows into about so many ranges of their key, which leave no row out and have none in common. `emit` gets each range as
 * soon as it is known.
 */
export const cutKey = async (
  rows: CutRows,
  pieces: number,
  emit: (range: KeyRange) => void,
): Promise<void> => {
  const spread = await spreadEvenly(rows, pieces);
  if (spread) rangesBetween(spread).forEach(emit);
  else await stepThrough(rows, pieces, emit);
};

/** Points for a key that is one integer column whose values lie close together. */
const spreadEvenly = async (
  { table, ask, from }: CutRows,
  pieces: number,
): Promise<readonly KeyPoint[] | undefined> => {
  const [column, ...others] = listRowKey(table);
  if (!column || others.length > 0 || !isWholeNumber(column)) return undefined;
  const name = quoteName(column.name);
  const [row] = await ask(`SELECT MIN(${name}), MAX(${name}) FROM ${from(WHOLE_TABLE)}`);
  const [min, max] = (row ?? []).map((cell) => (cell ? BigInt(cell.toString('latin1')) : undefined));
  if (min === undefined || max === undefined) return [];
  const isThin = max - min > BigInt(Math.ceil(table.rowsEstimate * THINNEST_SPREAD));
  return isThin ? undefined : spreadIntegers(min, max, pieces).map((boundary) => [boundary.toString()]);
};

/** Any key: from one row to the row so many further on. */
const stepThrough = async (
  { table, key, ask, from }: CutRows,
  pieces: number,
  emit: (range: KeyRange) => void,
): Promise<void> => {
  const rows = Math.max(FEWEST_ROWS, Math.ceil(table.rowsEstimate / pieces));
  const names = key.map(({ name }) => quoteName(name)).join(', ');
  const cells = key.map(renderStored).join(', ');
  let after: KeyPoint | undefined;
  for (;;) {
    const [row] = await ask(
      `SELECT ${cells} FROM ${from(after ? { after } : WHOLE_TABLE)}
       ORDER BY ${names} LIMIT 1 OFFSET ${rows - 1}`,
    );
    const upTo = row && renderPoint(key, row);
    emit({ ...(after && { after }), ...(upTo && { upTo }) });
    if (!upTo) return;
    if (upTo.join() === after?.join()) throw new BugError('a step through a key did not move on');
    after = upTo;
  }
};

/** Text as its bytes, whatever character set the session reads in. */
const renderStored = ({ name, kind }: KeyColumn): string =>
  kind === 'text' ? `CAST(${quoteName(name)} AS BINARY)` : quoteName(name);

const renderPoint = (key: readonly KeyColumn[], row: readonly (Buffer | null)[]): KeyPoint =>
  key.map((column, index) => {
    const value = row[index];
    if (!value) throw new BugError('the key of a row holds NULL');
    return renderKeyValue(column, value);
  });
