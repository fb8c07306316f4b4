import {
  type Token,
  isSymbol,
  isWord,
  joinTokens,
  listSignificant,
  nameOf,
  tokenizeSql,
} from './sql-text.js';

/** A possibly qualified name: `a`, `a`.`b` or `a`.`b`.`c`. */
export interface NameChain {
  readonly parts: readonly string[];
  /** Where its first part stands in the tokens. */
  readonly start: number;
  /** `table`: where the grammar wants a table, so that of two parts the first is a database. */
  readonly place: 'table' | 'alias' | 'expression';
  readonly isCall: boolean;
  readonly argumentOf: Argument | undefined;
}

/** Which argument of which of the server's own functions something is, or a part of. */
export interface Argument {
  /** As it is printed. */
  readonly call: string;
  /** From 1. */
  readonly position: number;
}

interface Level {
  readonly isQuery: boolean;
  readonly place: 'table' | 'expression';
  readonly argumentOf?: Argument | undefined;
}

/** What follows is a list of tables, also inside parentheses. `from` counts in queries only: `trim('x' from y)`. */
const TABLE_WORDS = ['JOIN', 'STRAIGHT_JOIN', 'REFERENCES', 'VIEW', 'TABLE'];
const EXPRESSION_WORDS = ['ON', 'USING', 'WHERE', 'GROUP', 'HAVING', 'ORDER', 'LIMIT', 'WINDOW'];
/** MariaDB prints `NEXT VALUE FOR s` and `PREVIOUS VALUE FOR s` as calls. */
const SEQUENCE_CALLS = ['NEXTVAL', 'LASTVAL', 'SETVAL'];

const enterWord = (level: Level, token: Token): Level => {
  if (isWord(token, 'SELECT')) return { isQuery: true, place: 'expression' };
  const { argumentOf } = level;
  if (isSymbol(token, ',') && argumentOf)
    return { ...level, argumentOf: { ...argumentOf, position: argumentOf.position + 1 } };
  if (isWord(token, ...EXPRESSION_WORDS)) return { ...level, place: 'expression' };
  const wantsTable = isWord(token, ...TABLE_WORDS) || (level.isQuery && isWord(token, 'FROM'));
  return wantsTable ? { ...level, place: 'table' } : level;
};

/** Parentheses after a word or name are a call or a list of columns; all others group what stands outside. */
const openLevel = (outer: Level, before: Token | undefined): Level => {
  const isGroup = before?.kind === 'symbol' || isWord(before, 'FROM', 'JOIN', 'STRAIGHT_JOIN');
  const place = isGroup ? outer.place : isWord(before, ...SEQUENCE_CALLS) ? 'table' : 'expression';
  const called = before?.kind === 'word' ? { call: before.text, position: 1 } : undefined;
  return { isQuery: false, place, argumentOf: isGroup ? outer.argumentOf : called };
};

/**
 * Finds the names in SQL that the server itself printed (`SHOW CREATE TABLE`, `SHOW CREATE VIEW`). Whether `a`.`b` is a
 * table of a database or a column of an alias depends on the clause, so clauses are followed through parentheses.
 */
export const findNames = (tokens: readonly Token[]): readonly NameChain[] => {
  const seen = listSignificant(tokens);
  const significant = seen.flatMap((index) => tokens[index] ?? []);
  const chains: NameChain[] = [];
  const outer: Level[] = [];
  let level: Level = { isQuery: false, place: 'table' };
  let resumeAt = 0;
  for (const [at, token] of significant.entries()) {
    if (at < resumeAt) continue;
    const parts = readChain(significant, at);
    resumeAt = at + Math.max(1, parts.length * 2 - 1);
    if (isSymbol(token, '(')) {
      outer.push(level);
      level = openLevel(level, significant[at - 1]);
    } else if (isSymbol(token, ')')) level = outer.pop() ?? level;
    else if (token.kind === 'name' || parts.length > 1)
      chains.push({
        parts,
        start: seen[at] ?? 0,
        place: level.place === 'table' && isName(significant[at - 1]) ? 'alias' : level.place,
        isCall: isSymbol(significant[resumeAt], '('),
        argumentOf: level.argumentOf,
      });
    else level = enterWord(level, token);
  }
  return chains;
};

/** What stands before an alias: a table's name or a subquery. */
const isName = (token: Token | undefined): boolean => token?.kind === 'name' || isSymbol(token, ')');

const readChain = (tokens: readonly Token[], start: number): readonly string[] => {
  const parts: string[] = [];
  for (let at = start; ; at += 2) {
    const token = tokens[at];
    const name = token && nameOf(token);
    if (name === undefined) return parts;
    parts.push(name);
    if (!isSymbol(tokens[at + 1], '.')) return parts;
  }
};

/** Does its first part name a database? */
export const isQualified = ({ parts, place, isCall }: NameChain): boolean =>
  parts.length > 2 || (parts.length === 2 && (place === 'table' || isCall));

/** SQL for the database in which a table, sequence or routine is now; undefined where it stays. */
export type FindPlace = (database: string, name: string) => string | undefined;

/**
 * Changes the database of the qualified names in SQL that the server printed under an empty `sql_mode`. Strings,
 * comments, aliases and columns of the same name are left alone.
 */
export const moveNames = (sql: string, findPlace: FindPlace): string => {
  const tokens = tokenizeSql(sql);
  const places = new Map(
    findNames(tokens).flatMap((chain): [number, string][] => {
      const [database = '', name = ''] = chain.parts;
      const place = isQualified(chain) ? findPlace(database, name) : undefined;
      return place === undefined ? [] : [[chain.start, place]];
    }),
  );
  return joinTokens(tokens.map((token, index) => ({ ...token, text: places.get(index) ?? token.text })));
};

/** Writes the database before the functions that have none: MariaDB prints none before those of the view's own. */
export const qualifyCalls = (sql: string, quotedDatabase: string): string => {
  const tokens = tokenizeSql(sql);
  const calls = new Set(
    findNames(tokens).flatMap(({ parts, isCall, start }) => (isCall && parts.length === 1 ? [start] : [])),
  );
  return joinTokens(
    tokens.map((token, index) =>
      calls.has(index) ? { ...token, text: `${quotedDatabase}.${token.text}` } : token,
    ),
  );
};

/** Makes every mention of the database `from` a mention of another, whose name `quotedTo` is as SQL. */
export const replaceDatabase = (sql: string, from: string, quotedTo: string): string =>
  moveNames(sql, (database) => (database === from ? quotedTo : undefined));
