/**
 * What a terminal, a log or a reader's eye would obey instead of showing: control characters, invisible and
 * direction-changing ones, half a surrogate pair, and the `##[` of pipelines that read commands out of a log.
 */
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]|#(?=#\w*\[)/gu;
const SHORT: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/** Is there anything in the text that is not shown as it is? */
export const isPrintable = (text: string): boolean => text.search(UNPRINTABLE) === -1;

/** The text with every character that is not printable replaced. */
export const mapUnprintable = (text: string, replace: (character: string) => string): string =>
  text.replaceAll(UNPRINTABLE, replace);

/** Text of others for people: what is not printable is shown as an escape such as `\n`, `\x1b` or `\u202e`. */
export const makePrintable = (text: string): string =>
  mapUnprintable(text, (character) => SHORT[character] ?? showCode(character));

const showCode = (character: string): string => {
  const code = character.codePointAt(0) ?? 0;
  const digits = code.toString(16);
  if (code > 0xffff) return `\\u{${digits}}`;
  return code < 256 ? `\\x${digits.padStart(2, '0')}` : `\\u${digits.padStart(4, '0')}`;
};

/** The value as JSON that is safe to look at: it parses to exactly the value, and every character of it is printable. */
export const toPrintableJson = (value: unknown, indent?: number): string =>
  escapeInJson(JSON.stringify(value, undefined, indent));

/** The same for JSON text, in which only line ends stand outside of strings. */
export const escapeInJson = (json: string): string =>
  mapUnprintable(json, (character) => (character === '\n' ? character : escapeUnits(character)));

const escapeUnits = (character: string): string =>
  Array.from(
    { length: character.length },
    (_, unit) => `\\u${character.charCodeAt(unit).toString(16).padStart(4, '0')}`,
  ).join('');
