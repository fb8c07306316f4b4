import type { Secret } from '../secret.js';

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
/** What stands for the path of a plan that was read from stdin. */
export const STDIN_PLAN = '<stdin>';

/** Can the plan be named on a command line again? Not when it came from stdin, or was never written. */
export const isPlanFile = (path: string): boolean => path !== NOT_SAVED && path !== STDIN_PLAN;

/** The plan as an argument of a command that reads it again later: one that is in no file has to be written to one first. */
export const fileArgument = (path: string): string => (isPlanFile(path) ? planArgument(path) : 'PLAN.yaml');

/** The plan as an argument of a command: `-` is stdin once more, and FILE the file that it is to be written to first. */
export const planArgument = (path: string): string => {
  if (path === STDIN_PLAN) return '-';
  if (path === NOT_SAVED) return 'FILE';
  return path.startsWith('-') ? `./${path}` : path;
};

/** Where an argument may be a file or the name of a saved connection, this is a file: a sync plan, or a saved plan. */
export const looksLikeFile = (argument: string): boolean => /\/|\.(ya?ml|json)$|^-$/.test(argument);

/** The plan as such an argument. */
export const fileLikeArgument = (path: string): string => {
  const argument = planArgument(path);
  return looksLikeFile(argument) ? argument : `./${argument}`;
};
