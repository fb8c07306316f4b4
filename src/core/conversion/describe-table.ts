import { renameUtf8 } from '../sql/utf8-name.js';
import { isOfFamily } from '../sql/column-types.js';
import { signExpression } from './expression.js';
import { signPartitions } from './partitions.js';
import type { ColumnShape, Preset, TableShape } from './table-shape.js';

/** All that a table is, in a form in which both vendors' definitions of one table are equal. JSON-safe. */
export const describeTable = (shape: TableShape): unknown => ({
  engine: shape.engine,
  collation: renameUtf8(shape.collation, 'utf8mb3'),
  comment: shape.comment,
  options: [...shape.options].filter(([key]) => key !== 'ENCRYPTION').sort(),
  ...describeElements(shape),
  partitions: signPartitions(shape.partitions),
});

/** What its columns, keys and checks are. */
export const describeElements = (
  shape: Pick<TableShape, 'engine' | 'columns' | 'keys' | 'foreignKeys' | 'checks'>,
): object => ({
  columns: shape.columns.map(describeColumn),
  keys: sorted(
    shape.keys.map((key) => ({ ...key, using: key.using === usualOf(shape) ? null : (key.using ?? null) })),
  ),
  foreignKeys: sorted(
    shape.foreignKeys.map((key) => ({
      ...key,
      onDelete: key.onDelete ?? null,
      onUpdate: key.onUpdate ?? null,
    })),
  ),
  checks: sorted(
    shape.checks.map(({ name, column, tokens, isEnforced }) => [
      column === undefined ? `check ${name ?? ''}` : `column ${column}`,
      signExpression(tokens),
      isEnforced,
    ]),
  ),
});

const usualOf = ({ engine }: Pick<TableShape, 'engine'>): string => (engine === 'memory' ? 'hash' : 'btree');

const sorted = (facts: readonly unknown[]): readonly string[] =>
  facts.map((fact) => JSON.stringify(fact)).sort();

const describeColumn = (column: ColumnShape): unknown => [
  column.name,
  column.type,
  column.collation === undefined ? null : renameUtf8(column.collation, 'utf8mb3'),
  column.isNullable,
  column.preset ? describePreset(column.type, column.preset) : null,
  column.onUpdate ?? null,
  column.isAutoIncrement,
  column.isInvisible,
  column.comment,
  column.generated ? [column.generated.kind, signExpression(column.generated.tokens)] : null,
];

/** MySQL quotes numbers. */
const describePreset = (type: string, preset: Preset): unknown => {
  if (preset.kind === 'expression') return ['expression', signExpression(preset.tokens)];
  if (preset.kind === 'bytes') return ['bytes', preset.hex];
  if (preset.kind === 'now') return ['now', preset.text];
  return [
    'value',
    isOfFamily(type, 'integer', 'decimal', 'floating') ? normalizeNumber(preset.text) : preset.text,
  ];
};

const normalizeNumber = (text: string): string => {
  const [, sign = '', whole, fraction = ''] = /^([-+]?)0*(\d+)(?:\.(\d*?)0*)?$/.exec(text) ?? [];
  if (whole === undefined) return String(Number(text));
  const digits = fraction === '' ? whole : `${whole}.${fraction}`;
  return sign === '-' && /[1-9]/.test(digits) ? `-${digits}` : digits;
};
