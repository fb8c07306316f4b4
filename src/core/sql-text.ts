export type TokenKind = 'space' | 'comment' | 'string' | 'name' | 'word' | 'symbol';

/** A piece of SQL. The texts of all tokens, joined, are the SQL again. */
export interface Token {
  readonly kind: TokenKind;
  readonly text: string;
}

/** Also `/*!50100 ` and `/*M!100301 `: what follows them is live SQL, and their end is a symbol like any other. */
const LIVE_COMMENT = /\/\*M?!\d*/y;
const COMMENT = /\/\*[^]*?\*\//y;
const LINE_COMMENT = /#[^\n]*|--(?=[\s\p{Cc}]|$)[^\n]*/uy;
const SPACE = /[\s\p{Cc}]+/uy;
const WORD = /[\w$\u0080-\uffff]+/y;
const BACKTICKS = /`[^`]*(?:``[^`]*)*`/y;
const QUOTED = {
  "'": /'[^'\\]*(?:(?:''|\\[^])[^'\\]*)*'/y,
  '"': /"[^"\\]*(?:(?:""|\\[^])[^"\\]*)*"/y,
} as const;
const QUOTED_WITHOUT_ESCAPES = { "'": /'[^']*(?:''[^']*)*'/y, '"': /"[^"]*(?:""[^"]*)*"/y } as const;

/** What has to be closed, with the characters that open it. */
const OPENINGS = new Map<RegExp, string>([
  [COMMENT, '/*'],
  [BACKTICKS, '`'],
  ...[QUOTED, QUOTED_WITHOUT_ESCAPES].flatMap((quoted): readonly [RegExp, string][] => [
    [quoted["'"], "'"],
    [quoted['"'], '"'],
  ]),
]);

const listPatterns = (sqlMode: string): readonly (readonly [TokenKind, RegExp])[] => {
  const modes = new Set(sqlMode.toUpperCase().split(','));
  const quoted = modes.has('NO_BACKSLASH_ESCAPES') ? QUOTED_WITHOUT_ESCAPES : QUOTED;
  return [
    ['space', SPACE],
    ['symbol', LIVE_COMMENT],
    ['comment', COMMENT],
    ['comment', LINE_COMMENT],
    ['name', BACKTICKS],
    ['string', quoted["'"]],
    modes.has('ANSI_QUOTES') ? ['name', QUOTED_WITHOUT_ESCAPES['"']] : ['string', quoted['"']],
    ['word', WORD],
    ['symbol', /\*\/|[^]/uy],
  ];
};

/**
 * Cuts SQL into tokens as the server's lexer does under that `sql_mode`: what looks like SQL inside strings, comments
 * and quoted names stays inside one token. Never fails: an unfinished string comes out as symbols and words.
 */
export const tokenizeSql = (sql: string, sqlMode = ''): readonly Token[] => {
  const patterns = listPatterns(sqlMode);
  const tokens: Token[] = [];
  const unfinished = new Set<RegExp>();
  let offset = 0;
  while (offset < sql.length) {
    const token = matchToken(sql, offset, patterns, unfinished);
    tokens.push(token);
    offset += token.text.length;
  }
  return tokens;
};

/**
 * `unfinished` holds patterns that found no end once: none that begins later has one either, and to look for it at each
 * of a million quotes would take hours.
 */
const matchToken = (
  sql: string,
  offset: number,
  patterns: readonly (readonly [TokenKind, RegExp])[],
  unfinished: Set<RegExp>,
): Token => {
  for (const [kind, pattern] of patterns) {
    if (unfinished.has(pattern)) continue;
    pattern.lastIndex = offset;
    const text = pattern.exec(sql)?.[0];
    if (text !== undefined) return { kind, text };
    const opening = OPENINGS.get(pattern);
    if (opening !== undefined && sql.startsWith(opening, offset)) unfinished.add(pattern);
  }
  return { kind: 'symbol', text: sql.charAt(offset) };
};

export const joinTokens = (tokens: readonly Token[]): string => tokens.map(({ text }) => text).join('');

/** The name that a quoted name or a bare word stands for; undefined for all other tokens, numbers among them. */
export const nameOf = ({ kind, text }: Token): string | undefined => {
  if (kind === 'name') return text.slice(1, -1).replaceAll(text.charAt(0).repeat(2), text.charAt(0));
  return kind === 'word' && !/^\d+(?:e\d*)?$/i.test(text) ? text : undefined;
};

export const isSymbol = (token: Token | undefined, text: string): boolean =>
  token?.kind === 'symbol' && token.text === text;

/** Is it this bare word, in any case? */
export const isWord = (token: Token | undefined, ...words: readonly string[]): boolean =>
  token?.kind === 'word' && words.includes(token.text.toUpperCase());

/** Indexes of the tokens that the parser sees. */
export const listSignificant = (tokens: readonly Token[]): readonly number[] =>
  tokens.flatMap(({ kind }, index) => (kind === 'space' || kind === 'comment' ? [] : [index]));

/** Does it begin or end a live comment? */
export const isLiveMark = ({ kind, text }: Token): boolean =>
  kind === 'symbol' && (/^\/\*M?!\d*$/.test(text) || text === '*/');

/** The same without the marks of live comments: what stands in those is read like all else. */
export const listPlain = (tokens: readonly Token[]): readonly number[] =>
  listSignificant(tokens).filter((index) => !isLiveMark(tokens[index] as Token));
