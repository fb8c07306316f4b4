/** Words and numbers that YAML would read as something other than text. */
const SPECIAL = /^(?:true|false|null|yes|no|on|off|y|n)$/i;
const PLAIN = /^(?:[\p{L}_/][\p{L}\p{N}_./-]*|\d+(?:\.\d+){3})$/u;
const UNPRINTABLE = /[\p{Cc}\u2028\u2029\ufeff]/u;

/** The text as a YAML value that reads as exactly this text, also where a plan's variables are replaced. */
export const quoteYamlText = (text: string): string => {
  const literal = text.replaceAll('${', () => '$${');
  if (PLAIN.test(literal) && !SPECIAL.test(literal)) return literal;
  if (!UNPRINTABLE.test(literal)) return `'${literal.replaceAll("'", "''")}'`;
  return JSON.stringify(literal).replaceAll(
    /[\u007f-\u009f\u2028\u2029\ufeff]/g,
    (character) => `\\u${(character.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`,
  );
};
