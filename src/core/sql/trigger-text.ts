import { type Token, isSymbol, isWord, nameOf } from './sql-text.js';

/** Position behind FOR EACH ROW; -1 where it does not stand. `seen` is what the parser sees of a trigger. */
export const findTriggerBody = (seen: readonly Token[]): number => {
  const row = seen.findIndex(
    (token, at) => isWord(token, 'ROW') && isWord(seen[at - 1], 'EACH') && isWord(seen[at - 2], 'FOR'),
  );
  return row === -1 ? -1 : row + 1;
};

/**
 * What stands before the body beside the names of the trigger, its table and the trigger it FOLLOWS, in one spelling:
 * some servers print the person's own words, and some print words of their own and leave some out.
 */
export const readTriggerHead = (
  seen: readonly Token[],
): { readonly words: readonly string[]; readonly body: number } => {
  const row = findTriggerBody(seen);
  const words = seen.slice(0, row).flatMap((token, at, head) => {
    const before = head[at - 1];
    const isPart = isSymbol(token, '.') || isSymbol(head[at + 1], '.') || isSymbol(before, '.');
    if (isPart || isWord(before, 'TRIGGER', 'ON', 'EXISTS') || isWord(token, 'IF', 'NOT', 'EXISTS'))
      return [];
    return [token.kind === 'word' ? token.text.toLowerCase() : (nameOf(token) ?? token.text)];
  });
  return { words, body: isWord(seen[row], 'FOLLOWS', 'PRECEDES') ? row + 2 : row };
};
