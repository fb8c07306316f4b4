/** Members by name or in double quotes, elements by number, or all of them. */
const STEP = /\.(?:[\p{L}_$][\p{L}\p{N}_$]*|"(?:[^"\\]|\\.)+")|\[(?:\d{1,9}|\*)\]/gu;

/** All elements of an array. */
export const EVERY = '[*]';

/** The steps of a path into JSON behind its `$`; undefined for what is none, and for other wildcards. */
export const readJsonPath = (path: string): readonly string[] | undefined => {
  const steps = path.match(STEP) ?? [];
  return steps.length > 0 && `$${steps.join('')}` === path ? steps : undefined;
};

/** Has it a wildcard of any kind, outside of names in quotes? */
export const hasWildcard = (path: string): boolean => path.replaceAll(/"(?:[^"\\]|\\.)*"/g, '').includes('*');

/**
 * Does one name an element where the other means all of the same array? The mask of one would then be put back by the
 * other, so that such paths are refused.
 */
export const isMixed = (one: string, other: string): boolean => {
  const [steps, others] = [readJsonPath(one) ?? [], readJsonPath(other) ?? []];
  const at = steps.findIndex((step, index) => step !== others[index]);
  const [a = '', b = ''] = [steps[at], others[at]];
  return a.startsWith('[') && b.startsWith('[') && (a === EVERY || b === EVERY);
};
