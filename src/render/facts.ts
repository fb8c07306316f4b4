import { makePrintable } from '../core/printable.js';
import { fitLines } from './fit-lines.js';
import { type Look, paint } from './paint.js';

/** A title and what it says; undefined leaves it out. */
export type Fact = readonly [title: string, text: string | undefined];

/** One line for each fact, broken beside its title; tab separated in a pipe. */
export const renderFacts = (facts: readonly Fact[], look: Look): readonly string[] => {
  const indent = Math.max(...facts.map(([title]) => title.length)) + 2;
  return facts.flatMap(([title, text]) => {
    if (text === undefined) return [];
    if (!look.isTerminal) return [`${title}\t${makePrintable(text)}`];
    const [first = '', ...rest] = fitLines([makePrintable(text)], {
      ...look,
      columns: look.columns - indent,
    });
    return [
      paint(look, 'dim', title.padEnd(indent)) + first,
      ...rest.map((line) => ' '.repeat(indent) + line),
    ];
  });
};
