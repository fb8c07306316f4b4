import type mysql from 'mysql2/promise';
import { isOfFamily } from '../../../core/sql/column-types.js';
import { readLiteral } from '../../../core/sql/token-cursor.js';
import type { Flavor } from '../../../core/flavor.js';
import { supports } from '../../../core/server/features.js';
import type { TableInventory } from '../../../core/server/inventory.js';
import { toDatabaseName, toTableName } from '../../../core/names.js';
import { type PrintedText, isDoubtfulText, listPrintedTexts } from '../../../core/sql/printed-texts.js';
import { quoteComment } from '../../../core/sql/program-text.js';
import { printTable } from '../definitions/show-create.js';
import { serverErrorNumber } from '../connection/errors.js';
import type { Cell, Row } from './information-schema.js';
import { isShortBytes, textOf } from './inspect-normal-form.js';
import type { TableRows } from './table-rows.js';

type Texts = Pick<TableRows, 'columns' | 'checks'> & Pick<TableInventory, 'lostTexts' | 'wideTexts'>;

/**
 * The rows of information_schema with the texts that it has a `?` in as they are, so that tables with different ones
 * have different fingerprints; and which texts nobody tells, or not every server keeps.
 */
export const completeTexts = async (
  connection: mysql.Connection,
  flavor: Flavor,
  rows: TableRows,
): Promise<Texts> => {
  const { columns, checks } = rows;
  if (!hasDoubtfulTexts(flavor, rows)) return { columns, checks };
  const whole = await printWhole(connection, flavor, rows);
  if (!whole) return { columns, checks };
  const texts = listPrintedTexts(whole.statement);
  const wide = texts.filter(
    ({ role, text }) => role === 'expression' && /[\u{10000}-\u{10ffff}]/u.test(text),
  );
  const lost = whole.lost.filter((text) => mayHoldMore(columns, text));
  return {
    columns: columns.map((column) => completeColumn(column, texts, flavor)),
    checks: supports(flavor, 'wholeExpressions')
      ? checks
      : checks.map((check) => completeCheck(check, texts)),
    ...(lost.length === 0 ? {} : { lostTexts: listPlaces(rows, lost) }),
    ...(wide.length === 0 ? {} : { wideTexts: listPlaces(rows, wide) }),
  };
};

const isDoubtful = (cell: Cell): boolean => isDoubtfulText(textOf(cell));

const hasDoubtfulTexts = (flavor: Flavor, { table, columns, indexes, checks }: TableRows): boolean => {
  if (table.ENGINE === null || table.TABLE_TYPE === 'SEQUENCE') return false;
  // MySQL has the bytes of expressions, one character each.
  const isOdd = (cell: Cell): boolean =>
    isDoubtful(cell) || (supports(flavor, 'wholeExpressions') && /[\u00f0-\u00f4]/.test(textOf(cell)));
  return (
    columns.some((column) => hasDoubtfulType(column) || hasDoubtfulDefault(column)) ||
    columns.some(
      ({ GENERATION_EXPRESSION, COLUMN_DEFAULT }) => isOdd(GENERATION_EXPRESSION) || isOdd(COLUMN_DEFAULT),
    ) ||
    indexes.some(({ EXPRESSION }) => isOdd(EXPRESSION)) ||
    checks.some(({ clause }) => isOdd(clause))
  );
};

const hasDoubtfulType = ({ COLUMN_TYPE }: Row<'COLUMNS'>): boolean =>
  isDoubtful(COLUMN_TYPE) || (isOfFamily(textOf(COLUMN_TYPE), 'members') && /\bx'/.test(textOf(COLUMN_TYPE)));

/** MySQL has a default of bytes up to its first zero. */
const hasDoubtfulDefault = ({ COLUMN_DEFAULT, DATA_TYPE }: Row<'COLUMNS'>): boolean =>
  isDoubtful(COLUMN_DEFAULT) || (isShortBytes(DATA_TYPE) && textOf(COLUMN_DEFAULT).startsWith('0x'));

/** Undefined of a table that cannot be opened, of which other rules tell. */
const printWhole = async (
  connection: mysql.Connection,
  flavor: Flavor,
  { table }: TableRows,
): Promise<Awaited<ReturnType<typeof printTable>> | undefined> => {
  const [database, name] = [textOf(table.TABLE_SCHEMA), textOf(table.TABLE_NAME)];
  try {
    return await printTable(connection, flavor, toDatabaseName(database), toTableName(name));
  } catch (error) {
    if (serverErrorNumber(error) === undefined) throw error;
    return undefined;
  }
};

const completeColumn = (
  column: Row<'COLUMNS'>,
  texts: readonly PrintedText[],
  flavor: Flavor,
): Row<'COLUMNS'> => {
  const own = texts.filter(({ of, name }) => of === 'column' && name === column.COLUMN_NAME);
  const members = own.filter(({ role }) => role === 'member').map(({ text }) => text);
  const value = own.find(({ role }) => role === 'value');
  // MySQL's catalog has its expressions.
  const expressions = supports(flavor, 'wholeExpressions')
    ? []
    : own.filter(({ role }) => role === 'expression');
  const expressionFor = (wanted: PrintedText['use']): string | undefined =>
    expressions.find(({ use }) => use === wanted)?.text;
  const completed = { ...column };
  if (members.length > 0 && hasDoubtfulType(column))
    completed.COLUMN_TYPE = `${textOf(column.DATA_TYPE)}(${members.map(writeMember).join(',')})`;
  if (hasDoubtfulDefault(column))
    completed.COLUMN_DEFAULT = value
      ? writeValue(value.text, column, flavor)
      : (expressionFor('default') ?? column.COLUMN_DEFAULT);
  if (isDoubtful(column.GENERATION_EXPRESSION))
    completed.GENERATION_EXPRESSION = expressionFor('generated') ?? column.GENERATION_EXPRESSION;
  return completed;
};

const writeMember = (text: string): string =>
  text.startsWith("'") ? quoteComment(readLiteral({ kind: 'string', text }), '') : text.toLowerCase();

/** As this server's information_schema has other defaults. */
const writeValue = (text: string, { DATA_TYPE }: Row<'COLUMNS'>, flavor: Flavor): string => {
  const hex = /^(?:0x|x')([\da-f]*)'?$/i.exec(text)?.[1];
  const plain = hex === undefined ? readLiteral({ kind: 'string', text }) : '';
  const isQuoted = supports(flavor, 'quotedDefaults');
  if (hex === undefined && !isShortBytes(DATA_TYPE)) return isQuoted ? quoteComment(plain, '') : plain;
  const bytes = hex ?? Buffer.from(plain, 'utf8').toString('hex');
  return isQuoted ? `x'${bytes.toLowerCase()}'` : `0x${bytes.toUpperCase()}`;
};

/** A check of a column has the column's name. */
const completeCheck = (
  check: TableRows['checks'][number],
  texts: readonly PrintedText[],
): TableRows['checks'][number] => {
  if (!isDoubtfulText(check.clause)) return check;
  const own = texts.filter(({ use, name }) => use === 'check' && name === check.name);
  return own.length === 0 ? check : { ...check, clause: own.map(({ text }) => text).join(' ') };
};

/** Character sets that have more than the catalog. */
const WIDE_CHARSETS = new Set<Cell>(['utf8mb4', 'utf16', 'utf16le', 'utf32', 'gb18030', 'binary', null]);

const mayHoldMore = (columns: readonly Row<'COLUMNS'>[], { role, name }: PrintedText): boolean =>
  role === 'expression' ||
  columns.some(
    ({ COLUMN_NAME, CHARACTER_SET_NAME }) => COLUMN_NAME === name && WIDE_CHARSETS.has(CHARACTER_SET_NAME),
  );

/** `orders.state`, `orders, check positive` */
const listPlaces = ({ table }: TableRows, texts: readonly PrintedText[]): readonly string[] => {
  const places = texts.map(({ of, name }) =>
    of === 'column' ? `${textOf(table.TABLE_NAME)}.${name}` : `${textOf(table.TABLE_NAME)}, ${of} ${name}`,
  );
  return [...new Set(places)];
};
