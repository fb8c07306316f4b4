import { isSymbol, isWord, nameOf } from '../sql-text.js';
import { renameUtf8 } from '../utf8-name.js';
import { listDatabasesOfView, listTablesOfView } from '../view-order.js';
import type { ProgramText } from './convert-program.js';
import { type SeenToken, readTokens } from './token-cursor.js';

/**
 * What is stored about a program, in a form in which both vendors' prints of one program are equal. The text of a
 * routine, trigger or event is the person's own and compared whole. The query of a view is the server's: what it reads
 * is compared, and all that stands around it.
 */
export const describeForeignProgram = (
  program: ProgramText & { readonly timeZone?: string },
  database: string,
): string => {
  const {
    kind,
    statement,
    sqlMode,
    charsetClient,
    collationConnection,
    databaseCollation = '',
    timeZone,
  } = program;
  const tokens = readTokens(statement, sqlMode);
  const charsets = [charsetClient, collationConnection, databaseCollation];
  return JSON.stringify([
    kind === 'view' ? describeView(tokens, statement, database) : describeText(kind, tokens),
    sqlMode,
    charsets.map((name) => renameUtf8(name, 'utf8mb3')),
    timeZone,
  ]);
};

const describeView = (tokens: readonly SeenToken[], statement: string, database: string): unknown => {
  // Names of its columns stand before the query or in it.
  const query = tokens.findIndex((token) => isWord(token, 'AS') || isSymbol(token, '('));
  const checked = tokens.slice(-4).map(({ text }) => text.toLowerCase());
  return [
    tokens.slice(0, query).map(plainText),
    checked[3] === 'option' && checked[0] === 'with' ? checked : [],
    [...listTablesOfView(statement, database)].sort(),
    [...listDatabasesOfView(statement)].filter((name) => name !== database).sort(),
  ];
};

const plainText = (token: SeenToken): string => nameOf(token) ?? token.text;

const INTEGERS = ['INT', 'INTEGER', 'TINYINT', 'SMALLINT', 'MEDIUMINT', 'BIGINT', 'YEAR'];

/**
 * Servers print the names and the type of the result their own way: with display widths or without, with the collation
 * that the character set has anyway or without. MySQL leaves out FOLLOWS and PRECEDES: the order says it.
 */
const describeText = (kind: string, tokens: readonly SeenToken[]): unknown => {
  const body = kind === 'trigger' ? tokens.findIndex((_, at) => isBodyOfTrigger(tokens, at)) + 3 : 0;
  const start = isWord(tokens[body], 'FOLLOWS', 'PRECEDES') ? body + 2 : body;
  const head = tokens.slice(0, body).filter((token, at) => !isQualifier(token, tokens[at + 1]));
  const text = tokens.slice(body === 0 ? 0 : start);
  return [
    ...head.map(plainText),
    ...text.filter((_, at) => !isWidth(text, at) && !isCollation(text, at)).map((token) => token.text),
  ];
};

const isBodyOfTrigger = (tokens: readonly SeenToken[], at: number): boolean =>
  isWord(tokens[at], 'FOR') && isWord(tokens[at + 1], 'EACH') && isWord(tokens[at + 2], 'ROW');

/** A trigger is where its table is. */
const isQualifier = (token: SeenToken, next: SeenToken | undefined): boolean =>
  isSymbol(token, '.') || (isSymbol(next, '.') && nameOf(token) !== undefined);

const isWidth = (tokens: readonly SeenToken[], at: number): boolean =>
  [0, 1, 2].some(
    (back) =>
      isWord(tokens[at - back - 1], ...INTEGERS) &&
      isSymbol(tokens[at - back], '(') &&
      /^\d+$/.test(tokens[at - back + 1]?.text ?? '') &&
      isSymbol(tokens[at - back + 2], ')'),
  );

const isCollation = (tokens: readonly SeenToken[], at: number): boolean =>
  isWord(tokens[at], 'COLLATE') || isWord(tokens[at - 1], 'COLLATE');
