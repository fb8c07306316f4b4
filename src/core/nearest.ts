/**
 * The candidates that a person most likely meant, nearest first, at most `limit`. Upper and lower case count as
 * equal. A third of the letters may be wrong: more than that is a guess.
 */
export const findNearest = (word: string, candidates: readonly string[], limit = 3): readonly string[] =>
  candidates
    .map((candidate) => ({ candidate, most: Math.floor(Math.max(word.length, candidate.length) / 3) }))
    // Who writes a whole page as one word is not helped by counting its letters.
    .filter(({ candidate, most }) => Math.abs(word.length - candidate.length) <= most)
    .map(({ candidate, most }) => ({
      candidate,
      most,
      distance: countEdits(word.toLowerCase(), candidate.toLowerCase()),
    }))
    .filter(({ distance, most }) => distance <= most)
    .sort((a, b) => a.distance - b.distance)
    .slice(0, limit)
    .map(({ candidate }) => candidate);

/** `did you mean "databases"?`, or undefined when nothing is near. */
export const suggestNearest = (word: string, candidates: readonly string[]): string | undefined => {
  const [nearest] = findNearest(word, candidates, 1);
  return nearest === undefined ? undefined : `did you mean "${nearest}"?`;
};

/** Letters to insert, remove, replace or swap with their neighbor to get from one word to the other. */
const countEdits = (from: string, to: string): number => {
  let beforePrevious: readonly number[] = [];
  let previous: readonly number[] = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (let row = 1; row <= from.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= to.length; column += 1) {
      const isSame = from[row - 1] === to[column - 1];
      const isSwap = from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1];
      current[column] = Math.min(
        (previous[column] ?? 0) + 1,
        (current[column - 1] ?? 0) + 1,
        (previous[column - 1] ?? 0) + (isSame ? 0 : 1),
        isSwap && row > 1 && column > 1 ? (beforePrevious[column - 2] ?? 0) + 1 : Infinity,
      );
    }
    [beforePrevious, previous] = [previous, current];
  }
  return previous[to.length] ?? 0;
};
