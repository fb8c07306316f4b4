import { type OlderServer, convertCollationsIn } from '../../../core/conversion/collation-text.js';
import { convertExpression } from '../../../core/conversion/older-collations.js';
import { charsetOf } from '../../../core/conversion/print-table.js';

const NAMES = ['TABLE_COLLATION', 'COLLATION_NAME', 'COLLATION_CONNECTION', 'DATABASE_COLLATION'];
const EXPRESSIONS = ['GENERATION_EXPRESSION', 'COLUMN_DEFAULT', 'EXPRESSION', 'clause', 'DTD_IDENTIFIER'];
const BODIES = ['VIEW_DEFINITION', 'ROUTINE_DEFINITION', 'ACTION_STATEMENT', 'EVENT_DEFINITION'];

/** A row of information_schema with the collations and orders that the copy is to have. */
export const convertRow = <Row extends object>(row: Row, older: OlderServer | undefined): Row => {
  if (!older) return row;
  const { collation: convert } = older;
  const cells = Object.entries(row) as [string, unknown][];
  const textOf = (wanted: string): string =>
    cells.flatMap(([name, cell]) => (name === wanted && typeof cell === 'string' ? cell : []))[0] ?? '';
  const charset = charsetOf(textOf('DATABASE_COLLATION') || textOf('COLLATION_CONNECTION'));
  return Object.fromEntries(
    cells.map(([name, cell]) => {
      if (typeof cell !== 'string') return [name, cell];
      if (name === 'COLLATION') return [name, older.order(cell)];
      if (NAMES.includes(name)) return [name, convert(cell)];
      if (EXPRESSIONS.includes(name)) return [name, convertExpression(cell, convert)];
      if (BODIES.includes(name))
        return [name, convertCollationsIn(cell, textOf('SQL_MODE'), charset, convert)];
      return [name, cell];
    }),
  ) as Row;
};
