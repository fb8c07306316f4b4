import type { SeenToken } from '../sql/token-cursor.js';

/** What the definition of a table says, whichever vendor printed it. Names are plain, text is unescaped. */
export interface TableShape {
  readonly name: string;
  readonly columns: readonly ColumnShape[];
  readonly keys: readonly KeyShape[];
  readonly foreignKeys: readonly ForeignKeyShape[];
  readonly checks: readonly CheckShape[];
  /** Lower case. */
  readonly engine: string;
  readonly collation: string;
  readonly comment: string;
  /** The next value, as printed. */
  readonly autoIncrement: string | undefined;
  /** All other options: name in upper case to value as printed. */
  readonly options: ReadonlyMap<string, string>;
  /** From PARTITION on; empty when it has none. */
  readonly partitions: readonly SeenToken[];
}

export interface ColumnShape {
  readonly name: string;
  /** Lower case, with lengths that mean something: `varchar(40)`, `int unsigned`, `enum('a','it''s')`. */
  readonly type: string;
  /** Of text types. */
  readonly collation: string | undefined;
  readonly isNullable: boolean;
  readonly preset: Preset | undefined;
  /** `current_timestamp(6)` */
  readonly onUpdate: string | undefined;
  readonly isAutoIncrement: boolean;
  readonly isInvisible: boolean;
  /** MariaDB keeps its values compressed. */
  readonly isCompressed: boolean;
  readonly comment: string;
  readonly generated: GeneratedShape | undefined;
}

/** The default of a column; DEFAULT NULL is none. */
export type Preset =
  | { readonly kind: 'text'; readonly text: string }
  /** Of columns without a character set; lower case. */
  | { readonly kind: 'bytes'; readonly hex: string }
  /** `5`, `-1.50`, `b'0'` */
  | { readonly kind: 'number'; readonly text: string }
  /** `current_timestamp(6)` */
  | { readonly kind: 'now'; readonly text: string }
  | { readonly kind: 'expression'; readonly tokens: readonly SeenToken[] };

export interface GeneratedShape {
  readonly tokens: readonly SeenToken[];
  readonly kind: 'virtual' | 'stored';
}

export interface KeyShape {
  readonly kind: 'primary' | 'unique' | 'plain' | 'fulltext' | 'spatial';
  /** Empty for the primary key. */
  readonly name: string;
  readonly parts: readonly KeyPart[];
  /** Where it is not the engine's own choice. */
  readonly using: string | undefined;
  readonly comment: string;
  /** The optimizer does not use it: INVISIBLE in MySQL, IGNORED in MariaDB. */
  readonly isUnused: boolean;
}

export interface KeyPart {
  /** Empty for an expression. */
  readonly column: string;
  /** MySQL has keys over expressions. */
  readonly expression: readonly SeenToken[] | undefined;
  readonly length: string | undefined;
  readonly isDescending: boolean;
}

export interface ForeignKeyShape {
  readonly name: string;
  readonly columns: readonly string[];
  /** `table` or `database`, `table` */
  readonly references: readonly string[];
  readonly referencedColumns: readonly string[];
  /** NO ACTION, which RESTRICT is too, is none. */
  readonly onDelete: string | undefined;
  readonly onUpdate: string | undefined;
}

export interface CheckShape {
  /** Undefined when it belongs to a column, where MariaDB keeps it without a name. */
  readonly name: string | undefined;
  readonly column: string | undefined;
  readonly tokens: readonly SeenToken[];
  readonly isEnforced: boolean;
}

/** What a definition says that is not known to mean the same on the other vendor's servers. */
export interface Unknown {
  /** `orders.total`, or the table alone. */
  readonly place: string;
  readonly what: string;
}
