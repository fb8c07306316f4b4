import { DETECTED } from '../../../core/mask/detector.js';
import { detectInText } from '../../../core/mask/detectors.js';
import { isOfFamily } from '../../../core/sql/column-types.js';
import type { Cell } from './information-schema.js';
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

/** Comments, defaults, expressions, members of ENUM and SET, and bounds of partitions. */
export const listTableTexts = ({ table, columns, checks, partitions }: TableRows): readonly NamedTexts[] => {
  const name = textOf(table.TABLE_NAME);
  return [
    [`the comment of ${name}`, [table.TABLE_COMMENT]],
    ...columns.flatMap((column): readonly NamedTexts[] => {
      const of = `${name}.${textOf(column.COLUMN_NAME)}`;
      return [
        [`the comment of ${of}`, [column.COLUMN_COMMENT]],
        [`the default of ${of}`, [column.COLUMN_DEFAULT]],
        // Other types have no text of anybody in them.
        ...(isOfFamily(textOf(column.DATA_TYPE), 'members')
          ? [[`the type of ${of}`, [column.COLUMN_TYPE]] as const]
          : []),
        [`the expression of ${of}`, [column.GENERATION_EXPRESSION]],
      ];
    }),
    ...checks.map(({ name: check, clause }): NamedTexts => [`check ${check} of ${name}`, [clause]]),
    ...partitions.map((part): NamedTexts => [
      `partition ${textOf(part.PARTITION_NAME)} of ${name}`,
      [part.PARTITION_DESCRIPTION, part.PARTITION_COMMENT],
    ]),
  ];
};
