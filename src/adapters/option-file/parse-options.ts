import { SyncError } from '../../core/errors.js';

/** One line of an option file, escapes resolved. The value is undefined for `name` without `=`. */
export interface Option {
  readonly group: string;
  /** Lower-case words joined by `-`, without `loose-`. */
  readonly name: string;
  readonly value: string | undefined;
  readonly line: number;
}

/**
 * Reads the text as the clients of MySQL and MariaDB do (`mysys/my_default.c`). Rejects with INPUT_INVALID where they
 * would, and on `!include` and `!includedir`, which they follow.
 */
export const parseOptions = (text: string, file: string): readonly Option[] => {
  const options: Option[] = [];
  let group: string | undefined;
  for (const [index, raw] of text.split('\n').entries()) {
    const line = index + 1;
    const content = trimSpace(raw);
    if (content === '' || content.startsWith('#') || content.startsWith(';')) continue;
    if (content.startsWith('!')) throw includeError(file, line, content);
    if (content.startsWith('[')) {
      group = readGroup(content, file, line);
      continue;
    }
    if (group === undefined) throw describeBadLine(file, line, 'an option stands before the first [group]');
    options.push({ group, line, ...readOption(content) });
  }
  return options;
};

// What C's isspace() takes for space; trim() would take more out of a password.
const SPACE = String.raw`[ \t\v\f\r\n]`;
const trimSpace = (text: string): string =>
  text.replace(new RegExp(`^${SPACE}+`), '').replace(new RegExp(`${SPACE}+$`), '');

const readGroup = (content: string, file: string, line: number): string => {
  const end = content.indexOf(']');
  if (end === -1) throw describeBadLine(file, line, 'the group has no closing ]');
  return trimSpace(content.slice(1, end));
};

const readOption = (content: string): Pick<Option, 'name' | 'value'> => {
  const text = cutComment(content);
  const equals = text.indexOf('=');
  if (equals === -1) return { name: normalizeName(trimSpace(text)), value: undefined };
  const value = unquote(trimSpace(text.slice(equals + 1)));
  return { name: normalizeName(trimSpace(text.slice(0, equals))), value: resolveEscapes(value) };
};

/** A `#` starts a comment anywhere but inside quotes, and a backslash protects a quote only inside quotes. */
const cutComment = (text: string): string => {
  let quote = '';
  let isEscaped = false;
  for (let index = 0; index < text.length; index += 1) {
    const character = text.charAt(index);
    if ((character === "'" || character === '"') && !isEscaped) {
      if (quote === '') quote = character;
      else if (quote === character) quote = '';
    }
    if (quote === '' && character === '#') return text.slice(0, index);
    isEscaped = quote !== '' && character === '\\' && !isEscaped;
  }
  return text;
};

const unquote = (text: string): string =>
  text.length > 1 && (text.startsWith('"') || text.startsWith("'")) && text.endsWith(text.charAt(0))
    ? text.slice(1, -1)
    : text;

const ESCAPES: Readonly<Record<string, string>> = {
  n: '\n',
  t: '\t',
  r: '\r',
  b: '\b',
  s: ' ',
  '"': '"',
  "'": "'",
  '\\': '\\',
};

const resolveEscapes = (text: string): string =>
  text.replaceAll(/\\([^])/g, (whole, character: string) => ESCAPES[character] ?? whole);

const normalizeName = (name: string): string =>
  name
    .toLowerCase()
    .replaceAll('_', '-')
    .replace(/^loose-/, '');

const describeBadLine = (file: string, line: number, reason: string): SyncError =>
  new SyncError('INPUT_INVALID', { message: `${file}:${line}: ${reason}` });

const includeError = (file: string, line: number, content: string): SyncError =>
  new SyncError('INPUT_INVALID', {
    message: `${file}:${line}: ${content.split(/\s/)[0] ?? ''} is not followed`,
    hints: ['Name the file that holds the login itself in --from-defaults-file'],
  });
