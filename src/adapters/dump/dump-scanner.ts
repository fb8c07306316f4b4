import { formatPlural } from '../../core/plural.js';
import { type TableName, toTableName } from '../../core/names.js';
import { quoteName } from '../../core/sql/quote-name.js';
import { readLine } from './dump-lines.js';
import { DumpViolation } from './dump-violation.js';
import { RowCounter } from './row-counter.js';

const NEWLINE = 10;
const BACKTICK = 96;

/** Longer than any line that matters: the announcement of a table with a name of 64 characters. */
const LINE_BYTES = 1024;
const INSERT = 'INSERT ';
const ANNOUNCEMENT = '-- Dumping data for table ';
const TRAILER = '-- Dump completed';

/**
 * Reads a dump of rows as it passes, whatever the chunks: which tables were announced, how many rows each has, whether
 * the end is there. Row values cannot forge any of it, because the clients escape newlines in them. Its memory does
 * not grow with the rows.
 */
export class DumpScanner {
  readonly #rowsByTable: Map<TableName, number>;
  /** Tables not announced yet, by the first line of the announcement: a name may go on in the next line. */
  readonly #awaited = new Map<string, TableName[]>();
  /** Where tables start, by line from 1. */
  readonly #starts: { readonly line: number; readonly table: TableName }[] = [];
  readonly #counter = new RowCounter();
  #mode: 'line' | 'insert' | 'rows' = 'line';
  /** One byte a character. */
  #line = '';
  #lastLine = '';
  #lineNumber = 1;
  #isUtf8 = false;
  /** Backslashes escape. */
  #isEscaped = false;
  /** The session has its settings of before again. */
  #isOver = false;
  #announced = 0;
  #current: TableName | undefined;
  #rowsBefore = 0;
  #head: InsertHead = newInsertHead();

  constructor(expected: readonly TableName[]) {
    this.#rowsByTable = new Map(expected.map((table) => [table, 0]));
    for (const table of expected) {
      const line = announcementOf(table);
      this.#awaited.set(line, [...(this.#awaited.get(line) ?? []), table]);
    }
  }

  /** Of all tables, so far. */
  get rows(): number {
    return this.#rowsBefore + (this.#mode === 'rows' ? this.#counter.rows : 0);
  }

  /** How many tables have begun. */
  get announced(): number {
    return this.#announced;
  }

  get current(): TableName | undefined {
    return this.#current;
  }

  /** Of the statements that are complete. */
  rowsOf(table: TableName): number {
    return this.#rowsByTable.get(table) ?? 0;
  }

  /** The table that the statement at a line of the stream belongs to. Lines count from 1. */
  tableAtLine(line: number): TableName | undefined {
    return this.#starts.findLast((start) => start.line <= line)?.table;
  }

  /** @throws DumpViolation */
  scan(chunk: Buffer): void {
    let position = 0;
    while (position < chunk.length) {
      if (this.#mode === 'rows') position = this.#scanRows(chunk, position);
      else if (this.#mode === 'line') position = this.#scanLine(chunk, position);
      else position = this.#scanInsert(chunk, position);
    }
  }

  /**
   * Call it at the end of the stream.
   * @throws DumpViolation when it is not complete.
   */
  finish(): void {
    if (this.#mode !== 'line' || this.#line !== '' || !this.#lastLine.startsWith(TRAILER))
      throw new DumpViolation(`it was cut off: its last line is not "${TRAILER}"`);
    if (!this.#isUtf8) throw notUtf8();
    const missing = [...this.#awaited.values()].flat();
    if (missing.length > 0) throw new DumpViolation(`it leaves out ${nameSome(missing)}`);
  }

  #scanLine(chunk: Buffer, start: number): number {
    const newline = chunk.indexOf(NEWLINE, start);
    const end = newline === -1 ? chunk.length : newline;
    const before = this.#line.length;
    this.#line += chunk.toString('latin1', start, Math.min(end, start + LINE_BYTES - before));
    if (before < INSERT.length && this.#line.startsWith(INSERT)) {
      this.#beginInsert();
      return start + INSERT.length - before;
    }
    if (newline === -1) return end;
    this.#endLine();
    return newline + 1;
  }

  #endLine(): void {
    const line = this.#line;
    this.#line = '';
    this.#lastLine = line;
    const kind = readLine(line);
    if (kind === undefined) throw strange(line);
    if (kind === 'other-names') throw notUtf8();
    if (kind === 'names') this.#isUtf8 = true;
    if (kind === 'mode') this.#isEscaped = true;
    if (kind === 'restore') this.#isOver = true;
    if (line.startsWith(ANNOUNCEMENT)) this.#announceTable(decode(line));
    this.#lineNumber += 1;
  }

  #announceTable(line: string): void {
    const table = this.#awaited.get(line)?.shift();
    if (table === undefined)
      throw new DumpViolation(`it holds a table that was not asked for: ${line.slice(ANNOUNCEMENT.length)}`);
    this.#announced += 1;
    this.#startTable(table);
  }

  #startTable(table: TableName): void {
    this.#current = table;
    this.#starts.push({ line: this.#lineNumber, table });
  }

  #beginInsert(): void {
    if (!this.#isUtf8) throw notUtf8();
    if (!this.#isEscaped || this.#isOver)
      throw new DumpViolation('it has rows outside of the sql_mode that it says of them');
    this.#line = '';
    this.#head = newInsertHead();
    this.#mode = 'insert';
  }

  /** From behind `INSERT ` to behind `VALUES`. Names may hold anything, but only between backticks. */
  #scanInsert(chunk: Buffer, start: number): number {
    const head = this.#head;
    for (let position = start; position < chunk.length; position += 1) {
      const byte = chunk[position] ?? 0;
      if (byte === NEWLINE) this.#lineNumber += 1;
      readHeadByte(head, byte);
      if (head.word !== 'VALUES') continue;
      this.#beginRows(nameInInsert(head.text));
      return position + 1;
    }
    return chunk.length;
  }

  #beginRows(table: TableName): void {
    if (!this.#rowsByTable.has(table))
      throw new DumpViolation(`it holds rows of a table that was not asked for: ${table}`);
    if (table !== this.#current) this.#startTable(table);
    this.#counter.begin();
    this.#mode = 'rows';
  }

  #scanRows(chunk: Buffer, start: number): number {
    const position = this.#counter.read(chunk, start);
    if (this.#counter.isComplete) this.#endRows();
    return position;
  }

  #endRows(): void {
    const { rows, newlines } = this.#counter;
    const table = this.#current;
    if (table !== undefined) this.#rowsByTable.set(table, this.rowsOf(table) + rows);
    this.#rowsBefore += rows;
    this.#lineNumber += newlines;
    this.#mode = 'line';
  }
}

/** What was read of ``INTO `table` (`column`, ...) VALUES``. */
interface InsertHead {
  /** One byte a character. */
  text: string;
  isQuoted: boolean;
  /** The capitals right before this position, outside of backticks. */
  word: string;
}

const newInsertHead = (): InsertHead => ({ text: '', isQuoted: false, word: '' });

/** More than 4,096 columns can have in their names. */
const HEAD_BYTES = 4 * 1024 * 1024;

const readHeadByte = (head: InsertHead, byte: number): void => {
  const character = String.fromCharCode(byte);
  head.text += character;
  if (byte === BACKTICK) head.isQuoted = !head.isQuoted;
  else if (!head.isQuoted) {
    // A semicolon, a comment or a quote would be the end of it for the loader.
    if (!/[A-Za-z_ (),]/.test(character) || head.text.length > HEAD_BYTES)
      throw strange(`${INSERT}${head.text}`);
    head.word = /[A-Z]/.test(character) ? head.word + character : '';
  }
};

/** The columns that say when a row of MariaDB's history was valid are not quoted. */
const HEAD =
  /^INTO `((?:[^`]|``)+)` (?:\((?:`(?:[^`]|``)+`|row_start|row_end)(?:, ?(?:`(?:[^`]|``)+`|row_start|row_end))*\) )?VALUES$/;

/** A doubled backtick inside is one of the name. */
const nameInInsert = (text: string): TableName => {
  const name = HEAD.exec(text)?.[1];
  if (name === undefined) throw strange(`${INSERT}${text}`);
  return toTableName(decode(name).replaceAll('``', '`'));
};

const strange = (line: string): DumpViolation =>
  new DumpViolation(`it has what no dump of rows has: "${decode(line).slice(0, 80)}"`);

const decode = (bytes: string): string => Buffer.from(bytes, 'latin1').toString();

/** The clients begin each further line of a name with `-- ` here. */
const announcementOf = (table: TableName): string =>
  `${ANNOUNCEMENT}${quoteName(table)}`.replace(/\n[^]*/, '');

const nameSome = (tables: readonly TableName[]): string =>
  tables.length > 3
    ? `${tables.slice(0, 3).join(', ')} and ${formatPlural(tables.length - 3, 'more table')}`
    : tables.join(', ');

const notUtf8 = (): DumpViolation =>
  new DumpViolation('it does not say SET NAMES utf8mb4, so characters would be lost');
