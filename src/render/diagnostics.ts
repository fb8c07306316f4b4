import type { Diagnostic } from '../core/plan/diagnostic.js';
import { makePrintable } from '../core/printable.js';
import { displayWidth, truncateText } from './display-width.js';
import { type Look, paint } from './paint.js';

const MOST = 20;

/** The gcc shape: `file:line:column: error[CODE] message`, the lines around it, carets and the hint. */
export const renderDiagnostics = (diagnostics: readonly Diagnostic[], look: Look): readonly string[] => {
  const sorted = [...diagnostics].sort(
    (a, b) => a.file.localeCompare(b.file) || a.line - b.line || a.column - b.column,
  );
  const shown = sorted
    .slice(0, MOST)
    .flatMap((diagnostic, index) => [...(index > 0 ? [''] : []), ...renderOne(diagnostic, look)]);
  const rest = sorted.length - MOST;
  return rest > 0 ? [...shown, '', `and ${String(rest)} more`] : shown;
};

const renderOne = (diagnostic: Diagnostic, look: Look): readonly string[] => {
  const { file, line, column, code, message, excerpt, hint } = diagnostic;
  const place = `${makePrintable(file)}:${String(line)}:${String(column)}`;
  const gutter = String(Math.max(0, ...excerpt.map((row) => row.line))).length;
  // A line that wraps would tear the carets from what they mark; elsewhere nothing wraps.
  const most = look.isTerminal ? Math.max(20, look.columns - gutter - 5) : Infinity;
  const cut = cutBefore(diagnostic, most);
  const rows = excerpt.map((row) => truncateText(showText(row.text.slice(cut)), most));
  const carets = `${markColumns(diagnostic, cut, most)}${hint ? ` ${makePrintable(hint)}` : ''}`;
  return [
    `${place}: ${paint(look, 'red', `error[${code}]`)} ${makePrintable(message)}`,
    ...rows.map((text, index) =>
      `  ${String(excerpt[index]?.line ?? 0).padStart(gutter)} | ${text}`.trimEnd(),
    ),
    ...(rows.length > 0
      ? [`  ${' '.repeat(gutter)} | ${paint(look, 'red', carets)}`]
      : hint
        ? [`  ${makePrintable(hint)}`]
        : []),
  ];
};

/** How many characters to leave out at the left, so that what is marked can be seen. */
const cutBefore = ({ excerpt, column }: Diagnostic, most: number): number => {
  const marked = excerpt.at(-1)?.text ?? '';
  return displayWidth(showText(marked.slice(0, column))) < most
    ? 0
    : Math.max(0, column - Math.floor(most / 2));
};

/** Blanks and carets as wide as the text that they stand under. */
const markColumns = ({ excerpt, column, length }: Diagnostic, cut: number, most: number): string => {
  const marked = excerpt.at(-1)?.text ?? '';
  const before = displayWidth(showText(marked.slice(cut, column - 1)));
  const width = displayWidth(showText(marked.slice(column - 1, column - 1 + length)));
  return ' '.repeat(before) + '^'.repeat(Math.max(1, Math.min(width, most - before)));
};

/** One line of a file with its tabs as blanks, and without what could move the cursor. */
const showText = (text: string): string => makePrintable(text.replaceAll('\t', '    '));
