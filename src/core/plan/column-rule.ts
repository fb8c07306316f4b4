import type { Following } from '../mask/mask-rule.js';
import { type MaskProblem, type MaskReading, readMaskDecision } from '../mask/read-mask-decision.js';
import { isRecord } from '../strict-json.js';
import { isExact, parseColumnPattern } from './column-pattern.js';
import { readExactPattern } from './pattern.js';

/** A column by its names. */
export interface ColumnNames {
  readonly database: string;
  readonly table: string;
  readonly column: string;
}

/** Reads what stands behind a column in the YAML of a plan: a mask, or the column whose mask it has. */
export const readColumnRule = (written: unknown): MaskReading<Following> => {
  if (!isRecord(written) || !Object.hasOwn(written, 'follows')) return readMaskDecision(written);
  const { follows, ...others } = written;
  const parsed = typeof follows === 'string' ? parseColumnPattern(follows) : undefined;
  if (Object.keys(others).length > 0)
    return refuse(
      [],
      'what follows another column has no mask of its own',
      'write { follows: customers.id }',
    );
  return typeof follows === 'string' && parsed?.table !== undefined && isExact(parsed)
    ? { decision: { kind: 'follows', column: follows } }
    : refuse(['follows'], 'one column is followed', 'name it TABLE.COLUMN or DATABASE.TABLE.COLUMN');
};

const refuse = (
  path: readonly string[],
  message: string,
  hint: string,
): { readonly problem: MaskProblem } => ({
  problem: { path, message, hint },
});

/** The column that is followed: of the same database, unless the plan names another. */
export const followedColumn = ({ column }: Following, database: string): ColumnNames => {
  const parsed = parseColumnPattern(column);
  const nameOf = (pattern: string | undefined): string => readExactPattern(pattern ?? '') ?? '';
  return {
    database: parsed?.database === undefined ? database : nameOf(parsed.database),
    table: nameOf(parsed?.table),
    column: nameOf(parsed?.column),
  };
};
