import { type HookRefusal, refuseFiles, refuseText } from './hook-statement.js';
import { type Token, isSymbol, isWord, listSignificant } from './sql-text.js';

/** They take values from a sequence, or lock the rows that they read. */
const WRITING_WORDS: readonly (readonly string[])[] = [
  ['NEXTVAL'],
  ['SETVAL'],
  ['NEXT', 'VALUE', 'FOR'],
  ['FOR', 'UPDATE'],
  ['FOR', 'SHARE'],
  ['LOCK', 'IN', 'SHARE'],
];

/**
 * Why SQL of a plan is not put between the parentheses of a statement that reads: it has to stay inside of them, and only
 * read. `what` it is to be: `condition`.
 */
export const refuseFragment = (
  sql: string,
  tokens: readonly Token[],
  { what, hint }: { readonly what: string; readonly hint: string },
): HookRefusal | undefined => {
  if (sql.includes('\0')) return { message: 'there is a NUL in it', hint: 'write \\0 inside of quotes' };
  const seen = listSignificant(tokens).flatMap((index) => tokens[index] ?? []);
  if (seen.length === 0) return { message: `there is no ${what}`, hint };
  if (tokens.some((token) => isSymbol(token, ';')))
    return { message: `a semicolon ends ${withArticle(what)}`, hint: 'leave it out' };
  return refuseText(tokens) ?? refuseFiles(tokens) ?? refuseSeen(seen, what);
};

const withArticle = (what: string): string => `${/^[aeiou]/.test(what) ? 'an' : 'a'} ${what}`;

const refuseSeen = (seen: readonly Token[], what: string): HookRefusal | undefined => {
  if (!isBalanced(seen))
    return { message: 'the parentheses do not fit together', hint: 'close each one that is open' };
  if (seen.some((token) => isSymbol(token, '?')))
    return { message: 'a ? stands for a value there, and none is given', hint: 'write the value' };
  if (seen.some((token) => isWord(token, 'INTO')))
    return { message: 'INTO takes away what is read', hint: 'leave INTO out' };
  const writing = WRITING_WORDS.find((words) =>
    seen.some((_, at) => words.every((word, index) => isWord(seen[at + index], word))),
  );
  return (
    writing && {
      message: `${writing.join(' ')} does more than read rows`,
      hint: `write ${withArticle(what)} that only reads`,
    }
  );
};

const isBalanced = (seen: readonly Token[]): boolean => {
  let depth = 0;
  for (const token of seen) {
    if (isSymbol(token, '(')) depth += 1;
    if (isSymbol(token, ')')) depth -= 1;
    if (depth < 0) return false;
  }
  return depth === 0;
};
