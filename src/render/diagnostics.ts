import type { Diagnostic } from '../core/diagnostic.js';
import { type Look, paint } from './look.js';

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
  const { file, line, column, code, message, excerpt, length, hint } = diagnostic;
  const gutter = String(Math.max(0, ...excerpt.map((row) => row.line))).length;
  const carets = `${' '.repeat(column - 1)}${'^'.repeat(Math.max(1, length))}${hint ? ` ${hint}` : ''}`;
  return [
    `${file}:${String(line)}:${String(column)}: ${paint(look, 'red', `error[${code}]`)} ${message}`,
    ...excerpt.map((row) => `  ${String(row.line).padStart(gutter)} | ${row.text}`),
    ...(excerpt.length > 0 ? [`  ${' '.repeat(gutter)} | ${paint(look, 'red', carets)}`] : []),
  ];
};
