import { isSymbol, isWord, nameOf } from '../sql/sql-text.js';
import { listTypeNames } from '../sql/column-types.js';
import { readTriggerHead } from '../sql/trigger-text.js';
import { renameUtf8 } from '../sql/utf8-name.js';
import { listDatabasesOfView, listTablesOfView } from '../server/view-order.js';
import type { ProgramText } from './convert-program.js';
import { type SeenToken, readTokens } from '../sql/token-cursor.js';

/**
 * What is stored about a program, in a form in which both vendors' prints of one program are equal. The text of a
 * routine, trigger or event is the person's own and compared whole. The query of a view is the server's: what it reads
 * is compared, and all that stands around it.
 */
export const describeForeignProgram = (
  program: ProgramText & { readonly table?: string; readonly timeZone?: string },
  database: string,
  isFolded: boolean,
): string => {
  const {
    kind,
    statement,
    sqlMode,
    charsetClient,
    collationConnection,
    databaseCollation = '',
    timeZone,
    table = '',
  } = program;
  const tokens = readTokens(statement, sqlMode);
  const charsets = [charsetClient, collationConnection, databaseCollation];
  return JSON.stringify([
    kind === 'view'
      ? describeView(tokens, statement, database)
      : kind === 'trigger'
        ? [isFolded ? table.toLowerCase() : table, ...describeTrigger(tokens)]
        : describeText(tokens),
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

const INTEGERS = listTypeNames('integer').map((name) => name.toUpperCase());

/** MySQL prints a head of its own, and leaves out FOLLOWS and PRECEDES: the order says it. */
const describeTrigger = (tokens: readonly SeenToken[]): readonly string[] => {
  const { words, body } = readTriggerHead(tokens);
  return [...words, ...describeText(tokens.slice(body))];
};

/** Servers print types their own way: with display widths or without, with the collation that the character set has anyway. */
const describeText = (tokens: readonly SeenToken[]): readonly string[] =>
  tokens.filter((_, at) => !isWidth(tokens, at) && !isCollation(tokens, at)).map((token) => token.text);

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
