/** What js-yaml says of a broken file, in words that need no knowledge of YAML's grammar. */
export interface SyntaxExplanation {
  readonly message: string;
  readonly hint?: string;
}

const EXPLANATIONS: readonly (readonly [RegExp, string, string?])[] = [
  [/^tab characters/, 'this line is indented with a tab', 'use spaces'],
  [/^nesting exceeded/, 'this is nested too deeply'],
  [/^the stream contains non-printable/, 'a control character stands here'],
  [/^null byte/, 'this is not a text file'],
  [
    /^(unknown \w+ tag|cannot resolve a node|undeclared tag)/,
    'tags (!) have no meaning here',
    'put text in quotes',
  ],
  [/complex keys/, 'a key must be plain text'],
  [/merge/, '"<<" takes an alias of keys, for example <<: *defaults'],
  [/multiline key/, 'this line, or one above it, has no colon after its key'],
  [
    /^(deficient indentation|unexpected end of the (stream|document) within)/,
    'a quote or a bracket is not closed',
    'it was opened above',
  ],
  [
    /^end of the stream or a document separator/,
    'this line belongs to nothing above it',
    'check its indentation and its colon',
  ],
  [/^unknown escape sequence/, 'a backslash in double quotes begins an escape', 'use single quotes'],
];

/** Where in its line the parser stopped. */
export interface StoppedAt {
  readonly before: string;
  readonly rest: string;
}

export const explainSyntax = (reason: string, { before, rest }: StoppedAt): SyntaxExplanation => {
  if (/^[@`%]/.test(rest))
    return { message: `a value cannot begin with ${rest.charAt(0)}`, hint: 'put it in quotes' };
  if (reason.startsWith('missed comma'))
    return before.endsWith('$') || before.includes('${')
      ? { message: 'a comma is missing here', hint: 'inside { } and [ ] put quotes around "${...}"' }
      : { message: 'a comma is missing here' };
  if (reason.startsWith('bad indentation of a mapping entry')) return explainIndentation(before, rest);
  const found = EXPLANATIONS.find(([pattern]) => pattern.test(reason));
  if (!found) return { message: reason };
  const [, message, hint] = found;
  return hint === undefined ? { message } : { message, hint };
};

/** js-yaml has one reason for all that can follow where nothing may. */
const explainIndentation = (before: string, rest: string): SyntaxExplanation => {
  if (!rest.startsWith(':'))
    return { message: 'this is not valid here', hint: 'check the indentation and the quotes' };
  return before.includes(':')
    ? { message: 'a second colon in one line', hint: 'put the value in quotes' }
    : { message: 'this line is indented more than its neighbors', hint: 'a key stands below its neighbors' };
};
