import { suggestNearest } from '../nearest.js';
import { isRecord } from '../strict-json.js';
import { hasWildcard, isMixed, readJsonPath } from './json-path.js';
import { type MaskDecision, type MaskRule, PLAIN_MASKS } from './mask-rule.js';
import { refuseExpression } from './refuse-expression.js';

/** What is wrong with a rule, and the steps to where. */
export interface MaskProblem {
  readonly path: readonly string[];
  readonly message: string;
  readonly hint: string;
}

export type MaskReading<More = never> =
  { readonly decision: MaskDecision | More } | { readonly problem: MaskProblem };

const NAMES: readonly string[] = [...PLAIN_MASKS, 'null', 'default', 'keep'];
const FORMS: Readonly<Record<string, string>> = {
  value: '{ value: TEXT }',
  date: '{ date: year }',
  ends: '{ ends: 4 }',
  sql: '{ sql: "UPPER(name)" }',
  json: '{ json: { $.customer.email: email } }',
  follows: '{ follows: customers.id }',
};

/** Reads a rule as it stands behind a column in the YAML of a plan, of any shape. */
export const readMaskDecision = (written: unknown): MaskReading => {
  if (written === null) return { decision: { kind: 'null' } };
  if (typeof written === 'string') return readName(written);
  if (!isRecord(written)) return refuse([], 'this is no mask', `known are ${NAMES.join(', ')}`);
  const [key, ...others] = Object.keys(written);
  if (key === undefined || others.length > 0)
    return refuse([], 'a mask in braces has one key', `for example ${FORMS['ends'] ?? ''}`);
  const read = Object.hasOwn(READERS, key) ? READERS[key] : undefined;
  if (read) return read(written[key]);
  if (key === 'follows')
    return refuse([key], 'only columns of a plan follow others', 'use another mask here');
  if (NAMES.includes(key)) return refuse([], `the mask ${key} has no setting`, `write ${key}`);
  const near = suggestNearest(key, Object.keys(FORMS));
  return refuse([key], `${quote(key)} is no mask with a setting`, near ?? listForms());
};

const readName = (name: string): MaskReading => {
  const plain = PLAIN_MASKS.find((mask) => mask === name);
  if (plain !== undefined) return { decision: { kind: plain } };
  if (name === 'null' || name === 'default' || name === 'keep') return { decision: { kind: name } };
  const form = Object.hasOwn(FORMS, name) ? FORMS[name] : undefined;
  if (form !== undefined) return refuse([], `the mask ${name} needs a setting`, `write ${form}`);
  const near = suggestNearest(name, NAMES);
  return refuse([], `there is no mask ${quote(name)}`, near ?? `known are ${NAMES.join(', ')}`);
};

const readValue = (value: unknown): MaskReading => {
  if (typeof value === 'string' || typeof value === 'boolean') return { decision: { kind: 'value', value } };
  if (typeof value === 'number' && Number.isFinite(value)) return { decision: { kind: 'value', value } };
  const hint = value === null ? 'for NULL write the mask null' : 'put it in quotes to make it text';
  return refuse(['value'], 'a value is text, a number, true or false', hint);
};

const readDate = (unit: unknown): MaskReading =>
  unit === 'year' || unit === 'month'
    ? { decision: { kind: 'date-to', unit } }
    : refuse(['date'], 'a date is cut to its year or its month', 'write { date: year } or { date: month }');

const MOST_KEPT = 64;

const readEnds = (keep: unknown): MaskReading =>
  typeof keep === 'number' && Number.isInteger(keep) && keep >= 1 && keep <= MOST_KEPT
    ? { decision: { kind: 'ends', keep } }
    : refuse(['ends'], `ends keeps 1 to ${MOST_KEPT} characters`, `write ${FORMS['ends'] ?? ''}`);

const readSql = (sql: unknown): MaskReading => {
  if (typeof sql !== 'string') return refuse(['sql'], 'an expression is text', 'put it in quotes');
  const refusal = refuseExpression(sql);
  return refusal ? refuse(['sql'], refusal.message, refusal.hint) : { decision: { kind: 'sql', sql } };
};

const readJson = (paths: unknown): MaskReading => {
  if (!isRecord(paths) || Object.keys(paths).length === 0)
    return refuse(['json'], 'json has paths with a mask each', `write ${FORMS['json'] ?? ''}`);
  const rules: { path: string; rule: MaskRule }[] = [];
  for (const [path, written] of Object.entries(paths)) {
    const at = ['json', path];
    if (readJsonPath(path) === undefined)
      return hasWildcard(path)
        ? refuse(at, 'of wildcards only [*] is masked, all elements of an array', 'name each member')
        : refuse(at, `${quote(path)} is no path into JSON`, 'write $.customer.email or $.lines[*].name');
    const mixed = rules.find((one) => isMixed(one.path, path));
    if (mixed)
      return refuse(
        at,
        `${quote(mixed.path)} and this path name elements of one array in two ways`,
        'write both alike as far as the array: with [*], or with numbers',
      );
    const reading = readMaskDecision(written);
    if ('problem' in reading)
      return { problem: { ...reading.problem, path: [...at, ...reading.problem.path] } };
    const { decision } = reading;
    if (decision.kind === 'keep' || WHOLE_COLUMNS.has(decision.kind))
      return refuse(at, `the mask ${decision.kind} is for whole columns`, 'use another one in JSON');
    rules.push({ path, rule: decision });
  }
  return { decision: { kind: 'json', paths: rules } };
};

const WHOLE_COLUMNS: ReadonlySet<string> = new Set(['default', 'sql', 'json']);

const READERS: Readonly<Record<string, (setting: unknown) => MaskReading>> = {
  value: readValue,
  date: readDate,
  ends: readEnds,
  sql: readSql,
  json: readJson,
};

const refuse = (path: readonly string[], message: string, hint: string): MaskReading => ({
  problem: { path, message, hint },
});

const MOST_SHOWN = 40;

const quote = (text: string): string =>
  `"${text.length > MOST_SHOWN ? `${text.slice(0, MOST_SHOWN)}…` : text}"`;

const listForms = (): string => `those are ${Object.values(FORMS).join(', ')}`;
