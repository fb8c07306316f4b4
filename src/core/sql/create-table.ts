import { isSymbol } from './sql-text.js';
import { type SeenToken, TokenCursor, endOfToken, readTokens } from './token-cursor.js';

export type ElementKind =
  'column' | 'primary' | 'unique' | 'plain' | 'fulltext' | 'spatial' | 'foreign-key' | 'check' | 'other';

/** One entry of the parentheses of CREATE TABLE. */
export interface TableElement {
  readonly kind: ElementKind;
  /** Of the column, key or constraint; empty where it has none. */
  readonly name: string;
  readonly tokens: readonly SeenToken[];
  /** What follows the words and the name that say what it is. */
  readonly rest: readonly SeenToken[];
  /** Its characters in the SQL, with the spaces around it. */
  readonly start: number;
  readonly end: number;
}

/** What `SHOW CREATE TABLE` prints. All `start`s are characters of `sql`. */
export interface CreateTable {
  readonly sql: string;
  readonly tokens: readonly SeenToken[];
  /** Does it begin with CREATE TABLE? */
  readonly isTable: boolean;
  readonly name: string;
  readonly elements: readonly TableElement[];
  /** Behind the parentheses: options and partitions. */
  readonly tail: readonly SeenToken[];
}

/** Cuts what a server printed of a table into its parts. Never fails: what does not belong there is in no part or `other`. */
export const readCreateTable = (sql: string): CreateTable => cutCreateTable(sql, readTokens(sql));

/** The same of tokens that were read before. */
export const cutCreateTable = (sql: string, tokens: readonly SeenToken[]): CreateTable => {
  const cursor = new TokenCursor(tokens);
  const isTable = cursor.takeWords('CREATE', 'TABLE');
  const name = cursor.takeName() ?? '';
  const opening = cursor.next;
  const body = cursor.takeGroup();
  const tail = cursor.ahead;
  const closing = tokens[tokens.length - tail.length - 1];
  const end = closing && isSymbol(closing, ')') ? closing.start : sql.length;
  const elements = opening && body ? cutElements(opening.start + 1, body, end) : [];
  return { sql, tokens, isTable, name, elements, tail };
};

/** At the commas outside parentheses; nothing between the parentheses is one empty element. */
const cutElements = (start: number, body: readonly SeenToken[], end: number): readonly TableElement[] => {
  const elements: TableElement[] = [];
  let depth = 0;
  let from = start;
  let first = 0;
  // No iterator, which makes an array for each of hundreds of tokens a table.
  body.forEach((token, at) => {
    if (token.kind !== 'symbol') return;
    if (token.text === '(') depth += 1;
    if (token.text === ')') depth -= 1;
    if (depth > 0 || token.text !== ',') return;
    elements.push(readElement(body.slice(first, at), from, token.start));
    first = at + 1;
    from = endOfToken(token);
  });
  elements.push(readElement(body.slice(first), from, end));
  return elements;
};

const readElement = (tokens: readonly SeenToken[], start: number, end: number): TableElement => {
  const cursor = new TokenCursor(tokens);
  const key = tokens[0]?.kind === 'name' ? 'column' : takeKeyKind(cursor);
  const hasName = key !== 'primary' && (key !== undefined || cursor.takeWords('CONSTRAINT'));
  const name = (hasName ? cursor.takeName() : undefined) ?? '';
  const kind = key ?? takeConstraintKind(cursor);
  // One shape for all: there are thousands of them.
  return { kind, name, tokens, rest: kind === 'other' ? tokens : cursor.ahead, start, end };
};

const takeKeyKind = (cursor: TokenCursor): ElementKind | undefined => {
  if (cursor.takeWords('KEY')) return 'plain';
  if (cursor.takeWords('PRIMARY', 'KEY')) return 'primary';
  if (cursor.takeWords('UNIQUE', 'KEY')) return 'unique';
  if (cursor.takeWords('FULLTEXT', 'KEY')) return 'fulltext';
  return cursor.takeWords('SPATIAL', 'KEY') ? 'spatial' : undefined;
};

const takeConstraintKind = (cursor: TokenCursor): ElementKind => {
  if (cursor.takeWords('FOREIGN', 'KEY')) return 'foreign-key';
  return cursor.takeWords('CHECK') ? 'check' : 'other';
};

/** As it is printed, which servers also take in ALTER TABLE ... ADD. */
export const textOfElement = ({ sql }: CreateTable, { start, end }: TableElement): string =>
  sql.slice(start, end).trim();
