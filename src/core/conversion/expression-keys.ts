import type { FindingList } from '../server/findings.js';
import type { ColumnShape, KeyShape, TableShape } from './table-shape.js';

/** Columns that MySQL makes for the expressions of keys and shows nobody unless asked. */
export interface HiddenColumn {
  /** `!hidden!KEY!0!0` */
  readonly name: string;
  readonly type: string;
  readonly collation: string | undefined;
}

const LONGEST_NAME = 64;

/**
 * Keys over expressions as keys over invisible generated columns, which is what MySQL makes of them itself. An expression
 * whose type is not known stays where it is.
 */
export const spreadExpressionKeys = (
  shape: TableShape,
  hidden: readonly HiddenColumn[],
  findings: FindingList,
): TableShape => {
  const taken = new Set(shape.columns.map(({ name }) => name.toLowerCase()));
  const added: ColumnShape[] = [];
  const spread = (key: KeyShape): KeyShape => ({
    ...key,
    parts: key.parts.map((part, at) => {
      const made = hidden.find(({ name }) => name.startsWith(`!hidden!${key.name}!${String(at)}!`));
      if (!part.expression || !made) return part;
      const name = findFreeName(`${key.name}_${String(at + 1)}`, taken);
      taken.add(name.toLowerCase());
      added.push({
        ...{ name, type: made.type, collation: made.collation, isNullable: true, isInvisible: true },
        ...{
          preset: undefined,
          onUpdate: undefined,
          isAutoIncrement: false,
          isCompressed: false,
          comment: '',
        },
        generated: { tokens: part.expression, kind: 'virtual' },
      });
      findings.note(
        `${shape.name}, key ${key.name}`,
        'an expression in a key',
        'an invisible generated column in it, which queries have to name where MariaDB is older than 11.8',
      );
      return { ...part, column: name, expression: undefined };
    }),
  });
  const keys = shape.keys.map(spread);
  return { ...shape, keys, columns: [...shape.columns, ...added] };
};

/** Names of columns and constraints count without regard to case. */
export const findFreeName = (wanted: string, taken: ReadonlySet<string>): string => {
  for (let number = 1; ; number += 1) {
    const end = number === 1 ? '' : `_${String(number)}`;
    const name = `${wanted.slice(0, LONGEST_NAME - end.length)}${end}`;
    if (!taken.has(name.toLowerCase())) return name;
  }
};
