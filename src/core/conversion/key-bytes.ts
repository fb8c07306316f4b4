import { charsetOf } from './print-table.js';
import { columnTypeOf } from '../sql/column-types.js';
import type { ColumnShape, KeyShape, TableShape } from './table-shape.js';

/** Bytes of the longest character; all others have one. */
const CHARACTER_BYTES: Readonly<Record<string, number>> = {
  ...{ utf8mb4: 4, utf16: 4, utf16le: 4, utf32: 4, gb18030: 4, utf8mb3: 3, utf8: 3, ujis: 3, eucjpms: 3 },
  ...{ ucs2: 2, sjis: 2, cp932: 2, big5: 2, gbk: 2, gb2312: 2, euckr: 2 },
};

/** At least so many, as servers count them; numbers and times may have a few more. */
export const countKeyBytes = (key: KeyShape, { columns }: Pick<TableShape, 'columns'>): number =>
  key.parts.reduce((sum, part) => {
    const column = columns.find(({ name }) => name.toLowerCase() === part.column.toLowerCase());
    return sum + (column ? countPartBytes(column, part.length) : 0);
  }, 0);

const countPartBytes = ({ type, collation }: ColumnShape, prefix: string | undefined): number => {
  const fixed = columnTypeOf(type)?.keyBytes;
  if (fixed !== undefined) return fixed;
  const [, length] = /^\w+(?:\((\d+)\))?/.exec(type) ?? [];
  const characters = Number(prefix ?? length ?? 0);
  return characters * (collation === undefined ? 1 : (CHARACTER_BYTES[charsetOf(collation)] ?? 1));
};
