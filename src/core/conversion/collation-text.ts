import {
  type Token,
  isSymbol,
  isWord,
  joinTokens,
  listSignificant,
  nameOf,
  tokenizeSql,
} from '../sql/sql-text.js';
import { charsetOf } from './print-table.js';
import { readLiteral } from '../sql/token-cursor.js';

export type ConvertCollation = (collation: string) => string;

/** How an older server has what a newer one of its vendor tells. */
export interface OlderServer {
  readonly collation: ConvertCollation;
  /** Of a column in a key: `A` or `D`. */
  readonly order: (order: string) => string;
}

/** MariaDB takes these without a character set, which is then that of the text. */
const BARE = /^(?:uca1400|general1400|0900)_/i;

/** Converts the name behind every COLLATE of a statement, however it is written; `charset` is that of names without one. */
export const convertCollationsIn = (
  statement: string,
  sqlMode: string,
  charset: string,
  convert: ConvertCollation,
): string => {
  if (!/collate/i.test(statement)) return statement;
  const tokens = tokenizeSql(statement, sqlMode);
  const seen = listSignificant(tokens);
  const converted = new Map<number, string>();
  seen.forEach((index, position) => {
    if (!isWord(tokens[index], 'COLLATE')) return;
    const isAssigned = isSymbol(tokens[seen[position + 1] ?? -1], '=');
    const at = seen[position + (isAssigned ? 2 : 1)] ?? -1;
    const name = readName(tokens[at]);
    if (name === undefined || isWord(tokens[at], 'DEFAULT')) return;
    const full = BARE.test(name) ? `${charset}_${name}` : name;
    const after = convert(full.toLowerCase());
    if (after !== full.toLowerCase()) converted.set(at, quoteLike(tokens[at], after));
  });
  return joinTokens(tokens.map((token, index) => ({ ...token, text: converted.get(index) ?? token.text })));
};

const quoteLike = (token: Token | undefined, name: string): string => {
  const quote = token?.kind === 'word' ? '' : (token?.text.charAt(0) ?? '');
  return `${quote}${name}${quote}`;
};

const readName = (token: Token | undefined): string | undefined => {
  if (token?.kind === 'string') return readLiteral(token);
  return token?.kind === 'word' ? token.text : token && nameOf(token);
};

interface Collations {
  readonly kind: string;
  readonly statement: string;
  readonly sqlMode: string;
  readonly collationConnection: string;
  readonly databaseCollation?: string;
}

/** The collations of a program's text, and those that it was made under. */
export const convertCollationsOf = <Program extends Collations>(
  program: Program,
  convert: ConvertCollation,
): Program => {
  const { statement, sqlMode, collationConnection, databaseCollation } = program;
  const charset = charsetOf(databaseCollation ?? collationConnection);
  return {
    ...program,
    statement: convertCollationsIn(statement, sqlMode, charset, convert),
    collationConnection: convert(collationConnection),
    ...(databaseCollation === undefined ? {} : { databaseCollation: convert(databaseCollation) }),
  };
};
