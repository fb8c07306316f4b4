import type { Flavor } from '../flavor.js';
import { supports } from '../server/features.js';
import { isSymbol, isWord, joinTokens, listSignificant, tokenizeSql } from '../sql/sql-text.js';

/** Of UTF-8, the only character set whose default is not the same on all servers. */
const defaultCollation = (flavor: Flavor): string => {
  if (supports(flavor, 'uca900ByDefault')) return 'utf8mb4_0900_ai_ci';
  return supports(flavor, 'uca1400ByDefault') ? 'utf8mb4_uca1400_ai_ci' : 'utf8mb4_general_ci';
};

const AFTER_RESULT = [
  ...[
    'RETURN',
    'BEGIN',
    'SELECT',
    'DETERMINISTIC',
    'NOT',
    'NO',
    'CONTAINS',
    'READS',
    'MODIFIES',
    'SQL',
    'COMMENT',
  ],
];

/**
 * Writes out the collation of parameters and results that have a character set alone: they take the one that is the
 * default on the server that runs them.
 */
export const spellParameters = (statement: string, sqlMode: string, source: Flavor): string => {
  const tokens = tokenizeSql(statement, sqlMode);
  const seen = listSignificant(tokens).flatMap((index) => tokens[index] ?? []);
  const end = seen.findIndex(
    (token, at) => isWord(token, ...AFTER_RESULT) && depthAt(seen.slice(0, at)) === 0,
  );
  const bare = new Set(
    seen.slice(0, end).filter((token, at) => {
      const isCharset =
        isWord(seen[at - 1], 'CHARSET') || (isWord(seen[at - 1], 'SET') && isWord(seen[at - 2], 'CHARACTER'));
      return isCharset && isWord(token, 'UTF8MB4') && !isWord(seen[at + 1], 'COLLATE');
    }),
  );
  return joinTokens(
    tokens.map((token) =>
      bare.has(token) ? { ...token, text: `${token.text} COLLATE ${defaultCollation(source)}` } : token,
    ),
  );
};

const depthAt = (tokens: readonly Parameters<typeof isSymbol>[0][]): number =>
  tokens.reduce((depth, token) => depth + (isSymbol(token, '(') ? 1 : isSymbol(token, ')') ? -1 : 0), 0);
