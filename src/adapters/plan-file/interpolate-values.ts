import { isRecord } from '../../core/strict-json.js';
import { type InterpolationProblem, type Variables, interpolate } from '../../core/plan/interpolation.js';

export interface InterpolatedValues {
  /** A copy with every variable replaced. */
  readonly value: unknown;
  /** Paths (see `pathKey`) of the texts that have a variable in them. */
  readonly replaced: ReadonlySet<string>;
  readonly problems: readonly (InterpolationProblem & { readonly path: readonly string[] })[];
}

export const pathKey = (path: readonly string[]): string => JSON.stringify(path);

/**
 * Replaces variables in every text of a value, keys and free `x-*` sections excepted. `isPermitted` says whether a
 * variable may stand at a path.
 */
export const interpolateValues = (
  value: unknown,
  variables: Variables,
  isPermitted: (variable: string, path: readonly string[]) => boolean,
): InterpolatedValues => {
  const replaced = new Set<string>();
  const problems: (InterpolationProblem & { readonly path: readonly string[] })[] = [];
  const replaceIn = (node: unknown, path: readonly string[]): unknown => {
    if (typeof node === 'string') {
      const result = interpolate(node, variables, (variable) => isPermitted(variable, path));
      if (result.hasVariables) replaced.add(pathKey(path));
      problems.push(...result.problems.map((problem) => ({ ...problem, path })));
      return result.text;
    }
    if (Array.isArray(node)) return node.map((item, index) => replaceIn(item, [...path, String(index)]));
    if (!isRecord(node)) return node;
    const entries = Object.entries(node).map(([key, item]): [string, unknown] =>
      path.length === 0 && key.startsWith('x-') ? [key, item] : [key, replaceIn(item, [...path, key])],
    );
    return Object.fromEntries(entries);
  };
  return { value: replaceIn(value, []), replaced, problems };
};

/** What stands at a path; undefined when nothing does. */
export const readPath = (value: unknown, path: readonly string[]): unknown =>
  path.reduce(
    (node, step) =>
      typeof node === 'object' && node !== null
        ? (node as Readonly<Record<string, unknown>>)[step]
        : undefined,
    value,
  );
