import type { Secret } from './secret.js';

/** A sync plan that need not be in a file, with the secrets that its variables stand for. */
export interface UnsavedPlan {
  /** The file it was written to, or `<not saved>`. */
  readonly path: string;
  /** The YAML. */
  readonly text: string;
  /** By the name of the variable. */
  readonly secrets: ReadonlyMap<string, Secret>;
}

export const NOT_SAVED = '<not saved>';

/** Can the plan be named on a command line again? Not when it came from stdin, or was never written. */
export const isPlanFile = (path: string): boolean => !path.startsWith('<');
