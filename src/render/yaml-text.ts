import { isPrintable, mapUnprintable } from '../core/printable.js';

/** Words and numbers that YAML would read as something other than text. */
const SPECIAL = /^(?:true|false|null|yes|no|on|off|y|n)$/i;
const PLAIN = /^(?:[\p{L}_/][\p{L}\p{N}_./-]*|\d+(?:\.\d+){3})$/u;

/** The text as a YAML value that reads as exactly this text, also where a plan's variables are replaced. */
export const quoteYamlText = (text: string): string => quoteYamlKey(text.replaceAll('${', () => '$${'));

/** The same for a key of a mapping, where a plan has no variables. */
export const quoteYamlKey = (literal: string): string => {
  if (PLAIN.test(literal) && !SPECIAL.test(literal)) return literal;
  if (isPrintable(literal)) return `'${literal.replaceAll("'", "''")}'`;
  // JSON is YAML but for pairs of \u, which YAML does not put together.
  return mapUnprintable(
    JSON.stringify(literal),
    (character) => `\\U${(character.codePointAt(0) ?? 0).toString(16).padStart(8, '0')}`,
  );
};
