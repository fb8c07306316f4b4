import { findBodyNames } from './body-names.js';
import { type HookRefusal, findForeignName, refuseFiles, refuseText } from './hook-statement.js';
import { type Token, isSymbol, isWord, listSignificant, tokenizeSql } from './sql-text.js';

/** Stands for every row, in place of a condition. */
export const ALL_ROWS = 'all';

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
 * Why a condition of a plan is not put into the statement that reads rows of a live table: it has to stay inside of its
 * parentheses, only read, and name no other database. Undefined when it may be used.
 */
export const refuseCondition = (sql: string, table: string): HookRefusal | undefined => {
  if (sql.includes('\0')) return { message: 'there is a NUL in it', hint: 'write \\0 inside of quotes' };
  const tokens = tokenizeSql(sql);
  const seen = listSignificant(tokens).flatMap((index) => tokens[index] ?? []);
  if (seen.length === 0)
    return { message: 'there is no condition', hint: `write SQL as after WHERE, or ${ALL_ROWS}` };
  if (tokens.some((token) => isSymbol(token, ';')))
    return { message: 'a semicolon ends a condition', hint: 'leave it out' };
  return refuseText(tokens) ?? refuseFiles(tokens) ?? refuseSeen(seen) ?? refuseNames(tokens, table);
};

const refuseSeen = (seen: readonly Token[]): HookRefusal | undefined => {
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
      hint: 'write a condition that only reads',
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

const refuseNames = (tokens: readonly Token[], table: string): HookRefusal | undefined => {
  const message = findForeignName(tokens, [table]);
  return message === undefined
    ? undefined
    : {
        message,
        hint: 'leave the database name out: tables of a subquery are those of the live database',
      };
};

/** Names that a condition may call as functions, in lower case. */
export const listCalls = (sql: string): ReadonlySet<string> => {
  const tokens = tokenizeSql(sql);
  const seen = listSignificant(tokens).flatMap((index) => tokens[index] ?? []);
  return new Set(
    seen.flatMap((token, at) => {
      if (!isSymbol(seen[at + 1], '(')) return [];
      if (token.kind === 'name') return [token.text.slice(1, -1).replaceAll('``', '`').toLowerCase()];
      return token.kind === 'word' ? [token.text.toLowerCase()] : [];
    }),
  );
};

/**
 * Names that a condition reads as tables, in lower case, and words of the grammar that stand among them. It was not
 * refused, so that none is of another database.
 */
export const listReadTables = (sql: string): ReadonlySet<string> =>
  new Set(
    findBodyNames(tokenizeSql(sql), 0).flatMap(({ parts: [name], place }) =>
      place === 'table' && name !== undefined ? [name.toLowerCase()] : [],
    ),
  );
