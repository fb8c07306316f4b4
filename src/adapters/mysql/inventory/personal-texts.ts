import { DETECTED } from '../../../core/mask/detector.js';
import { detectInText } from '../../../core/mask/detectors.js';
import { isOfFamily } from '../../../core/sql/column-types.js';
import type { Cell, Row } from './information-schema.js';
import { textOf } from './inspect-normal-form.js';
import type { TableRows } from './table-rows.js';

/** A part of a definition as people call it, and the texts in it. */
export type NamedTexts = readonly [place: string, texts: readonly Cell[]];

/** Where texts that somebody wrote look like personal data, and like which kind; never the texts. */
export const describePersonalTexts = (
  places: readonly NamedTexts[],
): { readonly personalTexts?: readonly string[] } => {
  const found = places.flatMap(([place, texts]) => {
    const kinds = new Set(texts.flatMap((text) => detectInText(textOf(text))));
    return kinds.size === 0 ? [] : [`${place} (${[...kinds].map((kind) => DETECTED[kind]).join(', ')})`];
  });
  return found.length === 0 ? {} : { personalTexts: found };
};

/** Nothing that is looked for is shorter. Most columns have no text of this length, and a plan reads many thousands. */
const SHORTEST = 6;

/** The texts that somebody may have written, with their place, which is only worth its words where there are any. */
const placed = (place: () => string, ...texts: readonly Cell[]): readonly NamedTexts[] =>
  texts.some((text) => typeof text === 'string' && text.length >= SHORTEST) ? [[place(), texts]] : [];

/** Comments, defaults, expressions, members of ENUM and SET, and bounds of partitions. */
export const listTableTexts = ({ table, columns, checks, partitions }: TableRows): readonly NamedTexts[] => {
  const name = textOf(table.TABLE_NAME);
  return [
    ...placed(() => `the comment of ${name}`, table.TABLE_COMMENT),
    ...columns.flatMap((column) => listColumnTexts(name, column)),
    ...checks.flatMap(({ name: check, clause }) => placed(() => `check ${check} of ${name}`, clause)),
    ...partitions.flatMap((part) =>
      placed(
        () => `partition ${textOf(part.PARTITION_NAME)} of ${name}`,
        part.PARTITION_DESCRIPTION,
        part.PARTITION_COMMENT,
      ),
    ),
  ];
};

const listColumnTexts = (table: string, column: Row<'COLUMNS'>): readonly NamedTexts[] => {
  const of = (what: string) => (): string => `the ${what} of ${table}.${textOf(column.COLUMN_NAME)}`;
  return [
    ...placed(of('comment'), column.COLUMN_COMMENT),
    ...placed(of('default'), column.COLUMN_DEFAULT),
    // Other types have no text of anybody in them.
    ...(isOfFamily(textOf(column.DATA_TYPE), 'members') ? placed(of('type'), column.COLUMN_TYPE) : []),
    ...placed(of('expression'), column.GENERATION_EXPRESSION),
  ];
};
