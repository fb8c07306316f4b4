import { type Token, isLiveMark, isSymbol, isWord, nameOf, tokenizeSql } from './sql-text.js';

/** A token that the parser sees. */
export interface SeenToken extends Token {
  /** Something stood between it and the one before. */
  readonly isApart: boolean;
  /** Its first character in the SQL that it is of. */
  readonly start: number;
}

export const endOfToken = ({ start, text }: SeenToken): number => start + text.length;

/** Live comments (`/*!80023 INVISIBLE *\/`) are what they hold; all else that the parser does not see is left out. */
export const readTokens = (sql: string, sqlMode = ''): readonly SeenToken[] =>
  seeTokens(tokenizeSql(sql, sqlMode));

/** The same of all tokens of some SQL. */
export const seeTokens = (tokens: readonly Token[]): readonly SeenToken[] => {
  const seen: SeenToken[] = [];
  let isApart = false;
  let start = 0;
  for (const token of tokens) {
    const isSeen = !isUnseen(token);
    if (isSeen) seen.push({ kind: token.kind, text: token.text, isApart, start });
    isApart = !isSeen;
    start += token.text.length;
  }
  return seen;
};

const isUnseen = (token: Token): boolean =>
  token.kind === 'space' || token.kind === 'comment' || isLiveMark(token);

/** Tokens as SQL again. */
export const writeTokens = (tokens: readonly SeenToken[]): string =>
  tokens.map(({ text, isApart }, at) => (isApart && at > 0 ? ` ${text}` : text)).join('');

const ESCAPES: Readonly<Record<string, string>> = {
  ...{ '0': '\0', b: '\b', n: '\n', r: '\r', t: '\t', Z: '\x1a' },
};

/** The text that a string stands for, where backslashes escape. */
export const readLiteral = ({ text }: Token): string =>
  text
    .slice(1, -1)
    .replaceAll(/\\([^])|''/g, (_, escaped?: string) =>
      escaped === undefined ? "'" : (ESCAPES[escaped] ?? escaped),
    );

/** Reads significant tokens one after the other. */
export class TokenCursor {
  readonly #tokens: readonly SeenToken[];
  #at = 0;

  constructor(tokens: readonly SeenToken[]) {
    this.#tokens = tokens;
  }

  get next(): SeenToken | undefined {
    return this.#tokens[this.#at];
  }

  /** All that is left. */
  get ahead(): readonly SeenToken[] {
    return this.#tokens.slice(this.#at);
  }

  get isAtEnd(): boolean {
    return this.#at >= this.#tokens.length;
  }

  take(): SeenToken | undefined {
    const token = this.next;
    this.#at += 1;
    return token;
  }

  /** All of these words, one after the other, or none. */
  takeWords(...words: readonly string[]): boolean {
    const isThere = words.every((word, offset) => isWord(this.#tokens[this.#at + offset], word));
    if (isThere) this.#at += words.length;
    return isThere;
  }

  takeSymbol(text: string): boolean {
    const isThere = isSymbol(this.next, text);
    if (isThere) this.#at += 1;
    return isThere;
  }

  /** The plain name; undefined when none stands here. */
  takeName(): string | undefined {
    const name = this.next && nameOf(this.next);
    if (name !== undefined) this.#at += 1;
    return name;
  }

  /** The text that a string stands for. */
  takeString(): string | undefined {
    const { next } = this;
    if (next?.kind !== 'string') return undefined;
    this.#at += 1;
    return readLiteral(next);
  }

  /** What stands between the parentheses that open here; undefined when none do. */
  takeGroup(): readonly SeenToken[] | undefined {
    if (!isSymbol(this.next, '(')) return undefined;
    const start = this.#at + 1;
    let depth = 0;
    for (; this.#at < this.#tokens.length; this.#at += 1) {
      if (isSymbol(this.next, '(')) depth += 1;
      if (isSymbol(this.next, ')')) depth -= 1;
      if (depth === 0) break;
    }
    this.#at += 1;
    return this.#tokens.slice(start, this.#at - 1);
  }

  takeRest(): readonly SeenToken[] {
    const rest = this.ahead;
    this.#at = this.#tokens.length;
    return rest;
  }
}

/** Cut at the commas outside parentheses. */
export const splitList = (tokens: readonly SeenToken[]): readonly (readonly SeenToken[])[] => {
  const parts: SeenToken[][] = [[]];
  let depth = 0;
  for (const token of tokens) {
    if (isSymbol(token, '(')) depth += 1;
    if (isSymbol(token, ')')) depth -= 1;
    if (depth === 0 && isSymbol(token, ',')) parts.push([]);
    else parts.at(-1)?.push(token);
  }
  return parts;
};

/** `((a + b))` is `a + b`: parentheses around all of it say nothing. */
export const unwrap = (tokens: readonly SeenToken[]): readonly SeenToken[] => {
  const cursor = new TokenCursor(tokens);
  const inner = cursor.takeGroup();
  return inner && cursor.isAtEnd ? unwrap(inner) : tokens;
};
