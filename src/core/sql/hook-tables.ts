import { findBodyNames } from './body-names.js';
import { readVerb, tokenizeHook } from './hook-statement.js';
import { type Token, isSymbol, isWord, listSignificant, nameOf } from './sql-text.js';

export interface HookTables {
  /** That have to be there, each once, as they are written. */
  readonly named: readonly string[];
  /** Those of them whose rows the statement may change. */
  readonly written: readonly string[];
}

/** A place in which a statement names a table, and by which name it goes on. */
interface Reference {
  readonly table: string;
  readonly alias: string;
  /** Among the tokens that a server sees. */
  readonly at: number;
}

/** Behind these, commas and opening parentheses stands a table; between them and it, nothing or one of these. */
const INTRODUCERS = [
  ...['UPDATE', 'INSERT', 'REPLACE', 'DELETE', 'INTO', 'FROM', 'JOIN', 'STRAIGHT_JOIN', 'USING', 'TABLE'],
  ...['LOW_PRIORITY', 'HIGH_PRIORITY', 'DELAYED', 'QUICK', 'IGNORE', 'HISTORY'],
];

/** Words of the grammar that stand where a table or its alias could. */
const GRAMMAR = new Set([
  ...INTRODUCERS,
  ...['AS', 'LEFT', 'RIGHT', 'INNER', 'CROSS', 'NATURAL', 'OUTER', 'ON', 'USE', 'FORCE', 'INDEX', 'KEY'],
  ...['FOR', 'PARTITION', 'LATERAL', 'DUAL', 'SELECT', 'WITH', 'UNION', 'EXCEPT', 'INTERSECT', 'VALUES'],
  ...['VALUE', 'SET', 'WHERE', 'GROUP', 'HAVING', 'ORDER', 'LIMIT', 'WINDOW', 'RETURNING', 'LOCK'],
  ...['SYSTEM_TIME', 'TABLESAMPLE', 'JSON_TABLE', 'OF', 'ALL'],
]);

/** MariaDB's virtual tables of numbers, which are in every database. */
const NUMBERS = /^seq_\d+_to_\d+(?:_step_\d+)?$/i;

/** The tables that a hook names. It was not refused before, so that none of them is of another database. */
export const listHookTables = (sql: string): HookTables => {
  const tokens = tokenizeHook(sql);
  const seen = listSignificant(tokens).flatMap((index) => tokens[index] ?? []);
  const references = findReferences(seen);
  const queries = listQueries(seen);
  const aliases = new Map(references.map(({ table, alias }) => [alias.toLowerCase(), table]));
  const isTable = ({ table, alias }: Reference): boolean =>
    !queries.has(table.toLowerCase()) &&
    !NUMBERS.test(table) &&
    // `DELETE a FROM orders AS a`
    (alias !== table || (aliases.get(table.toLowerCase()) ?? table) === table);
  const tables = references.filter(isTable);
  const written = listWritten(readVerb(tokens), seen, references).map(
    (name) => aliases.get(name.toLowerCase()) ?? name,
  );
  return {
    named: [...new Set(tables.map(({ table }) => table))],
    written: [...new Set(written)].filter((name) => tables.some(({ table }) => table === name)),
  };
};

const findReferences = (seen: readonly Token[]): readonly Reference[] =>
  findBodyNames(seen, 0).flatMap(({ parts, place, start, isCall }) => {
    const [table = '', all] = parts;
    const [before, token] = [seen[start - 1], seen[start]];
    if (place !== 'table' || (all !== undefined && all !== '*')) return [];
    if (token?.kind === 'word' && GRAMMAR.has(token.text.toUpperCase())) return [];
    if (!isSymbol(before, ',') && !isSymbol(before, '(') && !isWord(before, ...INTRODUCERS)) return [];
    // Before its columns a table looks like a function.
    if (isCall && !isWord(before, 'INTO', 'INSERT', 'REPLACE', ...INTRODUCERS.slice(-6))) return [];
    return [{ table, alias: all === undefined ? readAlias(seen, start + 1, table) : table, at: start }];
  });

const readAlias = (seen: readonly Token[], at: number, table: string): string => {
  const next = seen[isWord(seen[at], 'AS') ? at + 1 : at];
  const name = next && nameOf(next);
  return name === undefined || (next?.kind === 'word' && GRAMMAR.has(name.toUpperCase())) ? table : name;
};

/** The names of the queries of a WITH: `recent AS (`, `recent (id, at) AS (`. */
const listQueries = (seen: readonly Token[]): ReadonlySet<string> => {
  if (!seen.some((token) => isWord(token, 'WITH'))) return new Set();
  return new Set(
    seen.flatMap((token, at) => {
      const name = nameOf(token);
      const end = isSymbol(seen[at + 1], '(') ? findClosing(seen, at + 1) + 1 : at + 1;
      const isQuery = isWord(seen[end], 'AS') && isSymbol(seen[end + 1], '(');
      return name !== undefined && isQuery ? [name.toLowerCase()] : [];
    }),
  );
};

const findClosing = (seen: readonly Token[], opening: number): number => {
  let depth = 0;
  for (let at = opening; at < seen.length; at += 1) {
    if (isSymbol(seen[at], '(')) depth += 1;
    if (isSymbol(seen[at], ')')) depth -= 1;
    if (depth === 0) return at;
  }
  return seen.length;
};

/** Outside of all parentheses. */
const findOutside = (seen: readonly Token[], from: number, ...words: readonly string[]): number => {
  for (let at = from; at < seen.length; at += 1) {
    if (isSymbol(seen[at], '(')) at = findClosing(seen, at);
    else if (isWord(seen[at], ...words)) return at;
  }
  return seen.length;
};

/** By name or alias. Rather one too many: a table that is not told of would be taken for a faithful copy. */
const listWritten = (
  verb: string,
  seen: readonly Token[],
  references: readonly Reference[],
): readonly string[] => {
  const begin = findOutside(seen, 0, verb);
  const between = (from: number, to: number): readonly string[] =>
    references.filter(({ at }) => at > from && at < to).map(({ alias }) => alias);
  if (verb === 'INSERT' || verb === 'REPLACE') return between(begin, seen.length).slice(0, 1);
  if (verb === 'UPDATE') {
    const set = findOutside(seen, begin, 'SET');
    return listAssigned(seen, set) ?? between(begin, set);
  }
  if (verb !== 'DELETE') return [];
  const from = findOutside(seen, begin, 'FROM');
  const before = between(begin, from);
  const using = findOutside(seen, from, 'USING', 'WHERE', 'JOIN');
  if (before.length > 0) return before;
  return isWord(seen[using], 'USING') ? between(from, using) : between(from, seen.length).slice(0, 1);
};

/** `SET a.x = 1, b.y = 2` tells which tables; undefined when one of the columns stands alone. */
const listAssigned = (seen: readonly Token[], set: number): readonly string[] | undefined => {
  const names: string[] = [];
  for (let at = set; at < seen.length; at += 1) {
    if (isSymbol(seen[at], '(')) at = findClosing(seen, at);
    if (isWord(seen[at], 'WHERE', 'ORDER', 'LIMIT', 'RETURNING')) break;
    if (at !== set && !isSymbol(seen[at], ',')) continue;
    const [name, dot] = [seen[at + 1], seen[at + 2]];
    if (name === undefined || !isSymbol(dot, '.')) return undefined;
    names.push(nameOf(name) ?? '');
  }
  return names;
};
