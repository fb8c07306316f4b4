import type { OlderServer } from '../../../core/conversion/collation-text.js';
import { SyncError } from '../../../core/errors.js';
import { fingerprintOf } from '../../../core/fingerprint.js';
import type { Flavor, Vendor } from '../../../core/flavor.js';
import { supports } from '../../../core/server/features.js';
import type { TableInventory, TableKind } from '../../../core/server/inventory.js';
import { toDatabaseName, toTableName } from '../../../core/names.js';
import { findNames } from '../../../core/sql/sql-names.js';
import { tokenizeSql } from '../../../core/sql/sql-text.js';
import type { StructurePart } from '../../../core/sql/structure-parts.js';
import type { Cell, Row } from './information-schema.js';
import {
  byPosition,
  compareText,
  describeComment,
  isGenerated,
  isUsed,
  listCheckedColumns,
  listUniqueKeys,
  optional,
  toColumns,
  toForeignKeys,
} from './inspect-columns.js';
import { convertRow } from './inspect-converted.js';
import {
  normalizeCharset,
  normalizeColumnType,
  normalizeDefault,
  normalizeExpression,
  normalizeExtra,
  normalizeOptions,
  normalizeRule,
  textOf,
} from './inspect-normal-form.js';
import { listTableTexts, describePersonalTexts } from './personal-texts.js';
import type { CheckRow, TableRows } from './table-rows.js';

const KINDS: Readonly<Record<string, TableKind>> = {
  'BASE TABLE': 'table',
  'SYSTEM VERSIONED': 'system-versioned',
  SEQUENCE: 'sequence',
};

/** @throws SyncError SERVER_UNSUPPORTED for a kind of table that is not known: passing over it would lose it. */
export const kindOfTable = ({ TABLE_SCHEMA, TABLE_NAME, TABLE_TYPE }: Row<'TABLES'>): TableKind => {
  const kind = KINDS[textOf(TABLE_TYPE)];
  if (kind !== undefined) return kind;
  throw new SyncError('SERVER_UNSUPPORTED', {
    message: `${textOf(TABLE_SCHEMA)}.${textOf(TABLE_NAME)} is of a kind that mysql-sync does not know: ${textOf(TABLE_TYPE)}`,
    hints: ['Leave the database out of the plan, or the table (tables: exclude).'],
  });
};

export const toTableInventory = (rows: TableRows, flavor: Flavor, older?: OlderServer): TableInventory => {
  const { table } = rows;
  return {
    name: toTableName(textOf(table.TABLE_NAME)),
    kind: kindOfTable(table),
    engine: optional(table.ENGINE),
    ...(rows.hasDirectory ? { hasDirectory: true } : {}),
    ...(isPartitioned(table) ? { isPartitioned: true } : {}),
    rowsEstimate: Number(table.TABLE_ROWS ?? 0),
    dataBytes: Number(table.DATA_LENGTH ?? 0),
    indexBytes: Number(table.INDEX_LENGTH ?? 0),
    updatedAt: toUpdateTime(table.UPDATE_TIME),
    ...(Number(table.AUTO_INCREMENT ?? 1) > 1 ? { nextNumber: textOf(table.AUTO_INCREMENT) } : {}),
    ...describeComputing(rows),
    ...describeComment(table.TABLE_COMMENT),
    columns: toColumns(rows, flavor),
    ...listUniqueKeys(rows),
    ...listCheckedColumns(rows),
    foreignKeys: toForeignKeys(rows),
    ...listSequencesElsewhere(rows, flavor),
    ...describePersonalTexts(listTableTexts(rows)),
    fingerprint: fingerprintOf(collectStructure(older ? convertRows(rows, older) : rows, flavor)),
  };
};

/** The session's time zone is UTC. */
export const toUpdateTime = (time: Cell): string | undefined =>
  time === null ? undefined : `${textOf(time).replace(' ', 'T')}Z`;

export const isPartitioned = ({ CREATE_OPTIONS }: Row<'TABLES'>): boolean =>
  /\bpartitioned\b/i.test(textOf(CREATE_OPTIONS));

const convertRows = (rows: TableRows, older: OlderServer): TableRows => ({
  ...rows,
  table: convertRow(rows.table, older),
  columns: rows.columns.map((row) => convertRow(row, older)),
  indexes: rows.indexes.map((row) => convertRow(row, older)),
  checks: rows.checks.map((row) => convertRow(row, older)),
});

/** MariaDB prints them with their database; before 10.3 it has none, and prints texts as if they were expressions. */
const listSequencesElsewhere = (
  { table, columns }: TableRows,
  flavor: Flavor,
): Pick<TableInventory, 'sequencesElsewhere'> => {
  if (!supports(flavor, 'sequences')) return {};
  const found = columns
    .map(({ COLUMN_DEFAULT }) => textOf(COLUMN_DEFAULT))
    .filter((text) => /val\(/i.test(text))
    .flatMap((text) => findNames(tokenizeSql(text)))
    .flatMap(({ parts: [database = '', name], place }) =>
      place === 'table' && name !== undefined && database !== textOf(table.TABLE_SCHEMA)
        ? [{ database: toDatabaseName(database), name: toTableName(name) }]
        : [],
    );
  return found.length === 0 ? {} : { sequencesElsewhere: found };
};

const describeComputing = ({ columns, indexes }: TableRows): Pick<TableInventory, 'computes'> => {
  if (columns.some((column) => isGenerated(column) && isStored(column))) return { computes: 'stored' };
  const isComputed = columns.some(isGenerated) || indexes.some(({ EXPRESSION }) => EXPRESSION !== null);
  return isComputed ? { computes: 'unstored' } : {};
};

/** The period of a system-versioned table is no value of an expression. */
const isStored = ({ GENERATION_EXPRESSION, EXTRA }: Row<'COLUMNS'>): boolean =>
  /\b(?:STORED|PERSISTENT)\b/.test(textOf(EXTRA)) &&
  !/^ROW (?:START|END)$/.test(textOf(GENERATION_EXPRESSION));

/**
 * Everything that makes the table what it is, in an order of our own: no counters, no statistics, no state. The row
 * format counts where it was asked for; elsewhere it is the default of whichever server the table was made on.
 */
const collectStructure = (rows: TableRows, flavor: Flavor): unknown => {
  const { table, sequence } = rows;
  const database = textOf(table.TABLE_SCHEMA);
  return {
    kind: table.TABLE_TYPE,
    engine: table.ENGINE,
    collation: normalizeCharset(table.TABLE_COLLATION),
    options: normalizeOptions(table.CREATE_OPTIONS),
    comment: table.TABLE_COMMENT,
    columns: byPosition(rows.columns).map((column) => describeColumn(column, flavor, database)),
    indexes: sorted(rows.indexes.map((part) => describeIndexPart(part, flavor.vendor))),
    foreignKeys: sorted(rows.keyColumns.map((part) => describeKeyColumn(part, database))),
    rules: sorted(rows.keyRules.map(describeKeyRule)),
    checks: sorted(rows.checks.map((check) => describeCheck(check, flavor.vendor, database))),
    partitions: sorted(rows.partitions.map(describePartition)),
    sequence,
  };
};

/** The same facts as `collectStructure`, each by its name. */
export const listParts = (rows: TableRows, flavor: Flavor): readonly StructurePart[] => {
  const database = textOf(rows.table.TABLE_SCHEMA);
  const { table } = rows;
  const part = (kind: StructurePart['kind'], name: Cell, facts: unknown): StructurePart => ({
    kind,
    name: textOf(name),
    facts,
  });
  return [
    part('option', 'engine', table.ENGINE),
    part('option', 'collation', normalizeCharset(table.TABLE_COLLATION)),
    part('option', 'options', [table.TABLE_TYPE, normalizeOptions(table.CREATE_OPTIONS), rows.sequence]),
    part('option', 'comment', table.TABLE_COMMENT),
    ...byPosition(rows.columns).map((row) =>
      part('column', row.COLUMN_NAME, describeColumn(row, flavor, database)),
    ),
    ...rows.indexes.map((row) => part('index', row.INDEX_NAME, describeIndexPart(row, flavor.vendor))),
    ...rows.keyColumns.map((row) =>
      part('foreign key', row.CONSTRAINT_NAME, describeKeyColumn(row, database)),
    ),
    ...rows.keyRules.map((row) => part('foreign key', row.CONSTRAINT_NAME, describeKeyRule(row))),
    ...rows.checks.map((check) => part('check', check.name, describeCheck(check, flavor.vendor, database))),
    ...rows.partitions.map((row) => part('partition', row.PARTITION_NAME, describePartition(row))),
  ];
};

const describeCheck = ({ name, clause, isEnforced }: CheckRow, vendor: Vendor, database: string): unknown => [
  name,
  normalizeExpression(vendor, clause, database),
  isEnforced,
];

const describeColumn = (column: Row<'COLUMNS'>, flavor: Flavor, database: string): unknown => [
  column.COLUMN_NAME,
  normalizeColumnType(flavor.vendor, textOf(column.COLUMN_TYPE)),
  column.IS_NULLABLE,
  describeDefault(column, flavor, database),
  normalizeExtra(column),
  normalizeExpression(flavor.vendor, textOf(column.GENERATION_EXPRESSION), database),
  normalizeCharset(column.CHARACTER_SET_NAME),
  normalizeCharset(column.COLLATION_NAME),
  column.COLUMN_COMMENT,
  column.SRS_ID,
];

const describeDefault = (column: Row<'COLUMNS'>, flavor: Flavor, database: string): string | null => {
  const text = normalizeDefault(flavor, column);
  return text === null ? null : normalizeExpression(flavor.vendor, text, database);
};

const describeIndexPart = (part: Row<'STATISTICS'>, vendor: Vendor): unknown => [
  part.INDEX_NAME,
  Number(part.SEQ_IN_INDEX),
  Number(part.NON_UNIQUE),
  part.COLUMN_NAME,
  normalizeExpression(vendor, textOf(part.EXPRESSION), textOf(part.TABLE_SCHEMA)),
  part.COLLATION,
  part.SUB_PART === null ? null : Number(part.SUB_PART),
  part.INDEX_TYPE,
  part.INDEX_COMMENT,
  isUsed(part) ? 'used' : 'unused',
];

const describeKeyColumn = (part: Row<'KEY_COLUMN_USAGE'>, database: string): unknown => [
  part.CONSTRAINT_NAME,
  Number(part.ORDINAL_POSITION),
  part.COLUMN_NAME,
  part.REFERENCED_TABLE_SCHEMA === database ? null : part.REFERENCED_TABLE_SCHEMA,
  part.REFERENCED_TABLE_NAME,
  part.REFERENCED_COLUMN_NAME,
];

const describeKeyRule = (rule: Row<'REFERENTIAL_CONSTRAINTS'>): unknown => [
  rule.CONSTRAINT_NAME,
  rule.MATCH_OPTION,
  normalizeRule(rule.UPDATE_RULE),
  normalizeRule(rule.DELETE_RULE),
];

const describePartition = (part: Row<'PARTITIONS'>): unknown => [
  Number(part.PARTITION_ORDINAL_POSITION),
  Number(part.SUBPARTITION_ORDINAL_POSITION ?? 0),
  part.PARTITION_NAME,
  part.SUBPARTITION_NAME,
  part.PARTITION_METHOD,
  part.SUBPARTITION_METHOD,
  part.PARTITION_EXPRESSION,
  part.SUBPARTITION_EXPRESSION,
  part.PARTITION_DESCRIPTION,
  part.PARTITION_COMMENT,
];

/** Servers give rows in orders of their own; any fixed order will do for a fingerprint. */
const sorted = (facts: readonly unknown[]): readonly string[] =>
  facts.map((fact) => JSON.stringify(fact)).sort(compareText);
