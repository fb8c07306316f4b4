import { columnTypeOf, isOfFamily } from './column-types.js';
import { type TableElement, readCreateTable } from './create-table.js';
import { editSql } from './sql-edits.js';
import { isSymbol, isWord } from './sql-text.js';
import { type SeenToken, TokenCursor, endOfToken, splitList } from './token-cursor.js';

/** A text in what `SHOW CREATE TABLE` printed, from the character `start` up to `end`. */
export interface PrintedText {
  /** A member of an ENUM or SET, a default that is one value, or an expression. */
  readonly role: 'member' | 'value' | 'expression';
  readonly of: 'column' | 'check' | 'key';
  /** Of the column, check or key; empty for a check without one. */
  readonly name: string;
  /** Of a column, lower case: `enum`. */
  readonly type: string;
  /** What an expression is for. */
  readonly use: 'default' | 'generated' | 'check' | 'part' | undefined;
  /** Of a member or a part of a key, from 1. */
  readonly position: number;
  readonly start: number;
  readonly end: number;
  /** As SQL. */
  readonly text: string;
  /** Something in it may be a `?` because the server's catalog cannot hold what it is. */
  readonly isDoubtful: boolean;
}

/** All texts of a printed table that mean something to its rows. Comments do not. */
export const listPrintedTexts = (statement: string): readonly PrintedText[] => {
  const { isTable, elements } = readCreateTable(statement);
  const reader = new TextReader(statement);
  for (const element of isTable ? elements : []) reader.read(element);
  return reader.texts;
};

/** The statement with other texts, which are SQL, in the places of some. */
export const replaceTexts = (statement: string, texts: ReadonlyMap<PrintedText, string>): string =>
  editSql(
    statement,
    [...texts].map(([{ start, end }, text]) => ({ start, end, text })),
  );

const DOUBT = /[?\ufffd]/;

/** Where a text that is printed so may be another one. */
export const isDoubtfulText = (text: string): boolean => DOUBT.test(text);

class TextReader {
  readonly texts: PrintedText[] = [];
  readonly #statement: string;

  constructor(statement: string) {
    this.#statement = statement;
  }

  read(element: TableElement): void {
    if (element.kind === 'column') this.#readColumn(element);
    else if (element.kind === 'check') this.#readCheck(element);
    else this.#readKey(element);
  }

  #readColumn({ name, rest }: TableElement): void {
    const cursor = new TokenCursor(rest);
    const type = (cursor.take()?.text ?? '').toLowerCase();
    const column = { of: 'column', name, type } as const;
    const group = cursor.takeGroup();
    if (group && isOfFamily(type, 'members'))
      for (const [at, member] of splitList(group).entries())
        this.#add({ ...column, role: 'member', use: undefined, position: at + 1 }, member);
    while (!cursor.isAtEnd) {
      const isGenerated = cursor.takeWords('GENERATED', 'ALWAYS', 'AS') || cursor.takeWords('AS');
      const use = isGenerated ? 'generated' : cursor.takeWords('CHECK') ? 'check' : undefined;
      if (use) this.#add({ ...column, role: 'expression', use, position: 1 }, cursor.takeGroup() ?? []);
      else if (cursor.takeWords('DEFAULT')) this.#addDefault(column, takeDefault(cursor));
      else cursor.take();
    }
  }

  /** `CONSTRAINT name CHECK (...)`. */
  #readCheck({ name, rest }: TableElement): void {
    const check = { of: 'check', name, type: '', role: 'expression', use: 'check', position: 1 } as const;
    this.#add(check, new TokenCursor(rest).takeGroup() ?? []);
  }

  /** `KEY name ((expression), column)`. */
  #readKey({ name, rest }: TableElement): void {
    const cursor = new TokenCursor(rest);
    while (!cursor.isAtEnd && !isSymbol(cursor.next, '(')) cursor.take();
    for (const [at, part] of splitList(cursor.takeGroup() ?? []).entries()) {
      const expression = new TokenCursor(part).takeGroup();
      if (!expression) continue;
      this.#add({ of: 'key', name, type: '', role: 'expression', use: 'part', position: at + 1 }, expression);
    }
  }

  #addDefault(column: Pick<PrintedText, 'of' | 'name' | 'type'>, tokens: readonly SeenToken[]): void {
    const [first, second] = tokens;
    const isHex = isWord(first, 'X') && second?.kind === 'string';
    // MariaDB keeps a default of these types as an expression.
    const isLong = columnTypeOf(column.type)?.isLong === true;
    const isValue = tokens.length === (isHex ? 2 : 1) && !isSymbol(first, '(');
    const value = { role: 'value', use: undefined, position: 1 } as const;
    const expression = { role: 'expression', use: 'default', position: 1 } as const;
    const isString = first?.kind === 'string' || isHex || /^0x/i.test(first?.text ?? '');
    if (isValue && isString && !isLong) this.#add({ ...column, ...value }, tokens);
    // MySQL has parentheses around every expression, which its catalog has not.
    else if (!isValue || (isString && isLong))
      this.#add({ ...column, ...expression }, new TokenCursor(tokens).takeGroup() ?? tokens);
  }

  #add(text: Omit<PrintedText, 'start' | 'end' | 'text' | 'isDoubtful'>, tokens: readonly SeenToken[]): void {
    const [first, last] = [tokens[0], tokens.at(-1)];
    if (!first || !last) return;
    const [start, end] = [first.start, endOfToken(last)];
    // MySQL prints the bytes of members that are no text as `x'f'`.
    const isMangled = text.role === 'member' && (tokens.length > 1 || first.kind !== 'string');
    const isDoubtful = tokens.some(({ kind, text: part }) => kind === 'string' && isDoubtfulText(part));
    this.texts.push({
      ...text,
      ...{ start, end, text: this.#statement.slice(start, end) },
      isDoubtful: isMangled || isDoubtful,
    });
  }
}

const CLAUSE_WORDS = ['ON', 'COMMENT', 'CHECK', 'INVISIBLE', 'COLLATE', 'WITHOUT', 'WITH', 'AUTO_INCREMENT'];

/** MariaDB prints expressions without parentheses around them. */
const takeDefault = (cursor: TokenCursor): readonly SeenToken[] => {
  const { ahead } = cursor;
  while (!cursor.isAtEnd && !isWord(cursor.next, ...CLAUSE_WORDS)) if (!cursor.takeGroup()) cursor.take();
  return ahead.slice(0, ahead.length - cursor.ahead.length);
};
