import { eastAsianWidth } from 'get-east-asian-width';

/** What stands in the second column of a wide character. */
const WIDE_TAIL = '';

/** What a person sees: a terminal's screen and all that scrolled off it, after the escape codes did their work. */
export class VtScreen {
  #columns: number;
  /** Rows that go on a line which was too long for one. */
  #continued = new Set<number>();
  #lines: string[][] = [[]];
  /** How each character is painted, beside the characters: the codes in force, such as `1;31`. */
  #paint: string[][] = [[]];
  #codes: readonly string[] = [];
  #row = 0;
  #column = 0;
  #held = '';
  /** False while the cursor is hidden. */
  isCursorShown = true;

  constructor(columns: number) {
    this.#columns = columns;
  }

  /** Lines without trailing blanks. */
  get lines(): readonly string[] {
    return this.#lines.map((line) =>
      Array.from(line, (character) => (character as string | undefined) ?? ' ')
        .join('')
        .trimEnd(),
    );
  }

  get text(): string {
    return this.lines.join('\n').trimEnd();
  }

  /** The lines in pieces that are painted alike. */
  get painted(): readonly (readonly { readonly text: string; readonly codes: string }[])[] {
    return this.lines.map((line, row) => {
      const pieces: { text: string; codes: string }[] = [];
      for (const [column, character] of Array.from(line).entries()) {
        const codes = this.#paint[row]?.[column] ?? '';
        const last = pieces.at(-1);
        if (last?.codes === codes) last.text += character;
        else pieces.push({ text: character, codes });
      }
      return pieces;
    });
  }

  /** Breaks the lines anew, as most terminals do; the cursor stays at its character. */
  resize(columns: number): void {
    const rows: string[][] = [];
    const continued = new Set<number>();
    let cursor = 0;
    let whole: string[] = [];
    const finish = (): void => {
      for (let at = 0; at === 0 || at < whole.length; at += columns) {
        if (at > 0) continued.add(rows.length);
        rows.push(whole.slice(at, at + columns));
      }
      whole = [];
    };
    for (const [row, line] of this.#lines.entries()) {
      if (row > 0 && !this.#continued.has(row)) finish();
      if (row === this.#row) {
        cursor = rows.length + Math.floor((whole.length + this.#column) / columns);
        this.#column = (whole.length + this.#column) % columns;
      }
      whole.push(...line);
    }
    finish();
    this.#lines = rows;
    this.#paint = [];
    this.#continued = continued;
    this.#row = cursor;
    this.#columns = columns;
  }

  write(output: string): void {
    const text = this.#held + output;
    // A code may be cut by the end of what has arrived.
    // eslint-disable-next-line no-control-regex -- they begin with one
    this.#held = /\u001b(?:\[[?\d;]*)?$/.exec(text)?.[0] ?? '';
    const parts = text
      .slice(0, text.length - this.#held.length)
      // eslint-disable-next-line no-control-regex -- they begin with one
      .matchAll(/\u001b\[([?\d;]*)([A-Za-z])|\u001b.|[^]/gu);
    for (const [part, parameters, command] of parts) {
      if (command !== undefined) this.#obey(command, parameters ?? '');
      else if (!part.startsWith('\u001b')) this.#print(part);
    }
  }

  #print(character: string): void {
    if (character === '\n') this.#moveTo(this.#row + 1, this.#column);
    else if (character === '\r') this.#column = 0;
    else if (character === '\b') this.#column = Math.max(0, this.#column - 1);
    else if (character >= ' ') {
      if (/\p{M}/u.test(character)) this.#combine(character);
      else this.#put(character, eastAsianWidth(character.codePointAt(0) ?? 0));
    }
  }

  #combine(mark: string): void {
    const line = this.#line();
    line[this.#column - 1] = (line[this.#column - 1] ?? '') + mark;
  }

  #put(character: string, width: 1 | 2): void {
    if (this.#column + width > this.#columns) {
      this.#moveTo(this.#row + 1, 0);
      this.#continued.add(this.#row);
    }
    for (const cell of width === 2 ? [character, WIDE_TAIL] : [character]) {
      this.#line()[this.#column] = cell;
      (this.#paint[this.#row] ??= [])[this.#column] = this.#codes.join(';');
      this.#column += 1;
    }
  }

  #obey(command: string, parameters: string): void {
    const count = Number(parameters) || 1;
    const column = Math.min(this.#column, this.#columns - 1);
    if (command === 'm') this.#codes = applyCodes(this.#codes, parameters.split(';'));
    else if (command === 'A') this.#moveTo(Math.max(0, this.#row - count), column);
    else if (command === 'B') this.#moveTo(this.#row + count, column);
    else if (command === 'C') this.#column = Math.min(this.#columns - 1, column + count);
    else if (command === 'D') this.#column = Math.max(0, column - count);
    else if (command === 'G') this.#column = count - 1;
    else if (command === 'K') this.#eraseLine(parameters);
    else if (command === 'J') this.#eraseBelow();
    else if (parameters === '?25') this.isCursorShown = command === 'h';
  }

  #eraseBelow(): void {
    this.#eraseLine('');
    this.#lines.length = this.#row + 1;
    this.#continued = new Set([...this.#continued].filter((row) => row <= this.#row));
  }

  #eraseLine(parameters: string): void {
    const line = this.#line();
    if (parameters === '1') line.fill(' ', 0, this.#column + 1);
    else line.length = parameters === '2' ? 0 : Math.min(line.length, this.#column);
  }

  #moveTo(row: number, column: number): void {
    while (this.#lines.length <= row) this.#lines.push([]);
    this.#row = row;
    this.#column = column;
  }

  #line(): string[] {
    const line = this.#lines[this.#row] ?? [];
    this.#lines[this.#row] = line;
    while (line.length < this.#column) line.push(' ');
    return line;
  }
}

/** What ends a kind of paint: 22 ends bold and dim, 39 any colour of the text. */
const ENDED_BY: Readonly<Record<string, RegExp>> = { '22': /^[12]$/, '39': /^(?:3[0-7]|9[0-7])$/ };

const applyCodes = (inForce: readonly string[], codes: readonly string[]): readonly string[] =>
  codes.reduce<readonly string[]>((left, code) => {
    if (code === '' || code === '0') return [];
    const ended = ENDED_BY[code];
    return ended ? left.filter((one) => !ended.test(one)) : [...left, code];
  }, inForce);
