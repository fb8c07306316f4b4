import { isSymbol, isWord, nameOf } from '../sql/sql-text.js';
import { hasFunction } from './common-functions.js';
import { type SeenToken, readLiteral } from '../sql/token-cursor.js';

const WORDS = new Set([
  ...['partition', 'by', 'range', 'list', 'hash', 'key', 'linear', 'columns', 'subpartition', 'partitions'],
  ...[
    'subpartitions',
    'values',
    'less',
    'than',
    'maxvalue',
    'in',
    'engine',
    'innodb',
    'comment',
    'null',
    'div',
    'mod',
  ],
]);

/** The first piece of PARTITION BY that is not known to mean the same on both vendors. */
export const findUnknownPartition = (
  tokens: readonly SeenToken[],
  columns: ReadonlySet<string>,
): string | undefined =>
  tokens.find((token, at) => {
    if (token.kind === 'string' || token.kind === 'symbol') return false;
    const name = (nameOf(token) ?? token.text).toLowerCase();
    const isPartitionName = isWord(tokens[at - 1], 'PARTITION', 'SUBPARTITION') && !isWord(token, 'BY');
    if (isPartitionName || columns.has(name) || /^\d+$/.test(name)) return false;
    return (
      token.kind === 'name' || !(WORDS.has(name) || (isSymbol(tokens[at + 1], '(') && hasFunction(name)))
    );
  })?.text;

/** Vendors quote other names, and MySQL has parentheses of its own around expressions. */
export const signPartitions = (tokens: readonly SeenToken[]): readonly string[] =>
  tokens
    .filter((token) => !isSymbol(token, '(') && !isSymbol(token, ')'))
    .map((token) =>
      token.kind === 'string' ? `'${readLiteral(token)}'` : (nameOf(token) ?? token.text).toLowerCase(),
    );
