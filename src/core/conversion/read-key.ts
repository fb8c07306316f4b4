import type { TableElement } from '../sql/create-table.js';
import { nameOf } from '../sql/sql-text.js';
import type { CheckShape, ForeignKeyShape, KeyPart, KeyShape } from './table-shape.js';
import { type SeenToken, TokenCursor, splitList, unwrap, writeTokens } from '../sql/token-cursor.js';

/** A key, foreign key or check; `unknown` is what of it is not known. */
export type ConstraintText = { readonly unknown?: string } & (
  | { readonly kind: 'key'; readonly key: KeyShape }
  | { readonly kind: 'foreign-key'; readonly foreignKey: ForeignKeyShape }
  | { readonly kind: 'check'; readonly check: CheckShape }
  | { readonly kind: 'nothing' }
);

/** Reads what SHOW CREATE TABLE prints after the columns. */
export const readConstraint = (element: TableElement): ConstraintText => {
  const cursor = new TokenCursor(element.rest);
  const text = readByKind(element, cursor) ?? { kind: 'nothing' as const };
  const rest = text.kind === 'nothing' ? element.tokens : cursor.takeRest();
  return rest.length === 0 ? text : { ...text, unknown: writeTokens(rest) };
};

const readByKind = ({ kind, name }: TableElement, cursor: TokenCursor): ConstraintText | undefined => {
  if (kind === 'column' || kind === 'other') return undefined;
  if (kind === 'foreign-key') return readForeignKey(cursor, name);
  return kind === 'check' ? readCheck(cursor, name) : readKey(cursor, kind, name);
};

const readKey = (cursor: TokenCursor, kind: KeyShape['kind'], name: string): ConstraintText => {
  const options: { using?: string; comment?: string; isUnused?: boolean } = {};
  const readUsing = (): boolean => {
    if (!cursor.takeWords('USING')) return false;
    options.using = cursor.take()?.text.toLowerCase() ?? '';
    return true;
  };
  // `PRIMARY KEY USING HASH (id)` is older than `PRIMARY KEY (id) USING HASH`.
  readUsing();
  const parts = splitList(cursor.takeGroup() ?? []).map(readPart);
  for (;;) {
    if (readUsing()) continue;
    if (cursor.takeWords('COMMENT')) options.comment = cursor.takeString() ?? '';
    else if (cursor.takeWords('INVISIBLE') || cursor.takeWords('IGNORED')) options.isUnused = true;
    else break;
  }
  const bad = parts.find((part) => typeof part === 'string');
  const key: KeyShape = {
    kind,
    name,
    parts: parts.filter((part) => typeof part !== 'string'),
    using: options.using,
    comment: options.comment ?? '',
    isUnused: options.isUnused ?? false,
  };
  return { kind: 'key', key, ...(bad !== undefined && { unknown: bad }) };
};

/** A column or an expression, or the text of what is neither: a period. */
const readPart = (tokens: readonly SeenToken[]): KeyPart | string => {
  const cursor = new TokenCursor(tokens);
  const column = cursor.takeName();
  const group = cursor.takeGroup() ?? [];
  const isDescending = cursor.takeWords('DESC');
  if (!cursor.isAtEnd) return writeTokens(tokens);
  return column === undefined
    ? { column: '', expression: unwrap(group), length: undefined, isDescending }
    : { column, expression: undefined, length: group[0]?.text, isDescending };
};

const readCheck = (cursor: TokenCursor, name: string): ConstraintText | undefined => {
  const group = cursor.takeGroup();
  if (!group) return undefined;
  const isEnforced = !cursor.takeWords('NOT', 'ENFORCED');
  return { kind: 'check', check: { name, column: undefined, tokens: unwrap(group), isEnforced } };
};

const readNames = (cursor: TokenCursor): readonly string[] =>
  splitList(cursor.takeGroup() ?? []).flatMap(([token]) => (token && nameOf(token)) ?? []);

const readForeignKey = (cursor: TokenCursor, name: string): ConstraintText | undefined => {
  const columns = readNames(cursor);
  if (!cursor.takeWords('REFERENCES')) return undefined;
  const references = [cursor.takeName() ?? ''];
  if (cursor.takeSymbol('.')) references.push(cursor.takeName() ?? '');
  const referencedColumns = readNames(cursor);
  const onDelete = cursor.takeWords('ON', 'DELETE') ? readAction(cursor) : undefined;
  const onUpdate = cursor.takeWords('ON', 'UPDATE') ? readAction(cursor) : undefined;
  const foreignKey = { name, columns, references, referencedColumns, onDelete, onUpdate };
  return { kind: 'foreign-key', foreignKey };
};

/** Others stay in the cursor and are unknown. */
const readAction = (cursor: TokenCursor): string | undefined => {
  if (cursor.takeWords('CASCADE')) return 'CASCADE';
  if (cursor.takeWords('SET', 'NULL')) return 'SET NULL';
  if (!cursor.takeWords('RESTRICT')) cursor.takeWords('NO', 'ACTION');
  return undefined;
};
