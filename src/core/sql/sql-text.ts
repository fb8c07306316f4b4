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

interface Pattern {
  readonly kind: TokenKind;
  readonly pattern: RegExp;
  /** The characters that it may begin with. */
  readonly first: RegExp;
}

const listPatterns = (hasEscapes: boolean, hasQuotedNames: boolean): readonly Pattern[] => {
  const quoted = hasEscapes ? QUOTED : QUOTED_WITHOUT_ESCAPES;
  return [
    { kind: 'space', pattern: SPACE, first: /[\s\p{Cc}]/u },
    { kind: 'symbol', pattern: LIVE_COMMENT, first: /\// },
    { kind: 'comment', pattern: COMMENT, first: /\// },
    { kind: 'comment', pattern: LINE_COMMENT, first: /[#-]/ },
    { kind: 'name', pattern: BACKTICKS, first: /`/ },
    { kind: 'string', pattern: quoted["'"], first: /'/ },
    hasQuotedNames
      ? { kind: 'name', pattern: QUOTED_WITHOUT_ESCAPES['"'], first: /"/ }
      : { kind: 'string', pattern: quoted['"'], first: /"/ },
    { kind: 'word', pattern: WORD, first: /[\w$\u0080-\uffff]/ },
    { kind: 'symbol', pattern: /\*\/|[^]/uy, first: /[^]/ },
  ];
};

/** The patterns of a mode by the first character of a token: those of each ASCII character, and last all of them. */
const BY_FIRST = [true, false].map((hasEscapes) =>
  [true, false].map((hasQuotedNames) => {
    const patterns = listPatterns(hasEscapes, hasQuotedNames);
    const ofAscii = Array.from({ length: 128 }, (_, code) =>
      patterns.filter(({ first }) => first.test(String.fromCharCode(code))),
    );
    return [...ofAscii, patterns];
  }),
);
const ALL = 128;

const choosePatterns = (sqlMode: string): readonly (readonly Pattern[])[] => {
  const modes = new Set(sqlMode.toUpperCase().split(','));
  return BY_FIRST[modes.has('NO_BACKSLASH_ESCAPES') ? 1 : 0]?.[modes.has('ANSI_QUOTES') ? 0 : 1] ?? [];
};

/**
 * Cuts SQL into tokens as the server's lexer does under that `sql_mode`: what looks like SQL inside strings, comments
 * and quoted names stays inside one token. Never fails: an unfinished string comes out as symbols and words.
 */
export const tokenizeSql = (sql: string, sqlMode = ''): readonly Token[] => {
  const byFirst = choosePatterns(sqlMode);
  const tokens: Token[] = [];
  const unfinished = new Set<RegExp>();
  let offset = 0;
  while (offset < sql.length) {
    const patterns = byFirst[Math.min(sql.charCodeAt(offset), ALL)] ?? [];
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
  patterns: readonly Pattern[],
  unfinished: Set<RegExp>,
): Token => {
  for (const { kind, pattern } of patterns) {
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
export const listSignificant = (tokens: readonly Token[]): readonly number[] => {
  const indexes: number[] = [];
  // No flatMap, which makes an array for each of hundreds of tokens a table.
  for (const [index, { kind }] of tokens.entries())
    if (kind !== 'space' && kind !== 'comment') indexes.push(index);
  return indexes;
};

/** Does it begin or end a live comment? */
export const isLiveMark = ({ kind, text }: Token): boolean =>
  kind === 'symbol' && (/^\/\*M?!\d*$/.test(text) || text === '*/');

/** The same without the marks of live comments: what stands in those is read like all else. */
export const listPlain = (tokens: readonly Token[]): readonly number[] =>
  listSignificant(tokens).filter((index) => !isLiveMark(tokens[index] as Token));
