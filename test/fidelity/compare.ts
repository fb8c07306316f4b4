import type { Everything } from './read-everything.js';

/** One object that is not the same on both servers. */
export interface Difference {
  readonly what: string;
  /** Around the first character that differs. */
  readonly source: string;
  readonly target: string;
}

/** Makes texts equal that mean the same, or leaves them as they are. */
export type Normalize = (what: string, text: string) => string;

/** Objects that one side does not have, and those that are not equal. */
export const compareEverything = (
  source: Everything,
  target: Everything,
  normalizeSource: Normalize,
  normalizeTarget: Normalize,
): readonly Difference[] =>
  [...new Set([...source.facts.keys(), ...target.facts.keys()])].flatMap((what): Difference[] => {
    const [left, right] = [source.facts.get(what), target.facts.get(what)];
    if (left === undefined || right === undefined)
      return [
        {
          what,
          source: left === undefined ? 'missing' : 'there',
          target: right === undefined ? 'missing' : 'there',
        },
      ];
    const [one, other] = [normalizeSource(what, left), normalizeTarget(what, right)];
    return one === other ? [] : [{ what, ...showDifference(one, other) }];
  });

const showDifference = (source: string, target: string): Omit<Difference, 'what'> => {
  let at = 0;
  while (at < source.length && source[at] === target[at]) at += 1;
  const show = (text: string): string =>
    Buffer.from(text.slice(Math.max(0, at - 60), at + 90), 'latin1').toString('utf8');
  return { source: show(source), target: show(target) };
};
