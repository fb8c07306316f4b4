import type { Variables } from '../../core/plan/interpolation.js';
import type { SyncPlan } from '../../core/plan/sync-plan.js';
import { type Finding, type SchemaCheck, loadSchemaCheck } from './check-schema.js';
import { type Sentence, coerceText, describeFinding } from './describe-finding.js';
import { type InterpolatedValues, interpolateValues, pathKey, readPath } from './interpolate-values.js';
import type { PlacedComplaint } from './locate.js';
import { MASK_KEY, findInPlan, isConnectionPath, isEntryPath, nameConnection } from './plan-findings.js';
import { findBrokenRules } from './plan-rules.js';
import { type VariableRestriction, createPermit, explainForbidden } from './restrict-variables.js';

/** `accept` takes a plan whose variables are not set here, to check the rest of it. */
export type UnsetVariables = 'refuse' | 'accept';

export interface CheckedPlan {
  /** A sync plan only when there are no complaints. */
  readonly plan: SyncPlan;
  readonly complaints: readonly PlacedComplaint[];
}

export interface CheckPlanOptions {
  readonly variables: Variables;
  readonly unset: UnsetVariables;
  /** Undefined when the plan may use every variable. */
  readonly restriction: VariableRestriction | undefined;
}

/** Replaces variables, checks shape and rules, and gives numbers from the environment their type. */
export const checkPlan = async (
  written: unknown,
  { variables, unset, restriction }: CheckPlanOptions,
): Promise<CheckedPlan> => {
  const check = await loadSchemaCheck('sync-plan');
  const values = interpolateValues(written, variables, createPermit(restriction));
  const typed = giveTypes(values, check);
  const rules = findBrokenRules(written, typed);
  const explained = new Set([...values.problems, ...rules].map(({ path }) => pathKey(path)));
  const findings = findInPlan(check, typed).filter(
    ({ kind, path }) => kind !== 'wrong-value' || !explained.has(pathKey(path)),
  );
  const complaints = [
    ...describeVariables(values, unset, restriction),
    ...rules,
    ...findings.map((finding) => placeFinding(showAsWritten(finding, written))),
  ];
  return { plan: typed as SyncPlan, complaints };
};

/** A variable is text; where the schema wants a number or true, the text is read as one. */
const giveTypes = ({ value, replaced }: InterpolatedValues, check: SchemaCheck): unknown => {
  const typed = structuredClone(value);
  for (const finding of findInPlan(check, typed)) {
    if (finding.kind !== 'wrong-value' || typeof finding.actual !== 'string') continue;
    const coerced = coerceText(finding.schema, finding.actual);
    if (coerced !== undefined && replaced.has(pathKey(finding.path))) putValue(typed, finding.path, coerced);
  }
  return typed;
};

const putValue = (root: unknown, path: readonly string[], value: unknown): void => {
  const holder = path.slice(0, -1).reduce((node, step) => (node as Record<string, unknown>)[step], root);
  (holder as Record<string, unknown>)[path.at(-1) ?? ''] = value;
};

/** What came from the environment may be a secret, so a value is shown as the plan writes it. */
const showAsWritten = (finding: Finding, written: unknown): Finding => {
  const text = readPath(written, finding.path);
  const isShown = finding.kind !== 'wrong-value' || typeof text !== 'string' || finding.actual === '';
  return !isShown && text !== finding.actual ? { ...finding, actual: text } : finding;
};

const describeVariables = (
  { problems }: InterpolatedValues,
  unset: UnsetVariables,
  restriction: VariableRestriction | undefined,
): readonly PlacedComplaint[] =>
  problems
    .filter(({ kind }) => kind !== 'unset' || unset === 'refuse')
    .map(({ kind, path, expression, variable, message }): PlacedComplaint => {
      const place = { path, mark: 'value', within: expression } as const;
      if (kind === 'forbidden' && restriction)
        return { ...place, code: 'PLAN_ENV_REFUSED', ...explainForbidden(variable, restriction) };
      if (kind === 'unset')
        return {
          ...place,
          code: 'PLAN_ENV_UNSET',
          message: `the variable ${variable} is not set${message === undefined ? '' : `: ${message}`}`,
          hint:
            path.at(-1) === 'password' || pathKey(path) === pathKey(MASK_KEY)
              ? 'set it'
              : `set it, or give a default: \${${variable}:-...}`,
        };
      return {
        ...place,
        code: 'PLAN_SYNTAX',
        message: 'this is not a variable',
        hint: 'write ${NAME}, ${NAME:-default} or ${NAME:?message}, and $${ for a literal ${',
      };
    });

const placeFinding = (finding: Finding): PlacedComplaint => ({
  ...describePlanFinding(finding),
  code: 'PLAN_SCHEMA',
  path: finding.kind === 'unknown-key' ? [...finding.path, finding.key] : finding.path,
  mark: finding.kind === 'wrong-value' ? 'value' : 'key',
});

const describePlanFinding = (finding: Finding): Sentence => {
  const special = isConnectionPath(finding.path)
    ? describeInConnection(finding)
    : isEntryPath(finding.path)
      ? describeInEntry(finding)
      : undefined;
  return special ?? describeFinding(finding, 'a sync plan');
};

const describeInConnection = (finding: Finding): Sentence | undefined => {
  if (finding.kind === 'missing-keys' && finding.keys.includes('host'))
    return { message: `${nameConnection(finding.path)} needs a host or a socket` };
  if (finding.kind !== 'unknown-key' || finding.key !== 'password_command') return undefined;
  return {
    message: 'password_command is only for saved connections: a plan from a repository must not run commands',
    hint: 'use mysql-sync connections add NAME --password-command CMD',
  };
};

const describeInEntry = (finding: Finding): Sentence | undefined => {
  if (finding.kind === 'wrong-value') {
    const { actual } = finding;
    const sentence = describeFinding(finding, 'a sync plan');
    return typeof actual === 'string' ? { ...sentence, hint: `write - name: ${actual}` } : sentence;
  }
  if (finding.kind === 'missing-keys') return { message: 'an entry of databases needs a name or a match' };
  if (finding.key !== 'match') return undefined;
  return { message: 'an entry of databases has a name or a match, not both', hint: 'make two entries of it' };
};
