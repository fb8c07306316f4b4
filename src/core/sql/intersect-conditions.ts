import { type Token, isSymbol, isWord, joinTokens, tokenizeSql } from './sql-text.js';

/**
 * Each time MySQL creates a view with INTERSECT it adds conditions to the operands whose columns may be NULL, all of them
 * twice: `where ((a is not null) and (b is not null) and (a is not null) and (b is not null))`. Leaves out what it adds,
 * so that the view is stored as it was, and no copy of a copy grows.
 */
export const dropAddedConditions = (sql: string): string => {
  const tokens = tokenizeSql(sql);
  if (!tokens.some((token) => isWord(token, 'INTERSECT'))) return sql;
  const texts = tokens.map(({ text }) => text);
  for (const [at, token] of tokens.entries()) {
    if (!isWord(token, 'WHERE', 'HAVING') || !isSymbol(tokens[at + 2], '(')) continue;
    const end = findEnd(tokens, at + 2);
    const conditions = splitConditions(tokens.slice(at + 3, end));
    const added = countAdded(conditions);
    if (added === 0) continue;
    const left = conditions.slice(0, conditions.length - added);
    texts.fill('', at, end + 1);
    if (left.length > 0)
      texts[at] = `${token.text} ${left.length === 1 ? (left[0] ?? '') : `(${left.join(' and ')})`}`;
    // The space before a clause that is gone.
    else texts[at - 1] = '';
  }
  return texts.join('');
};

const findEnd = (tokens: readonly Token[], opening: number): number => {
  let depth = 0;
  return tokens.findIndex((token, at) => {
    if (at < opening) return false;
    if (isSymbol(token, '(')) depth += 1;
    if (isSymbol(token, ')')) depth -= 1;
    return depth === 0;
  });
};

/** What stands between the ANDs, where all of them are in parentheses, as MySQL prints them. */
const splitConditions = (tokens: readonly Token[]): readonly string[] => {
  const conditions: Token[][] = [[]];
  let depth = 0;
  for (const token of tokens) {
    if (isSymbol(token, '(')) depth += 1;
    if (isSymbol(token, ')')) depth -= 1;
    if (depth === 0 && isWord(token, 'AND')) conditions.push([]);
    else conditions.at(-1)?.push(token);
  }
  return conditions.map((condition) => joinTokens(condition).trim());
};

/** How many at the end are a row of conditions and the same row again. */
const countAdded = (conditions: readonly string[]): number => {
  for (let row = 1; row * 2 <= conditions.length; row += 1) {
    const [first, second] = [conditions.slice(-row * 2, -row), conditions.slice(-row)];
    const isAdded = second.every((text, at) => text.endsWith(' is not null)') && text === first[at]);
    if (isAdded) return row * 2;
  }
  return 0;
};
