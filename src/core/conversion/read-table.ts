import { type TableElement, readCreateTable } from '../sql/create-table.js';
import { quoteComment } from '../sql/program-text.js';
import { type Token, isSymbol, isWord, nameOf } from '../sql/sql-text.js';
import { readColumn } from './read-column.js';
import { readConstraint } from './read-key.js';
import type {
  CheckShape,
  ColumnShape,
  ForeignKeyShape,
  KeyShape,
  TableShape,
  Unknown,
} from './table-shape.js';
import { type SeenToken, TokenCursor, readLiteral, writeTokens } from '../sql/token-cursor.js';

export interface TableText {
  readonly shape: TableShape;
  /** What was passed over. */
  readonly unknown: readonly Unknown[];
}

/** Reads what SHOW CREATE TABLE of either vendor printed, with every collation of the table and of a column of its own. */
export const readTable = (statement: string): TableText => {
  const { isTable, name, elements, tail } = readCreateTable(statement);
  const cursor = new TokenCursor(tail);
  const options = readOptions(cursor);
  const content = readElements(name, elements, options.get('COLLATE') ?? '');
  const { partitions, rest } = readPartitions(cursor);
  const unknown = [...content.unknown];
  if (!isTable || rest !== '') unknown.push({ place: name, what: isTable ? rest : statement.slice(0, 60) });
  const { columns, keys, foreignKeys, checks } = content;
  const shape: TableShape = {
    ...{ name, columns, keys, foreignKeys, checks, partitions },
    engine: (options.get('ENGINE') ?? '').toLowerCase(),
    collation: options.get('COLLATE') ?? '',
    comment: options.get('COMMENT') ?? '',
    autoIncrement: options.get('AUTO_INCREMENT'),
    options: new Map([...options].filter(([key]) => !OWN_OPTIONS.has(key))),
  };
  return { shape, unknown };
};

const OWN_OPTIONS = new Set(['ENGINE', 'COLLATE', 'COMMENT', 'AUTO_INCREMENT', 'CHARSET']);

export interface Elements {
  readonly columns: ColumnShape[];
  readonly keys: KeyShape[];
  readonly foreignKeys: ForeignKeyShape[];
  readonly checks: CheckShape[];
  readonly unknown: Unknown[];
}

/** The same of some of its elements. */
export const readElements = (
  table: string,
  elements: readonly TableElement[],
  collation: string,
): Elements => {
  const read: Elements = { columns: [], keys: [], foreignKeys: [], checks: [], unknown: [] };
  for (const element of elements) {
    if (element.kind === 'column') {
      const { column, checks, unknown } = readColumn(element.name, new TokenCursor(element.rest), collation);
      read.columns.push(column);
      read.checks.push(...checks);
      read.unknown.push(...unknown.map((what) => ({ place: `${table}.${column.name}`, what })));
    } else addConstraint(read, table, element);
  }
  return read;
};

const addConstraint = (read: Elements, table: string, element: TableElement): void => {
  const constraint = readConstraint(element);
  if (constraint.kind === 'key') read.keys.push(constraint.key);
  if (constraint.kind === 'foreign-key') read.foreignKeys.push(constraint.foreignKey);
  if (constraint.kind === 'check') read.checks.push(constraint.check);
  if (constraint.unknown !== undefined)
    read.unknown.push({ place: nameConstraint(table, constraint), what: constraint.unknown });
};

const nameConstraint = (table: string, constraint: ReturnType<typeof readConstraint>): string => {
  if (constraint.kind === 'key') return `${table}, key ${constraint.key.name || 'PRIMARY'}`;
  if (constraint.kind === 'foreign-key') return `${table}, foreign key ${constraint.foreignKey.name}`;
  return table;
};

/** `NAME=value`, also `` `NAME`='value' `` and `DEFAULT CHARSET=value`, up to the first that is none. */
const readOptions = (cursor: TokenCursor): ReadonlyMap<string, string> => {
  const options = new Map<string, string>();
  for (;;) {
    cursor.takeWords('DEFAULT');
    if (isWord(cursor.next, 'PARTITION', 'WITH')) return options;
    const name = cursor.takeName()?.toUpperCase();
    if (name === undefined) return options;
    // `TABLESPACE x` has none.
    cursor.takeSymbol('=');
    const group = cursor.takeGroup();
    const value = group ? GROUP : cursor.take();
    options.set(
      name,
      value?.kind !== 'string'
        ? ((name === 'COLLATE' && value ? nameOf(value) : value?.text) ?? '')
        : name === 'COMMENT'
          ? readLiteral(value)
          : quoteComment(readLiteral(value), ''),
    );
  }
};

const GROUP: Token = { kind: 'symbol', text: '(...)' };

const readPartitions = (
  cursor: TokenCursor,
): { readonly partitions: readonly SeenToken[]; readonly rest: string } => {
  const tokens = cursor.takeRest();
  const isPartitioned = isWord(tokens[0], 'PARTITION') && !tokens.some((token) => isSymbol(token, ';'));
  return isPartitioned ? { partitions: tokens, rest: '' } : { partitions: [], rest: writeTokens(tokens) };
};
