import { variableOfSetting } from '../../core/plan/config.js';
import { isAnyMatch } from '../../core/plan/pattern.js';
import type { Sentence } from './describe-finding.js';
import { pathKey } from './interpolate-values.js';
import { MASK_KEY, NOTIFY, isConnectionPath } from './plan-findings.js';

/** What a plan that others may have written can read of the environment, passwords apart. */
export interface VariableRestriction {
  /** Why this plan is not trusted, for example `CI is set`. */
  readonly reason: string;
  /** Names and globs: the setting `plans.variables`. */
  readonly permitted: readonly string[];
}

/** `SYNC_TARGET, *_HOST` to its patterns. */
export const listPermitted = (setting: string): readonly string[] =>
  setting
    .split(',')
    .map((pattern) => pattern.trim())
    .filter((pattern) => pattern !== '');

/**
 * May a variable stand at a path? A host is sent to name servers, a user and the names of databases to whatever server the
 * plan names. A password goes to the login only, the URL of a notice to the host that it names itself, and the key of masks nowhere but
 * into the session that computes them; every pipeline has its own names for them.
 */
export const createPermit =
  (restriction: VariableRestriction | undefined) =>
  (variable: string, path: readonly string[]): boolean =>
    restriction === undefined || isSecret(path) || isAnyMatch(restriction.permitted, variable);

const isSecret = (path: readonly string[]): boolean =>
  (path.at(-1) === 'password' && isConnectionPath(path.slice(0, -1))) ||
  [NOTIFY, MASK_KEY].some((secret) => pathKey(path) === pathKey(secret));

export const explainForbidden = (
  variable: string,
  { reason, permitted }: VariableRestriction,
): Required<Sentence> => ({
  message: `this plan may not use the variable ${variable} outside a password (${reason})`,
  hint: `permit it: ${variableOfSetting('plans.variables')}='${[...permitted, variable].join(',')}'`,
});
