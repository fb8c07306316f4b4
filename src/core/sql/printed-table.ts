import { type TableElement, cutCreateTable } from './create-table.js';
import { type SeenToken, TokenCursor, readLiteral, splitList } from './token-cursor.js';
import { isExternalEngine } from '../external-tables.js';
import type { Flavor } from '../flavor.js';
import { PrintedSqlRefusal, readPrintedSql, unexpectedTokenError } from './printed-sql.js';
import { type Token, isSymbol, isWord, nameOf } from './sql-text.js';

/** What a server printed of a table or sequence: exactly one CREATE of this kind and name. */
export interface PrintedTable {
  /** As the server that gets it reads it, without comments. */
  readonly sql: string;
  /** By what the table would open data elsewhere, such as `ENGINE=FEDERATED`. */
  readonly external: readonly string[];
}

/**
 * Reads what `SHOW CREATE TABLE` printed under `sql_quote_show_create = 1`, for a server of this flavor.
 * @throws PrintedSqlRefusal
 */
export const readPrintedTable = (text: string, name: string, flavor: Flavor): PrintedTable => {
  const { sql, tokens } = readPrintedSql(text, flavor);
  const { isTable, name: printedName, elements, tail } = cutCreateTable(sql, tokens);
  checkHead('TABLE', isTable, printedName === name, tail[0]);
  if (elements.length === 0) throw unexpectedTokenError(undefined);
  // Also `(LIKE other.t)` and `(SELECT ...)`.
  for (const element of elements) if (!isElement(element)) throw unexpectedTokenError(element.tokens[0]);
  const cursor = new TokenCursor(tail);
  readOptions(cursor);
  readPartitions(cursor);
  if (!cursor.isAtEnd) throw unexpectedTokenError(cursor.next);
  refuseQueries(tokens);
  return { sql, external: listExternal(tail) };
};

/**
 * Reads what `SHOW CREATE SEQUENCE` printed.
 * @throws PrintedSqlRefusal
 */
export const readPrintedSequence = (text: string, name: string, flavor: Flavor): PrintedTable => {
  const { sql, tokens } = readPrintedSql(text, flavor);
  const cursor = new TokenCursor(tokens);
  const isSequence = cursor.takeWords('CREATE', 'SEQUENCE');
  checkHead('SEQUENCE', isSequence, cursor.takeName() === name, cursor.next);
  const { ahead } = cursor;
  while (isSequenceWord(cursor.next)) cursor.take();
  readOptions(cursor);
  if (!cursor.isAtEnd) throw unexpectedTokenError(cursor.next);
  return { sql, external: listExternal(ahead) };
};

const checkHead = (
  kind: 'TABLE' | 'SEQUENCE',
  isOfKind: boolean,
  isNamedSo: boolean,
  next: Token | undefined,
): void => {
  if (!isOfKind) throw new PrintedSqlRefusal(`it is not a CREATE ${kind}`);
  if (!isNamedSo) throw new PrintedSqlRefusal('it has another name');
  if (isSymbol(next, '.')) throw new PrintedSqlRefusal('it names a database');
};

/** Of a list, each entry has to begin as entries of its kind do. */
const refuseOthers = (list: readonly SeenToken[], begins: (first: Token | undefined) => boolean): void => {
  for (const [first] of splitList(list)) if (!begins(first)) throw unexpectedTokenError(first);
};

const ELEMENT_WORDS = [
  ...['PRIMARY', 'UNIQUE', 'KEY', 'INDEX', 'FULLTEXT', 'SPATIAL', 'VECTOR'],
  ...['CONSTRAINT', 'FOREIGN', 'CHECK', 'PERIOD'],
];

/** Names of columns are quoted. */
const isElement = ({ kind, tokens: [first] }: TableElement): boolean =>
  kind !== 'other' || isWord(first, ...ELEMENT_WORDS);

/** No definition has one, and everything that has one reads other tables. */
const refuseQueries = (tokens: readonly Token[]): void => {
  const query = tokens.find((token) => isWord(token, 'SELECT'));
  if (query) throw unexpectedTokenError(query);
};

/** Options of one word or name, and those of several. */
const readOptions = (cursor: TokenCursor): void => {
  while (!cursor.isAtEnd && !isWord(cursor.next, 'PARTITION')) {
    if (cursor.takeWords('WITH', 'SYSTEM', 'VERSIONING')) continue;
    if (cursor.takeWords('STORAGE', 'DISK') || cursor.takeWords('STORAGE', 'MEMORY')) continue;
    if (cursor.takeWords('TABLESPACE') && !isSymbol(cursor.next, '=')) {
      if (cursor.takeName() === undefined) throw unexpectedTokenError(cursor.next);
      continue;
    }
    while (!isSymbol(cursor.next, '='))
      if (cursor.takeName() === undefined) throw unexpectedTokenError(cursor.next);
    cursor.takeSymbol('=');
    readValue(cursor);
  }
};

/** `UNION=(a,b)`, a literal or a word. */
const readValue = (cursor: TokenCursor): void => {
  const group = cursor.takeGroup();
  const stray = group?.find(
    (token) => token.kind !== 'name' && !isSymbol(token, ',') && !isSymbol(token, '.'),
  );
  if (stray) throw unexpectedTokenError(stray);
  if (group) return;
  const value = cursor.take();
  if (value === undefined || value.kind === 'symbol') throw unexpectedTokenError(value);
};

const METHOD_WORDS = ['HASH', 'KEY', 'RANGE', 'LIST', 'COLUMNS'];
const PARTITION_WORDS = [
  ...['LINEAR', 'PARTITIONS', 'SUBPARTITION', 'BY', 'SUBPARTITIONS'],
  ...['SYSTEM_TIME', 'INTERVAL', 'STARTS', 'TIMESTAMP', 'AUTO', 'LIMIT'],
  ...['SECOND', 'MINUTE', 'HOUR', 'DAY', 'WEEK', 'MONTH', 'QUARTER', 'YEAR'],
  ...['DAY_HOUR', 'DAY_MINUTE', 'DAY_SECOND', 'HOUR_MINUTE', 'HOUR_SECOND', 'MINUTE_SECOND', 'YEAR_MONTH'],
];

const isNumber = (token: Token | undefined): boolean => token?.kind === 'word' && /^\d+$/.test(token.text);

const isPartitionPiece = (token: Token | undefined): boolean =>
  token?.kind === 'string' || isNumber(token) || isWord(token, ...PARTITION_WORDS);

/** How rows are divided, and at the end the partitions in parentheses. */
const readPartitions = (cursor: TokenCursor): void => {
  if (!cursor.takeWords('PARTITION', 'BY')) return;
  for (;;) {
    const isMethod = isWord(cursor.next, ...METHOD_WORDS);
    if (!isMethod && !isPartitionPiece(cursor.next)) break;
    cursor.take();
    if (cursor.takeWords('ALGORITHM')) {
      cursor.takeSymbol('=');
      const number = cursor.take();
      if (!isNumber(number)) throw unexpectedTokenError(number);
    }
    if (isMethod) cursor.takeGroup();
  }
  const partitions = cursor.takeGroup();
  if (partitions) refuseOthers(partitions, (first) => isWord(first, 'PARTITION'));
};

const SEQUENCE_WORDS = [
  ...[
    'START',
    'WITH',
    'MINVALUE',
    'MAXVALUE',
    'NO',
    'INCREMENT',
    'BY',
    'CACHE',
    'NOCACHE',
    'CYCLE',
    'NOCYCLE',
  ],
  ...['AS', 'TINYINT', 'SMALLINT', 'MEDIUMINT', 'INT', 'BIGINT', 'SIGNED', 'UNSIGNED', 'ZEROFILL'],
];

const isSequenceWord = (token: Token | undefined): boolean =>
  isWord(token, ...SEQUENCE_WORDS) || isNumber(token) || isSymbol(token, '-');

/** Of the table and of its partitions. */
const listExternal = (tail: readonly Token[]): readonly string[] =>
  tail.flatMap((token, at) => {
    if (isWord(token, 'DIRECTORY') && isWord(tail[at - 1], 'DATA', 'INDEX'))
      return [`${tail[at - 1]?.text ?? ''} DIRECTORY`];
    if (!isWord(token, 'ENGINE')) return [];
    const value = isSymbol(tail[at + 1], '=') ? tail[at + 2] : tail[at + 1];
    const engine = value?.kind === 'string' ? readLiteral(value) : value && nameOf(value);
    return isExternalEngine(engine) ? [`ENGINE=${engine ?? ''}`] : [];
  });
