/**
 * Globs over database and table names, case sensitive: `*` is any run of characters, `?` is one character, `\` makes
 * the next character literal. Everything else is literal, because names may contain `[ ] { } ! /` and a leading dot.
 */
type Token =
  | { readonly kind: 'run' }
  | { readonly kind: 'any' }
  | { readonly kind: 'literal'; readonly character: string };

const tokenize = (pattern: string): readonly Token[] => {
  const characters = Array.from(pattern);
  const tokens: Token[] = [];
  for (let index = 0; index < characters.length; index += 1) {
    const character = characters[index] ?? '';
    const escaped = character === '\\' ? characters[index + 1] : undefined;
    if (escaped !== undefined) index += 1;
    if (escaped !== undefined) tokens.push({ kind: 'literal', character: escaped });
    else if (character === '*') tokens.push({ kind: 'run' });
    else if (character === '?') tokens.push({ kind: 'any' });
    else tokens.push({ kind: 'literal', character });
  }
  return tokens;
};

/** The glob that matches this name only. */
export const exactPattern = (name: string): string => name.replaceAll(/[\\*?]/g, '\\$&');

/** The one name that the glob matches; undefined when it has a wildcard. */
export const readExactPattern = (pattern: string): string | undefined => {
  const tokens = tokenize(pattern);
  const characters = tokens.flatMap((token) => (token.kind === 'literal' ? [token.character] : []));
  return characters.length === tokens.length ? characters.join('') : undefined;
};

/** Does the whole name match the glob? Steps are at most pattern length times name length, whatever the pattern. */
export const isMatch = (pattern: string, name: string): boolean => {
  const tokens = tokenize(pattern);
  const characters = Array.from(name);
  let token = 0;
  let position = 0;
  // Where the last `*` stands and how much of the name it has taken: only the last one ever needs to grow.
  let run = -1;
  let taken = 0;
  while (position < characters.length) {
    const current = tokens[token];
    if (current?.kind === 'run') {
      run = token;
      taken = position;
      token += 1;
    } else if (current?.kind === 'any' || (current && current.character === characters[position])) {
      token += 1;
      position += 1;
    } else if (run >= 0) {
      taken += 1;
      position = taken;
      token = run + 1;
    } else return false;
  }
  return tokens.slice(token).every(({ kind }) => kind === 'run');
};

export const isAnyMatch = (patterns: readonly string[], name: string): boolean =>
  patterns.some((pattern) => isMatch(pattern, name));

/** Does the text have a wildcard that is not escaped? */
export const isPattern = (text: string): boolean => tokenize(text).some(({ kind }) => kind !== 'literal');
