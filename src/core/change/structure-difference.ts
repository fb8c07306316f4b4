import { describeTable } from '../conversion/describe-table.js';
import { readTable } from '../conversion/read-table.js';
import { readCreateTable } from '../sql/create-table.js';
import { splitCounter } from '../sql/table-statement.js';

const MOST_LINES = 3;
const LONGEST_LINE = 160;

/** What one of two definitions has and the other has not, as much of it as a person reads. */
export const describeDifference = (
  source: string,
  copy: string,
  printedBy: 'one-vendor' | 'two-vendors',
): string => {
  const [before, after] =
    printedBy === 'one-vendor' ? [linesOf(source), linesOf(copy)] : [factsOf(source), factsOf(copy)];
  const lost = before.filter((line) => !after.includes(line));
  const made = after.filter((line) => !before.includes(line));
  if (lost.length + made.length === 0)
    return before.join('\n') === after.join('\n')
      ? 'both servers print it alike, and describe it otherwise in information_schema'
      : 'the order of its lines';
  return [
    ...(lost.length > 0 ? [`the source has ${listSome(lost)}`] : []),
    ...(made.length > 0 ? [`the copy has ${listSome(made)}`] : []),
  ].join(', ');
};

/** The counter moves with the rows. */
const linesOf = (statement: string): readonly string[] =>
  splitCounter(readCreateTable(statement))
    .rest.split('\n')
    .map((line) => line.trim().replace(/,$/, ''));

/** Vendors print one table in two ways. */
const factsOf = (statement: string): readonly string[] =>
  Object.entries(describeTable(readTable(statement).shape) as Readonly<Record<string, unknown>>).flatMap(
    ([what, facts]) =>
      (Array.isArray(facts) ? facts : [facts]).map(
        (fact) => `${what}: ${typeof fact === 'string' ? fact : JSON.stringify(fact)}`,
      ),
  );

const listSome = (lines: readonly string[]): string => {
  const shown = lines.slice(0, MOST_LINES).map((line) => `"${line.slice(0, LONGEST_LINE)}"`);
  const rest = lines.length - shown.length;
  return `${shown.join(', ')}${rest > 0 ? ` and ${String(rest)} more` : ''}`;
};
