import { describeElements, describeTable } from '../conversion/describe-table.js';
import { signPartitions } from '../conversion/partitions.js';
import { readElements, readTable } from '../conversion/read-table.js';
import type { TableShape } from '../conversion/table-shape.js';
import { type CreateTable, type TableElement, readCreateTable, textOfElement } from '../sql/create-table.js';
import { isSymbol, isWord } from '../sql/sql-text.js';
import { splitCounter } from '../sql/table-statement.js';
import { type SeenToken, writeTokens } from '../sql/token-cursor.js';
import { type ComparedLine, diffLines, plainLines } from './line-diff.js';

/**
 * What the definition of a table loses (`- `) and gets (`+ `). What servers only print in another way is left out, and
 * so is the counter, which moves with the rows.
 */
export const diffTables = (now: string, coming: string): readonly string[] => {
  const [before, after] = [linesOf(now), linesOf(coming)];
  const found = diffLines(before, after);
  if (found.length > 0) return found;
  return diffLines(plainLines(before.map(toText)), plainLines(after.map(toText)));
};

const toText = ({ text }: ComparedLine): string => text;

/** A line for each column, key and check, one for the options, and those of the partitions. */
const linesOf = (statement: string): readonly ComparedLine[] => {
  const table = readCreateTable(splitCounter(readCreateTable(statement)).rest);
  if (!table.isTable) return plainLines(table.sql.split('\n').filter((line) => line !== ''));
  const { shape } = readTable(table.sql);
  return [
    ...table.elements.map((element) => ({
      key: keyOfElement(table, element, shape),
      text: textOfElement(table, element),
    })),
    ...linesOfTail(table, shape),
  ];
};

const keyOfElement = ({ name }: CreateTable, element: TableElement, shape: TableShape): string => {
  const { unknown, ...read } = readElements(name, [element], shape.collation);
  const compressed = read.columns.map(({ isCompressed }) => isCompressed);
  return JSON.stringify([describeElements({ engine: shape.engine, ...read }), compressed, unknown]);
};

const linesOfTail = ({ tail }: CreateTable, shape: TableShape): readonly ComparedLine[] => {
  const split = tail.findIndex((token) => isWord(token, 'PARTITION'));
  const [options, partitions] = split === -1 ? [tail, []] : [tail.slice(0, split), tail.slice(split)];
  const versioned = options.findIndex((token) => isWord(token, 'WITH'));
  const facts = { ...shape, columns: [], keys: [], foreignKeys: [], checks: [], partitions: [] };
  return [
    {
      key: JSON.stringify([
        describeTable(facts),
        versioned === -1 ? '' : writeTokens(options.slice(versioned)),
      ]),
      text: writeTokens(options),
    },
    ...cutPartitions(partitions).map((tokens) => ({
      key: signPartitions(tokens).join(' '),
      text: writeTokens(tokens),
    })),
  ];
};

/** PARTITION BY ..., and each partition and subpartition, without the parentheses and commas between them. */
const cutPartitions = (tokens: readonly SeenToken[]): readonly (readonly SeenToken[])[] => {
  const lines: SeenToken[][] = [];
  let depth = 0;
  for (const [at, token] of tokens.entries()) {
    const isNext = isWord(token, 'PARTITION', 'SUBPARTITION') && isSeparator(tokens[at - 1]);
    if (isNext) lines.at(-1)?.pop();
    if (isNext || at === 0) {
      lines.push([]);
      depth = 0;
    }
    if (isSymbol(token, '(')) depth += 1;
    if (isSymbol(token, ')')) depth -= 1;
    if (depth >= 0) lines.at(-1)?.push(token);
  }
  return lines;
};

const isSeparator = (token: SeenToken | undefined): boolean => isSymbol(token, '(') || isSymbol(token, ',');

const MOST_LINES = 3;
const LONGEST_LINE = 160;

/** The same in words, as much of it as a person reads: `diff` are the lines from the copy to the source. */
export const describeDifference = (diff: readonly string[]): string => {
  const [made, lost] = ['- ', '+ '].map((sign) =>
    diff.filter((line) => line.startsWith(sign)).map((line) => line.slice(sign.length)),
  );
  if (!made || !lost || diff.length === 0)
    return 'both servers print it alike, and describe it otherwise in information_schema';
  if (made.toSorted().join('\n') === lost.toSorted().join('\n')) return 'the order of its lines';
  return [
    ...(lost.length > 0 ? [`the source has ${listSome(lost)}`] : []),
    ...(made.length > 0 ? [`the copy has ${listSome(made)}`] : []),
  ].join(', ');
};

const listSome = (lines: readonly string[]): string => {
  const shown = lines.slice(0, MOST_LINES).map((line) => `"${line.slice(0, LONGEST_LINE)}"`);
  const rest = lines.length - shown.length;
  return `${shown.join(', ')}${rest > 0 ? ` and ${String(rest)} more` : ''}`;
};
