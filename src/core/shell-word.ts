import { isPrintable } from './printable.js';

// zsh reads a leading `=` as the path of a command.
const PLAIN = /^[\w@%+:,./-][\w@%+=:,./-]*$/;

/** The text as one word of a shell, for commands that are shown to be copied. */
export const quoteShellWord = (text: string): string => {
  if (PLAIN.test(text)) return text;
  return isPrintable(text) ? `'${text.replaceAll("'", `'\\''`)}'` : quoteBytes(text);
};

const NAMED: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };
const BYTE = /^[\w@%+=:,./ -]$/;

/** `$'...'` with every byte that is not plain in octal: bash, zsh and ksh read it so, whatever the locale. */
const quoteBytes = (text: string): string => {
  const bytes = Array.from(Buffer.from(text).toString('latin1'), (byte) =>
    BYTE.test(byte) ? byte : (NAMED[byte] ?? `\\${byte.charCodeAt(0).toString(8).padStart(3, '0')}`),
  );
  return `$'${bytes.join('')}'`;
};

/** A value of a command: a list is one value after the other, each with the flag before it where there is one. */
type CommandValue = string | readonly string[];

/**
 * A call of mysql-sync that a person can paste: suggestCommand`plan ${path} --out FILE`. Every value is one word of
 * the shell, and is never taken for a flag.
 */
export const suggestCommand = (
  literals: TemplateStringsArray,
  ...values: readonly CommandValue[]
): string => {
  const words = ['mysql-sync'];
  const dashed: string[] = [];
  for (const [index, literal] of literals.entries()) {
    words.push(...literal.split(' ').filter(Boolean));
    const value = values[index];
    if (value === undefined) continue;
    const list = typeof value === 'string' ? [value] : value;
    const flag = words.at(-1)?.startsWith('--') ? words.pop() : undefined;
    for (const one of list) {
      if (flag !== undefined) words.push(bindValue(flag, one));
      else (isDashed(one) ? dashed : words).push(quoteShellWord(one));
    }
  }
  return [...words, ...(dashed.length > 0 ? ['--', ...dashed] : [])].join(' ');
};

/** `-` alone is stdin. */
const isDashed = (word: string): boolean => word.startsWith('-') && word !== '-';

/** A flag with its value, to be pasted: with `=` where the value would be taken for another flag. */
export const bindValue = (flag: string, value: string): string =>
  `${flag}${isDashed(value) ? '=' : ' '}${quoteShellWord(value)}`;
