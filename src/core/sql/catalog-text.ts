import { spellForeignLiterals } from './program-text.js';
import { type Token, tokenizeSql } from './sql-text.js';

const ESCAPES: Readonly<Record<string, string>> = { '0': '\0', n: '\n', r: '\r', t: '\t', Z: '\x1a' };

/**
 * MySQL's catalog has the bytes of an expression, one character each, with backslashes before quotes and backslashes;
 * what SHOW CREATE TABLE prints has a `?` for each byte that is not of a character of up to three. Gives the expression
 * as SQL in UTF-8; undefined where the two are not the same expression.
 */
export const readCatalogExpression = (catalog: string, printed: string): string | undefined => {
  const bytes = catalog.replaceAll(/\\([^])/g, (_, escaped: string) => ESCAPES[escaped] ?? escaped);
  if (!isPrintedSo(tokenizeSql(bytes), tokenizeSql(Buffer.from(printed, 'utf8').toString('latin1'))))
    return undefined;
  const spelled = Buffer.from(spellForeignLiterals(bytes), 'latin1');
  const text = spelled.toString('utf8');
  return Buffer.from(text, 'utf8').equals(spelled) ? text : undefined;
};

const isPrintedSo = (kept: readonly Token[], printed: readonly Token[]): boolean =>
  kept.length === printed.length &&
  kept.every((token, at) => {
    const other = printed[at];
    if (token.text === other?.text || (isIntroducer(token) && isIntroducer(other))) return true;
    // A text is printed in the character set that it is used in.
    const isInAnother = isIntroducer(kept[at - 1]) && kept[at - 1]?.text !== printed[at - 1]?.text;
    const isString = token.kind === 'string' && other?.kind === 'string';
    return isString && (isInAnother || isShownAs(token.text, other.text));
  });

const isIntroducer = (token: Token | undefined): boolean =>
  token?.kind === 'word' && /^_[a-z\d]+$/.test(token.text);

const isShownAs = (bytes: string, shown: string): boolean =>
  bytes.length === shown.length &&
  Array.from(bytes).every(
    (byte, at) => byte === shown[at] || (shown[at] === '?' && /[\x80-\xff]/.test(byte)),
  );
