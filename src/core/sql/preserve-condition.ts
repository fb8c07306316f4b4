import { findBodyNames } from './body-names.js';
import { type HookRefusal, findForeignName } from './hook-statement.js';
import { refuseFragment } from './refuse-fragment.js';
import { type Token, isSymbol, listSignificant, tokenizeSql } from './sql-text.js';

/** Stands for every row, in place of a condition. */
export const ALL_ROWS = 'all';

/**
 * Why a condition of a plan is not put into the statement that reads rows of a live table: it has to stay inside of its
 * parentheses, only read, and name no other database. Undefined when it may be used.
 */
export const refuseCondition = (sql: string, table: string): HookRefusal | undefined => {
  const tokens = tokenizeSql(sql);
  const hint = `write SQL as after WHERE, or ${ALL_ROWS}`;
  return refuseFragment(sql, tokens, { what: 'condition', hint }) ?? refuseNames(tokens, table);
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
