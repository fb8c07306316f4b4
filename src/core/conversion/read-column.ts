import { quoteComment } from '../sql/program-text.js';
import { canonicalTypeName, isOfFamily } from '../sql/column-types.js';
import { isSymbol, isWord } from '../sql/sql-text.js';
import type { CheckShape, ColumnShape, GeneratedShape, Preset } from './table-shape.js';
import type { TokenCursor } from '../sql/token-cursor.js';
import { type SeenToken, readLiteral, splitList, unwrap, writeTokens } from '../sql/token-cursor.js';

export interface ColumnText {
  readonly column: ColumnShape;
  /** MariaDB's CHECK of a column. */
  readonly checks: readonly CheckShape[];
  /** Clauses that are not known. */
  readonly unknown: readonly string[];
}

interface Clauses {
  collation?: string;
  isNullable?: boolean;
  preset?: Preset;
  onUpdate?: string;
  isAutoIncrement?: boolean;
  isInvisible?: boolean;
  isCompressed?: boolean;
  comment?: string;
  generated?: GeneratedShape;
}

/** Reads a column as SHOW CREATE TABLE prints it; the cursor stands behind its name. */
export const readColumn = (name: string, cursor: TokenCursor, tableCollation: string): ColumnText => {
  const type = readType(cursor);
  const clauses: Clauses = {};
  const checks: CheckShape[] = [];
  const unknown: string[] = [];
  while (!cursor.isAtEnd) {
    const check = cursor.takeWords('CHECK') ? cursor.takeGroup() : undefined;
    if (check) checks.push({ name: undefined, column: name, tokens: unwrap(check), isEnforced: true });
    else if (!readClause(cursor, clauses)) unknown.push(writeTokens(cursor.takeRest()) || 'its DEFAULT');
  }
  const column = {
    name,
    type,
    collation: isText(type) ? (clauses.collation ?? tableCollation) : undefined,
    isNullable: clauses.isNullable ?? true,
    preset: clauses.preset && ofType(type, clauses.preset),
    onUpdate: clauses.onUpdate,
    isAutoIncrement: clauses.isAutoIncrement ?? false,
    isInvisible: clauses.isInvisible ?? false,
    isCompressed: clauses.isCompressed ?? false,
    comment: clauses.comment ?? '',
    generated: clauses.generated,
  };
  return { column, checks, unknown };
};

const isText = (type: string): boolean => isOfFamily(type, 'text', 'members');

const readClause = (cursor: TokenCursor, clauses: Clauses): boolean => {
  if (cursor.takeWords('CHARACTER', 'SET')) clauses.collation ??= `${cursor.takeName() ?? ''}_`;
  else if (cursor.takeWords('COLLATE')) clauses.collation = cursor.takeName() ?? '';
  else if (cursor.takeWords('NOT', 'NULL')) clauses.isNullable = false;
  else if (cursor.takeWords('NULL')) clauses.isNullable = true;
  else if (cursor.takeWords('AUTO_INCREMENT')) clauses.isAutoIncrement = true;
  else if (cursor.takeWords('INVISIBLE')) clauses.isInvisible = true;
  else if (cursor.takeWords('COMPRESSED')) clauses.isCompressed = true;
  else if (cursor.takeWords('COMMENT')) clauses.comment = cursor.takeString() ?? '';
  else if (cursor.takeWords('DEFAULT')) return readPreset(cursor, clauses);
  else if (cursor.takeWords('ON', 'UPDATE')) clauses.onUpdate = readMoment(cursor) ?? '';
  else if (cursor.takeWords('GENERATED', 'ALWAYS', 'AS')) return readGenerated(cursor, clauses);
  else return false;
  return true;
};

const readGenerated = (cursor: TokenCursor, clauses: Clauses): boolean => {
  const tokens = cursor.takeGroup();
  if (!tokens) return false;
  const isVirtual = cursor.takeWords('VIRTUAL');
  if (!isVirtual && !cursor.takeWords('STORED') && !cursor.takeWords('PERSISTENT')) return false;
  clauses.generated = { tokens: unwrap(tokens), kind: isVirtual ? 'virtual' : 'stored' };
  return true;
};

/** CURRENT_TIMESTAMP, CURRENT_TIMESTAMP(6), current_timestamp(), current_timestamp(6) */
const readMoment = (cursor: TokenCursor): string | undefined => {
  if (!cursor.takeWords('CURRENT_TIMESTAMP')) return undefined;
  const [digits] = cursor.takeGroup() ?? [];
  return digits ? `current_timestamp(${digits.text})` : 'current_timestamp';
};

const readPreset = (cursor: TokenCursor, clauses: Clauses): boolean => {
  const now = readMoment(cursor);
  const preset = now === undefined ? readValue(cursor) : ({ kind: 'now', text: now } as const);
  if (preset && preset !== 'null') clauses.preset = preset;
  return preset !== undefined;
};

const readValue = (cursor: TokenCursor): Preset | 'null' | undefined => {
  if (cursor.takeWords('NULL')) return 'null';
  const group = cursor.takeGroup();
  if (group) return readExpressionPreset(unwrap(group));
  const sign = cursor.takeSymbol('-') ? '-' : '';
  const { next } = cursor;
  if (next?.kind === 'string') return { kind: 'text', text: cursor.takeString() ?? '' };
  if (isWord(next, 'B')) return readBits(cursor);
  if (isWord(next, 'X')) return readHexString(cursor);
  const bytes = readHexNumber(next);
  if (bytes) cursor.take();
  if (bytes) return bytes;
  if (next?.kind === 'word' && /^\d/.test(next.text))
    return { kind: 'number', text: sign + readNumber(cursor) };
  // MariaDB prints a call without parentheses around it.
  const call = next?.kind === 'word' ? cursor.take() : undefined;
  const parameters = call && cursor.takeGroup();
  return call && parameters ? { kind: 'expression', tokens: [call, OPEN, ...parameters, CLOSE] } : undefined;
};

const OPEN: SeenToken = { kind: 'symbol', text: '(', isApart: false, start: 0 };
const CLOSE: SeenToken = { kind: 'symbol', text: ')', isApart: false, start: 0 };

/** Servers print a default of bytes as text where they can, each by a rule of its own. */
const ofType = (type: string, preset: Preset): Preset => {
  if (isOfFamily(type, 'bytes') && preset.kind === 'text')
    return { kind: 'bytes', hex: Buffer.from(preset.text, 'utf8').toString('hex') };
  return preset;
};

/** `x'00ff'` */
const readHexString = (cursor: TokenCursor): Preset | undefined => {
  cursor.take();
  const hex = cursor.takeString();
  return hex === undefined ? undefined : { kind: 'bytes', hex: hex.toLowerCase() };
};

const HEX_NUMBER = /^0x([\da-f]*)$/i;

const readHexNumber = (token: SeenToken | undefined): Preset | undefined => {
  const hex = token?.kind === 'word' ? HEX_NUMBER.exec(token.text)?.[1] : undefined;
  return hex === undefined ? undefined : { kind: 'bytes', hex: hex.toLowerCase() };
};

const readBits = (cursor: TokenCursor): Preset | undefined => {
  cursor.take();
  const bits = cursor.takeString();
  return bits === undefined ? undefined : { kind: 'number', text: `b'${bits}'` };
};

/** `1.50` is three tokens, `1e10` is one. */
const readNumber = (cursor: TokenCursor): string => {
  let text = cursor.take()?.text ?? '';
  while (isSymbol(cursor.next, '.') || (text.endsWith('.') && cursor.next?.kind === 'word'))
    text += cursor.take()?.text ?? '';
  const sign =
    /e$/i.test(text) && (isSymbol(cursor.next, '-') || isSymbol(cursor.next, '+'))
      ? cursor.take()
      : undefined;
  return sign ? `${text}${sign.text}${cursor.take()?.text ?? ''}` : text;
};

/** A text or number alone is a literal default, which MySQL writes as an expression for TEXT and BLOB. */
const readExpressionPreset = (tokens: readonly SeenToken[]): Preset => {
  const [first, second, ...more] = tokens;
  const literal = isWord(first, '_UTF8MB4', '_UTF8MB3', '_UTF8') ? second : first;
  const isAlone = more.length === 0 && (literal === second || second === undefined);
  if (literal?.kind === 'string' && isAlone) return { kind: 'text', text: readLiteral(literal) };
  const bytes = tokens.length === 1 ? readHexNumber(first) : undefined;
  if (bytes) return bytes;
  const text = tokens.map((token) => token.text).join('');
  const [, digits] = /^(?:now|current_timestamp)\((\d*)\)$/i.exec(text) ?? [];
  if (digits !== undefined)
    return { kind: 'now', text: digits === '' ? 'current_timestamp' : `current_timestamp(${digits})` };
  // MySQL prints -1 as -(1).
  const number = text.replaceAll(/[()]/g, '');
  return NUMBER.test(number) ? { kind: 'number', text: number } : { kind: 'expression', tokens };
};

const NUMBER = /^-?\d+(?:\.\d+)?(?:e[-+]?\d+)?$/i;

/** Widths that only say how a client might pad numbers are left out, as MySQL does since 8.0.19. */
const readType = (cursor: TokenCursor): string => {
  const name = (cursor.take()?.text ?? '').toLowerCase();
  const group = cursor.takeGroup();
  const attributes: string[] = [];
  for (const word of ['unsigned', 'zerofill'])
    if (cursor.takeWords(word.toUpperCase())) attributes.push(word);
  const parameters = group === undefined ? '' : `(${writeParameters(group)})`;
  const isSaid =
    !isOfFamily(name, 'integer') ||
    attributes.includes('zerofill') ||
    (name === 'tinyint' && parameters === '(1)' && attributes.length === 0);
  return [`${canonicalTypeName(name)}${isSaid ? parameters : ''}`, ...attributes].join(' ');
};

const writeParameters = (group: readonly SeenToken[]): string =>
  splitList(group)
    .map((parts) =>
      parts
        .map((part) => (part.kind === 'string' ? quoteComment(readLiteral(part), '') : part.text))
        .join(''),
    )
    .join(',');
