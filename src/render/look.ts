import { styleText } from 'node:util';

/** What the place where text will appear can show. */
export interface Look {
  /** A terminal gets aligned tables; anything else gets tab separated lines. */
  readonly isTerminal: boolean;
  readonly hasColor: boolean;
  /** Width in columns; 80 where nothing says otherwise. */
  readonly columns: number;
}

export type Color = 'green' | 'red' | 'yellow' | 'cyan' | 'gray' | 'bold' | 'dim';

/** Colour is decoration: the text must say the same without it. */
export const paint = (look: Look, color: Color, text: string): string =>
  look.hasColor ? styleText(color, text, { validateStream: false }) : text;
