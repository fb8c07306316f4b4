import type { Cell, Row } from './information-schema.js';

/** A CHECK with the table it belongs to, which MySQL keeps elsewhere. */
export interface CheckRow {
  readonly TABLE_SCHEMA: string;
  readonly TABLE_NAME: string;
  readonly name: string;
  readonly clause: string;
  readonly isEnforced: boolean;
}

/** All that information_schema says about one table. */
export interface TableRows {
  readonly table: Row<'TABLES'>;
  readonly columns: readonly Row<'COLUMNS'>[];
  readonly indexes: readonly Row<'STATISTICS'>[];
  readonly keyColumns: readonly Row<'KEY_COLUMN_USAGE'>[];
  readonly keyRules: readonly Row<'REFERENTIAL_CONSTRAINTS'>[];
  readonly checks: readonly CheckRow[];
  readonly partitions: readonly Row<'PARTITIONS'>[];
  /** Start, limits, step and the like; null for what is no sequence. */
  readonly sequence: readonly Cell[] | null;
  readonly hasDirectory: boolean;
}
