import { type Token, isSymbol, isWord, joinTokens, tokenizeSql } from '../sql/sql-text.js';

/**
 * `REGEXP_LIKE(a, 'x')` as `((a) REGEXP ('x'))`, which MySQL prints so and MariaDB has by that name alone. A call with flags
 * stays as it is.
 */
export const spellRegexp = (statement: string, sqlMode: string): string => {
  if (!/regexp_like/i.test(statement)) return statement;
  const tokens = tokenizeSql(statement, sqlMode);
  const texts = new Map<number, string>();
  tokens.forEach((token, at) => {
    if (!isWord(token, 'REGEXP_LIKE')) return;
    const open = nextSeen(tokens, at + 1);
    const { commas, close } = findParameters(tokens, open);
    const [comma, ...more] = commas;
    if (!isSymbol(tokens[open], '(') || close === -1 || comma === undefined || more.length > 0) return;
    texts.set(at, '(').set(comma, ') REGEXP (').set(close, '))');
  });
  return joinTokens(tokens.map((token, at) => ({ ...token, text: texts.get(at) ?? token.text })));
};

const nextSeen = (tokens: readonly Token[], from: number): number => {
  const found = tokens.slice(from).findIndex(({ kind }) => kind !== 'space' && kind !== 'comment');
  return found === -1 ? tokens.length : from + found;
};

/** The commas between the parameters of a call, and the end of it. */
const findParameters = (
  tokens: readonly Token[],
  open: number,
): { readonly commas: readonly number[]; readonly close: number } => {
  const commas: number[] = [];
  let depth = 0;
  for (let at = open; at < tokens.length; at += 1) {
    if (isSymbol(tokens[at], '(')) depth += 1;
    if (isSymbol(tokens[at], ')')) depth -= 1;
    if (depth === 0) return { commas, close: at };
    if (depth === 1 && isSymbol(tokens[at], ',')) commas.push(at);
  }
  return { commas, close: -1 };
};
