import { type SeenToken, seeTokens } from './token-cursor.js';
import type { Flavor } from '../flavor.js';
import { type Token, isSymbol, joinTokens, tokenizeSql } from './sql-text.js';

/** What a server printed is not what was asked for. The message is a clause that goes on after the object's name. */
export class PrintedSqlRefusal extends Error {
  override readonly name = 'PrintedSqlRefusal';
}

/** One statement that a server printed, without comments: there is one way to read it. */
export interface PrintedSql {
  readonly sql: string;
  readonly tokens: readonly SeenToken[];
}

/** Space to us and to every server. Others are part of a name there, or no SQL at all. */
const SPACES = /^[ \t\n\v\f\r]+$/;
/** A quote that nothing closes, an end of statement, an end of comment: none of them is inside a statement. */
const STRAY = new Set(["'", '"', '`', '\\', ';', '*/']);

/**
 * Reads SQL that another server printed as the server that gets it would: version comments that are live there are
 * opened, and all others go. Its session has an empty `sql_mode`, or one that does not change how text is quoted.
 * @throws PrintedSqlRefusal
 */
export const readPrintedSql = (text: string, flavor: Flavor): PrintedSql => {
  const tokens = openComments(tokenizeSql(text), flavor);
  let depth = 0;
  for (const token of tokens) {
    if (token.kind === 'space' && !SPACES.test(token.text)) throw unexpectedTokenError(token);
    if (token.kind === 'symbol' && STRAY.has(token.text)) throw unexpectedTokenError(token);
    if (isSymbol(token, '(')) depth += 1;
    if (isSymbol(token, ')')) depth -= 1;
    if (depth < 0) break;
  }
  if (depth !== 0) throw new PrintedSqlRefusal('its parentheses do not match');
  return { sql: joinTokens(tokens), tokens: seeTokens(tokens) };
};

const SPACE: Token = { kind: 'space', text: ' ' };

/** A space stands for each comment, so that what is around it does not become one. */
const openComments = (tokens: readonly Token[], flavor: Flavor): readonly Token[] => {
  const opened: Token[] = [];
  let state: 'outside' | 'live' | 'skipped' = 'outside';
  for (const token of tokens) {
    const isOpening = token.kind === 'symbol' && token.text.startsWith('/*');
    const isEnd = isSymbol(token, '*/') && state !== 'outside';
    const isLeftOut = isOpening || isEnd || state === 'skipped' || token.kind === 'comment';
    if (isOpening && state !== 'outside') throw unexpectedTokenError(token);
    opened.push(isLeftOut ? SPACE : token);
    if (isOpening) state = isLive(token, flavor) ? 'live' : 'skipped';
    if (isEnd) state = 'outside';
  }
  if (state !== 'outside') throw new PrintedSqlRefusal('a comment in it does not end');
  return opened;
};

/** MariaDB passes over what newer versions of MySQL made up, and MySQL over all that is MariaDB's. */
const isLive = (opening: Token, { vendor, version }: Flavor): boolean => {
  const [, forMariaDb, digits] = /^\/\*(M?)!(\d{5,6})?$/.exec(opening.text) ?? [];
  if (forMariaDb === undefined) throw unexpectedTokenError(opening);
  if (forMariaDb !== '' && vendor === 'mysql') return false;
  const since = Number(digits ?? 0);
  const [major, minor, patch] = version;
  const isOfMySql = forMariaDb === '' && since >= 50_700 && since <= 99_999;
  return since <= major * 10_000 + minor * 100 + patch && !(vendor === 'mariadb' && isOfMySql);
};

/** Its text, unless it may hold a password. */
export const unexpectedTokenError = (token: Token | undefined): PrintedSqlRefusal => {
  if (token === undefined) return new PrintedSqlRefusal('it ends too early');
  const text = token.kind === 'string' ? "'...'" : JSON.stringify(token.text.slice(0, 40));
  return new PrintedSqlRefusal(`it has ${text} where none belongs`);
};
