import type { HookRefusal } from '../sql/hook-statement.js';
import { refuseFragment } from '../sql/refuse-fragment.js';
import { type Token, isSymbol, isWord, listSignificant, tokenizeSql } from '../sql/sql-text.js';

/** They give another value each time, and the copy is compared with what they give the next time. */
const CHANGING = [
  'RAND',
  'UUID',
  'UUID_SHORT',
  'RANDOM_BYTES',
  'SYS_GUID',
  'NOW',
  'SYSDATE',
  'CURRENT_TIMESTAMP',
  'CURRENT_TIME',
  'CURRENT_DATE',
  'CURDATE',
  'CURTIME',
  'LOCALTIME',
  'LOCALTIMESTAMP',
  'UTC_TIMESTAMP',
  'UTC_DATE',
  'UTC_TIME',
  'CONNECTION_ID',
  'SLEEP',
  'BENCHMARK',
];

/** They mean the function also where no parenthesis follows. */
const WITHOUT_PARENTHESES = /^(?:CURRENT_|LOCALTIME|UTC_)/;

/**
 * Why an expression or condition of a mask is not put into the statements that read rows: it must stay inside of its
 * parentheses, give the same for the same row, and see no variable of the session, which has the key.
 */
export const refuseExpression = (sql: string): HookRefusal | undefined => {
  const tokens = tokenizeSql(sql);
  // One to the end of the line would take what stands behind the expression with it.
  if (tokens.some(({ kind }) => kind === 'comment'))
    return { message: 'comments are not taken in expressions', hint: 'make it a comment of the YAML' };
  const refusal = refuseFragment(sql, tokens, { what: 'expression', hint: 'write SQL over the columns' });
  return refusal ?? refuseUnsteady(listSignificant(tokens).flatMap((index) => tokens[index] ?? []));
};

const refuseUnsteady = (seen: readonly Token[]): HookRefusal | undefined => {
  if (seen.some(({ kind, text }) => kind !== 'string' && text.startsWith('@')))
    return { message: 'variables of the session are not taken', hint: 'leave the @ out' };
  const changing = seen.find(
    (token, index) =>
      isWord(token, ...CHANGING) &&
      (isSymbol(seen[index + 1], '(') || WITHOUT_PARENTHESES.test(token.text.toUpperCase())),
  );
  if (!changing) return undefined;
  return {
    message: `${changing.text.toUpperCase()} gives another value each time, and the copy could not be verified`,
    hint: 'write an expression over the columns of the row',
  };
};
