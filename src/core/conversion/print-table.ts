import type { Vendor } from '../flavor.js';
import { columnTypeOf } from '../sql/column-types.js';
import { quoteComment } from '../sql/program-text.js';
import { quoteName } from '../sql/quote-name.js';
import { quoteKeyword } from '../sql/table-text.js';
import { omitIntroducers } from './expression.js';
import type {
  CheckShape,
  ColumnShape,
  ForeignKeyShape,
  KeyShape,
  Preset,
  TableShape,
} from './table-shape.js';
import { type SeenToken, writeTokens } from '../sql/token-cursor.js';

interface Dialect {
  readonly unusedIndex: string;
  readonly hasColumnChecks: boolean;
}

/** What vendors write each in their own way. */
export const DIALECTS: Readonly<Record<Vendor, Dialect>> = {
  mysql: { unusedIndex: 'INVISIBLE', hasColumnChecks: false },
  mariadb: { unusedIndex: 'IGNORED', hasColumnChecks: true },
};

/** CREATE TABLE as a server of the vendor reads it under a `sql_mode` in which backslashes escape. */
export const printTable = (shape: TableShape, vendor: Vendor): string => {
  const dialect = DIALECTS[vendor];
  const elements = [
    ...shape.columns.map((column) => printColumn(column, shape, dialect)),
    ...shape.keys.map((key) => printKey(key, dialect)),
    ...shape.foreignKeys.map(printForeignKey),
    ...shape.checks.filter(({ column }) => column === undefined).map(printCheck),
  ];
  const options = [
    `ENGINE=${shape.engine}`,
    ...(shape.autoIncrement === undefined ? [] : [`AUTO_INCREMENT=${shape.autoIncrement}`]),
    `DEFAULT CHARSET=${charsetOf(shape.collation)} COLLATE=${quoteKeyword(shape.collation)}`,
    ...[...shape.options].map(([key, value]) => `${key}=${value}`),
    ...(shape.comment === '' ? [] : [`COMMENT=${quoteText(shape.comment)}`]),
    writeTokens(shape.partitions),
  ];
  return `CREATE TABLE ${quoteName(shape.name)} (\n  ${elements.join(',\n  ')}\n) ${options.join(' ')}`;
};

const quoteText = (text: string): string => quoteComment(text, '');
const quoteAll = (names: readonly string[]): string => names.map(quoteName).join(', ');

const printExpression = (tokens: readonly SeenToken[]): string => writeTokens(omitIntroducers(tokens));

/** A collation begins with the name of its character set. */
export const charsetOf = (collation: string): string => collation.split('_')[0] ?? collation;

const printColumn = (column: ColumnShape, { checks, collation }: TableShape, dialect: Dialect): string => {
  const { generated, preset } = column;
  const check = checks.find((one) => one.column === column.name);
  return [
    quoteName(column.name),
    column.type,
    ...(column.collation === undefined || column.collation === collation
      ? []
      : [`CHARACTER SET ${charsetOf(column.collation)} COLLATE ${quoteKeyword(column.collation)}`]),
    ...(generated ? [`GENERATED ALWAYS AS (${printExpression(generated.tokens)}) ${generated.kind}`] : []),
    ...(column.isNullable
      ? column.type.startsWith('timestamp') && !generated
        ? ['NULL']
        : []
      : ['NOT NULL']),
    ...(preset ? [`DEFAULT ${printPreset(column)}`] : []),
    ...(column.onUpdate === undefined ? [] : [`ON UPDATE ${column.onUpdate}`]),
    ...(column.isAutoIncrement ? ['AUTO_INCREMENT'] : []),
    ...(column.isInvisible ? ['INVISIBLE'] : []),
    ...(column.comment === '' ? [] : [`COMMENT ${quoteText(column.comment)}`]),
    ...(check && dialect.hasColumnChecks ? [`CHECK (${printExpression(check.tokens)})`] : []),
  ].join(' ');
};

const printPreset = ({ type, preset }: ColumnShape): string => {
  if (preset?.kind === 'expression') return `(${printExpression(preset.tokens)})`;
  const text = preset ? printValue(preset) : 'NULL';
  return columnTypeOf(type)?.isLong ? `(${text})` : text;
};

const printValue = (preset: Exclude<Preset, { readonly kind: 'expression' }>): string => {
  if (preset.kind === 'bytes') return preset.hex === '' ? "''" : `0x${preset.hex}`;
  return preset.kind === 'text' ? quoteText(preset.text) : preset.text;
};

const KEY_WORDS: Readonly<Record<KeyShape['kind'], string>> = {
  primary: 'PRIMARY KEY',
  unique: 'UNIQUE KEY',
  plain: 'KEY',
  fulltext: 'FULLTEXT KEY',
  spatial: 'SPATIAL KEY',
};

const printKey = (key: KeyShape, dialect: Dialect): string => {
  const parts = key.parts.map(
    ({ column, expression, length, isDescending }) =>
      `${expression ? `(${printExpression(expression)})` : quoteName(column)}${length === undefined ? '' : `(${length})`}${isDescending ? ' DESC' : ''}`,
  );
  return [
    KEY_WORDS[key.kind],
    ...(key.kind === 'primary' ? [] : [quoteName(key.name)]),
    `(${parts.join(', ')})`,
    ...(key.using === undefined ? [] : [`USING ${key.using}`]),
    ...(key.comment === '' ? [] : [`COMMENT ${quoteText(key.comment)}`]),
    ...(key.isUnused ? [dialect.unusedIndex] : []),
  ].join(' ');
};

const printForeignKey = (key: ForeignKeyShape): string =>
  [
    `CONSTRAINT ${quoteName(key.name)} FOREIGN KEY (${quoteAll(key.columns)})`,
    `REFERENCES ${key.references.map(quoteName).join('.')} (${quoteAll(key.referencedColumns)})`,
    ...(key.onDelete === undefined ? [] : [`ON DELETE ${key.onDelete}`]),
    ...(key.onUpdate === undefined ? [] : [`ON UPDATE ${key.onUpdate}`]),
  ].join(' ');

const printCheck = ({ name = '', tokens, isEnforced }: CheckShape): string =>
  `CONSTRAINT ${quoteName(name)} CHECK (${printExpression(tokens)})${isEnforced ? '' : ' NOT ENFORCED'}`;
