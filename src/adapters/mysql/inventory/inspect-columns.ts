import type { Flavor } from '../../../core/flavor.js';
import { toDatabaseName, toTableName } from '../../../core/names.js';
import type {
  ColumnInventory,
  ForeignKeyInventory,
  TableInventory,
  UniqueKeyInventory,
} from '../../../core/server/inventory.js';
import { quoteName } from '../connection/identifiers.js';
import type { Cell, Row } from './information-schema.js';
import { hasConstantDefault, normalizeDefault, textOf } from './inspect-normal-form.js';
import type { TableRows } from './table-rows.js';

export const optional = (cell: Cell): string | undefined => (cell === null ? undefined : String(cell));

export const toColumns = (
  { columns, indexes, checks }: TableRows,
  flavor: Flavor,
): readonly ColumnInventory[] => {
  const positions = new Map(
    indexes
      .filter(({ INDEX_NAME }) => INDEX_NAME === 'PRIMARY')
      .map(({ COLUMN_NAME, SEQ_IN_INDEX }) => [COLUMN_NAME, Number(SEQ_IN_INDEX)]),
  );
  const documents = new Set(checks.flatMap((check) => readIsJson(check) ?? []));
  return byPosition(columns).map((column) => ({
    name: textOf(column.COLUMN_NAME),
    dataType: textOf(column.DATA_TYPE).toLowerCase(),
    columnType: textOf(column.COLUMN_TYPE),
    charset: optional(column.CHARACTER_SET_NAME),
    collation: optional(column.COLLATION_NAME),
    isGenerated: isGenerated(column),
    ...describeNeed(column),
    ...kindOfDefault(column, flavor),
    ...describeComment(column.COLUMN_COMMENT),
    ...(documents.has(textOf(column.COLUMN_NAME).toLowerCase()) && { holdsJson: true as const }),
    primaryKeyPosition: positions.get(column.COLUMN_NAME),
  }));
};

export const describeComment = (comment: Cell): { readonly comment?: string } =>
  textOf(comment) === '' ? {} : { comment: textOf(comment) };

export const byPosition = <T extends { readonly ORDINAL_POSITION: Cell }>(rows: readonly T[]): readonly T[] =>
  [...rows].sort((a, b) => Number(a.ORDINAL_POSITION) - Number(b.ORDINAL_POSITION));

/** `DEFAULT_GENERATED` marks a default; MariaDB before 10.2 says VIRTUAL and PERSISTENT alone. */
export const isGenerated = ({ GENERATION_EXPRESSION, EXTRA }: Row<'COLUMNS'>): boolean =>
  textOf(GENERATION_EXPRESSION) !== '' || /\b(?:VIRTUAL|STORED|PERSISTENT)\b/.test(textOf(EXTRA));

const describeNeed = (column: Row<'COLUMNS'>): Pick<ColumnInventory, 'isNotNull' | 'isRequired'> => {
  if (column.IS_NULLABLE !== 'NO') return {};
  const isFilled =
    column.COLUMN_DEFAULT !== null ||
    isGenerated(column) ||
    /auto_increment|DEFAULT_GENERATED/i.test(textOf(column.EXTRA));
  return { isNotNull: true, ...(!isFilled && { isRequired: true as const }) };
};

const kindOfDefault = (column: Row<'COLUMNS'>, flavor: Flavor): Pick<ColumnInventory, 'default'> =>
  normalizeDefault(flavor, column) === null || isGenerated(column)
    ? {}
    : { default: hasConstantDefault(flavor, column) ? 'constant' : 'computed' };

export const listUniqueKeys = ({ columns, indexes }: TableRows): Pick<TableInventory, 'uniqueKeys'> => {
  const unique = indexes.filter(({ NON_UNIQUE }) => Number(NON_UNIQUE) === 0);
  const names = [...new Set(unique.map(({ INDEX_NAME }) => textOf(INDEX_NAME)))].sort(compareText);
  const leading = listLeading(columns);
  const keys = names.flatMap((name): UniqueKeyInventory[] => {
    const parts = unique
      .filter(({ INDEX_NAME }) => INDEX_NAME === name)
      .sort((a, b) => Number(a.SEQ_IN_INDEX) - Number(b.SEQ_IN_INDEX));
    const key = parts.flatMap(({ COLUMN_NAME }) => optional(COLUMN_NAME) ?? []);
    if (key.length < parts.length) return [];
    const isClustered = key.length === leading.size && key.every((column) => leading.has(column));
    return [
      {
        name,
        columns: key,
        ...(parts.every((part) => tellsRows(part, columns)) && { tellsRows: true as const }),
        ...(isClustered && { isClustered: true as const }),
      },
    ];
  });
  return keys.length === 0 ? {} : { uniqueKeys: keys };
};

/** Those of the primary key. Where there is none, both vendors say so of the first unique key that could be one, by which InnoDB keeps the rows. */
const listLeading = (columns: TableRows['columns']): ReadonlySet<string> =>
  new Set(
    columns.filter(({ COLUMN_KEY }) => COLUMN_KEY === 'PRI').map(({ COLUMN_NAME }) => textOf(COLUMN_NAME)),
  );

/** MariaDB makes a hash of what is too long for an ordered index. */
const tellsRows = (part: Row<'STATISTICS'>, columns: TableRows['columns']): boolean => {
  const column = columns.find(({ COLUMN_NAME }) => COLUMN_NAME === part.COLUMN_NAME);
  return (
    column?.IS_NULLABLE === 'NO' &&
    !isGenerated(column) &&
    part.SUB_PART === null &&
    part.INDEX_TYPE === 'BTREE' &&
    isUsed(part)
  );
};

/** Not by the server where somebody has hidden it. */
export const isUsed = ({ IS_VISIBLE, IGNORED }: Row<'STATISTICS'>): boolean =>
  IS_VISIBLE !== 'NO' && IGNORED !== 'YES';

/** The column, in lower case, of a CHECK that only asks whether it is JSON. */
const readIsJson = ({ clause, isEnforced }: TableRows['checks'][number]): string | undefined => {
  const name = /^\(?json_valid\(`((?:[^`]|``)+)`\)\)?$/i.exec(clause)?.[1];
  return isEnforced ? name?.replaceAll('``', '`').toLowerCase() : undefined;
};

/** Servers print names in backticks. A name within a text counts as well, which at worst asks for a decision too many. */
export const listCheckedColumns = ({
  columns,
  checks,
}: TableRows): Pick<TableInventory, 'checkedColumns'> => {
  const clauses = checks
    .filter((check) => check.isEnforced && readIsJson(check) === undefined)
    .map(({ clause }) => clause.toLowerCase());
  const checked = columns
    .map(({ COLUMN_NAME }) => textOf(COLUMN_NAME))
    .filter((name) => clauses.some((clause) => clause.includes(quoteName(name).toLowerCase())));
  return checked.length === 0 ? {} : { checkedColumns: checked };
};

export const toForeignKeys = ({ keyColumns, keyRules }: TableRows): readonly ForeignKeyInventory[] => {
  const cascading = new Set(
    keyRules
      .filter(
        ({ DELETE_RULE, UPDATE_RULE }) => isCascade(textOf(DELETE_RULE)) || isCascade(textOf(UPDATE_RULE)),
      )
      .map(({ CONSTRAINT_NAME }) => textOf(CONSTRAINT_NAME)),
  );
  return keyColumns
    .filter(({ ORDINAL_POSITION }) => Number(ORDINAL_POSITION) === 1)
    .map((key) => ({
      name: textOf(key.CONSTRAINT_NAME),
      referencedDatabase: toDatabaseName(textOf(key.REFERENCED_TABLE_SCHEMA)),
      referencedTable: toTableName(textOf(key.REFERENCED_TABLE_NAME)),
      columns: byPosition(keyColumns.filter((part) => part.CONSTRAINT_NAME === key.CONSTRAINT_NAME)).map(
        (part) => ({ own: textOf(part.COLUMN_NAME), referenced: textOf(part.REFERENCED_COLUMN_NAME) }),
      ),
      ...(cascading.has(textOf(key.CONSTRAINT_NAME)) && { cascades: true as const }),
    }))
    .sort((a, b) => compareText(a.name, b.name));
};

const isCascade = (rule: string): boolean => /^(?:CASCADE|SET )/.test(rule);

/** By code units, alike on every machine. */
export const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
