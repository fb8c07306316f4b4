import type { ComparedRows, Sameness } from '../core/change/sameness.js';
import { formatCount, formatPlural } from './units.js';

/** What is known of a live database beside the source's, a clause each; `tellTime` says when the last copy was. */
export const describeSameness = (
  { verdict, reasons, copiedAt, rows }: Sameness,
  tellTime: (time: string) => string,
): readonly string[] => {
  const since = copiedAt === null ? '' : ` since the copy ${tellTime(copiedAt)}`;
  switch (verdict) {
    case 'same':
      return [`no change: all rows were compared (${countRows(rows ?? [])})`];
    case 'unwritten':
      return [`no change as far as the servers tell: neither side was written${since}`];
    case 'written':
      return [`structure is the same; written${since}: ${reasons.join('; ')}`];
    case 'not-compared':
      return [
        `structure is the same; rows are not compared (${reasons.join('; ')})`,
        ...(rows ? describeRows(rows) : []),
      ];
    case 'different':
      return [...shorten(reasons).map((reason) => `~ ${reason}`), ...(rows ? describeRows(rows) : [])];
  }
};

const MOST_REASONS = 6;

const shorten = (reasons: readonly string[]): readonly string[] => {
  const rest = reasons.length - MOST_REASONS;
  return rest > 1
    ? [...reasons.slice(0, MOST_REASONS), `and ${formatPlural(rest, 'other difference')} (-v shows how)`]
    : reasons;
};

const countRows = (rows: readonly ComparedRows[]): string =>
  `${formatPlural(
    rows.reduce((sum, { source }) => sum + source, 0),
    'row',
  )} in ${formatPlural(rows.length, 'table')}`;

const describeRows = (rows: readonly ComparedRows[]): readonly string[] => {
  const same = rows.filter(({ isSame }) => isSame);
  return [
    ...rows
      .filter(({ isSame }) => !isSame)
      .map(
        ({ table, source, target }) =>
          `~ rows of ${table} differ: ${formatCount(source)} on the source, ${formatCount(target)} on the target`,
      ),
    ...(same.length > 0 ? [`rows are the same in ${formatPlural(same.length, 'table')}`] : []),
  ];
};
