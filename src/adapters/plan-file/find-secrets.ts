import { literalPartsOf } from '../../core/plan/interpolation.js';
import { findNearest } from '../../core/nearest.js';
import type { TextRange, YamlNode } from './yaml-tree.js';

const SECRET_WORD = /pas|pwd|psw|secret|token|notify|webhook/i;
const URL_PASSWORD = /(?<=:\/\/[^\s/@:]*:)[^\s/@]+(?=@)/g;

/** Settings about passwords, in the config. */
const SETTINGS = new Set(['cache_passwords', 'password_storage']);

/** Does the name of a key or variable promise a secret? Rather once too often: a password may also be misspelled. */
export const isSecretName = (name: string): boolean =>
  !SETTINGS.has(name) && (SECRET_WORD.test(name) || findNearest(name, ['password']).length > 0);

/** What an excerpt must not show: values of keys that sound like a password, unless they only name a variable. */
export const findSecrets = (root: YamlNode, text: string): readonly TextRange[] => [
  ...findInNode(root, text),
  ...findUrlPasswords(text),
];

const findInNode = (node: YamlNode, text: string, parents: readonly string[] = []): readonly TextRange[] => {
  if (node.kind === 'scalar') return [];
  if (node.kind === 'list') return node.items.flatMap((item) => findInNode(item, text, [...parents, '']));
  return node.entries.flatMap(({ key, value }) =>
    isSecretKey(key, parents) ? literalRangesOf(value, text) : findInNode(value, text, [...parents, key]),
  );
};

/** Keys of `mask` that hold no secret. */
const OF_MASK = new Set(['columns', 'unless', 'unclassified', 'scan', 'rules']);

/**
 * Columns of passwords stand under `mask.columns` with what replaces them. The key of the masks may be misspelled, or
 * what it stands under; that of TLS is the path of a file.
 */
const isSecretKey = (key: string, parents: readonly string[]): boolean => {
  const [first, second] = parents;
  if (first === 'mask') return second === undefined && !OF_MASK.has(key);
  return isSecretName(key) || (key === 'key' && parents.at(-1) !== 'tls');
};

const literalRangesOf = (node: YamlNode, text: string): readonly TextRange[] => {
  if (node.kind === 'list') return node.items.flatMap((item) => literalRangesOf(item, text));
  if (node.kind === 'map') return node.entries.flatMap(({ value }) => literalRangesOf(value, text));
  const comment = commentAfter(node.range.end, text);
  if (node.text === '') return comment;
  return literalPartsOf(node.text) === '' ? [] : [node.range, ...comment];
};

/** Without quotes a `#` in a password begins a comment for YAML, and not for the person. */
const commentAfter = (end: number, text: string): readonly TextRange[] => {
  const [before, comment = ''] = /^:?[ \t]*(#.*)/.exec(text.slice(end)) ?? [''];
  return comment === '' ? [] : [{ start: end + before.length - comment.length, end: end + before.length }];
};

// A variable, a quoted text, a block with the indented lines after it, or the rest of the line.
const SECRET_LINE =
  /(?:(?:pas|pwd|psw|secret|token|notify|webhook)\w{0,64}|\bkey)["']?[ \t]*:[ \t]*(\$\{[^}\r\n]*\}|"(?:\\.|[^"\\])*"|'[^']*'|[|>].*(?:[\r\n]+[ \t].*)*|\S.*)/dgi;

/** The same in a file that is not YAML, by its looks: rather too much than too little. */
export const guessSecrets = (text: string): readonly TextRange[] => [
  ...[...text.matchAll(SECRET_LINE)]
    .filter(([, value = '']) => literalPartsOf(value.replaceAll(/["']/g, '')) !== '')
    .map(({ indices }) => ({ start: indices?.[1]?.[0] ?? 0, end: indices?.[1]?.[1] ?? 0 })),
  ...findUrlPasswords(text),
];

const findUrlPasswords = (text: string): readonly TextRange[] =>
  [...text.matchAll(URL_PASSWORD)].map(({ index, 0: password }) => ({
    start: index,
    end: index + password.length,
  }));
