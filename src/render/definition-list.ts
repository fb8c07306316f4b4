import { displayWidth } from './display-width.js';
import { fitLines } from './fit-lines.js';
import type { Look } from './paint.js';
import { renderTable } from './table.js';

const GAP = '  ';
/** With less room than this beside them, meanings stand below the words. */
const NARROWEST_MEANING = 24;

/** Words and what they mean: on a terminal nothing is cut, in a pipe one tab separated line each, without the titles. */
export const renderDefinitions = (
  titles: readonly [string, string] | undefined,
  rows: readonly (readonly [string, string])[],
  look: Look,
): readonly string[] => {
  const columns = (titles ?? ['', '']).map((title) => ({ title }));
  if (!look.isTerminal) return renderTable(columns, rows, look);
  const wordWidth = Math.max(...rows.map(([word]) => displayWidth(word)), displayWidth(titles?.[0] ?? ''));
  const room = look.columns - wordWidth - GAP.length;
  if (room < NARROWEST_MEANING)
    return rows.flatMap(([word, meaning]) => [word, ...fitLines([`    ${meaning}`], look)]);
  const lines = rows.map(
    ([word, meaning]) => [word, fitLines([meaning], { ...look, columns: room })] as const,
  );
  return renderTable(
    columns,
    lines.flatMap(([word, meanings]) => meanings.map((meaning, index) => [index === 0 ? word : '', meaning])),
    look,
  ).slice(titles ? 0 : 1);
};
