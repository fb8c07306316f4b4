/** Members by name or in double quotes, elements by number, or all of them. */
const STEP = /\.(?:[\p{L}_$][\p{L}\p{N}_$]*|"(?:[^"\\]|\\.)+")|\[(?:\d{1,9}|\*)\]/gu;

/** Servers agree on what needs no quotes only of these. */
const PLAIN_NAME = /^[A-Za-z_]\w*$/;

/** All elements of an array. */
export const EVERY = '[*]';

/** The steps of a path into JSON behind its `$`, each in one spelling; undefined for what is none, and for other wildcards. */
export const readJsonPath = (path: string): readonly string[] | undefined => {
  const steps = path.match(STEP) ?? [];
  if (steps.length === 0 || `$${steps.join('')}` !== path) return undefined;
  const spelled = steps.flatMap((step) => spell(step) ?? []);
  return spelled.length === steps.length ? spelled : undefined;
};

/** `."list"` is `.list`, and `[00]` is `[0]`: by two spellings one place would be masked twice, and each would undo the other. */
const spell = (step: string): string | undefined => {
  if (step.startsWith('[')) return step === EVERY ? step : `[${Number(step.slice(1, -1))}]`;
  try {
    const name = step.startsWith('."') ? (JSON.parse(step.slice(1)) as string) : step.slice(1);
    return PLAIN_NAME.test(name) ? `.${name}` : `.${JSON.stringify(name)}`;
  } catch {
    return undefined;
  }
};

/** Servers take the first element of what is no array for the whole of it. */
export const withoutFirst = (steps: readonly string[]): readonly string[] =>
  steps.filter((step) => step !== '[0]');

/** Has it a wildcard of any kind, outside of names in quotes? */
export const hasWildcard = (path: string): boolean => path.replaceAll(/"(?:[^"\\]|\\.)*"/g, '').includes('*');

/**
 * Does one name an element where the other means all of the same array, or do they come to one array by two ways? The mask
 * of one would then be put back by the other, so that such paths are refused.
 */
export const isMixed = (one: string, other: string): boolean => {
  const [steps, others] = [readJsonPath(one) ?? [], readJsonPath(other) ?? []];
  const at = steps.findIndex((step, index) => step !== others[index]);
  const [a = '', b = ''] = [steps[at], others[at]];
  if (a.startsWith('[') && b.startsWith('[') && (a === EVERY || b === EVERY)) return true;
  return listArrays(steps).some((array) =>
    listArrays(others).some(
      (another) =>
        array.join('') !== another.join('') &&
        withoutFirst(array).join('') === withoutFirst(another).join(''),
    ),
  );
};

/** Of a path, those of the arrays of which it means all elements. */
const listArrays = (steps: readonly string[]): readonly (readonly string[])[] =>
  steps.flatMap((step, at) => (step === EVERY ? [steps.slice(0, at)] : []));
