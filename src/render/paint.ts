import { inspect } from 'node:util';

/** What the place where text will appear can show. */
export interface Look {
  /** A terminal gets aligned tables; anything else gets tab separated lines. */
  readonly isTerminal: boolean;
  readonly hasColor: boolean;
  /** Width in columns; 80 where nothing says otherwise. */
  readonly columns: number;
}

/**
 * Yellow, cyan and gray are missing: on a light background nobody reads them. What matters most is bold, in the
 * terminal's own colour; `dim` is for what can be missed.
 */
export type Color = 'green' | 'red' | 'magenta' | 'bold' | 'dim';

/** New in every process: whoever chose the name of a table cannot have written it. */
const SEAL = crypto.randomUUID();
const MARK = new RegExp(`\\u001b\\[${SEAL};(\\d+)m`);

const mark = (code: number | undefined): string => `\u001b[${SEAL};${String(code ?? 0)}m`;

/**
 * Colour is decoration: the text must say the same without it. It stands as sealed marks in the text until the line
 * is printed, so that only this function makes colours and no text of others does.
 */
export const paint = (look: Look, color: Color, text: string): string => {
  const [begin, end] = inspect.colors[color] ?? [];
  return look.hasColor ? `${mark(begin)}${text}${mark(end)}` : text;
};

/** The text between marks by one function, the marks by another that gets their code. */
export const mapPainted = (
  line: string,
  text: (part: string) => string,
  code: (code: string) => string,
): string =>
  line
    .split(MARK)
    .map((part, place) => (place % 2 === 0 ? text(part) : code(part)))
    .join('');

/** The line with every part of it changed, and its colours as they were. */
export const mapText = (line: string, change: (part: string) => string): string =>
  mapPainted(line, change, (code) => mark(Number(code)));
