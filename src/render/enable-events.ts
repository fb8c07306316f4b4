import { makePrintable } from '../core/printable.js';
import { formatPlural } from './units.js';

const MOST_STATEMENTS = 20;

/** What `options.events: disabled` left off, for a person to run. */
export const renderEnabling = (statements: readonly string[]): readonly string[] => {
  if (statements.length === 0) return [];
  const rest = statements.length - MOST_STATEMENTS;
  return [
    `${formatPlural(statements.length, 'event is', 'events are')} switched off. To switch them on:`,
    ...statements.slice(0, MOST_STATEMENTS).map((statement) => `  ${makePrintable(statement)}`),
    ...(rest > 0 ? [`  and ${String(rest)} more, all of them in --json`] : []),
  ];
};
