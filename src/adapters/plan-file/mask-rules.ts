import { parseColumnPattern, parseTablePattern } from '../../core/plan/column-pattern.js';
import { readColumnRule } from '../../core/plan/column-rule.js';
import { refuseExpression } from '../../core/mask/refuse-expression.js';
import { isRecord } from '../../core/strict-json.js';
import type { PlacedComplaint } from './locate.js';

/** Shorter ones are guessed, and with them the values that were replaced. */
const LEAST_KEY = 16;

/** What is wrong with the masks of a plan of any shape. The key is never in what is said. */
export const findBrokenMasks = (
  { mask: written }: Readonly<Record<string, unknown>>,
  { mask }: Readonly<Record<string, unknown>>,
): readonly PlacedComplaint[] => {
  if (!isRecord(written) || !isRecord(mask)) return [];
  return [
    ...checkKey(written['key'], mask['key']),
    ...entriesOf(mask, 'columns').flatMap(([pattern, rule]) => checkColumn(pattern, rule)),
    ...entriesOf(mask, 'unless').flatMap(([pattern, where]) => checkUnless(pattern, where)),
  ];
};

const checkKey = (written: unknown, key: unknown): readonly PlacedComplaint[] => {
  if (written === undefined) return [];
  const complaint = { path: ['mask', 'key'], mark: 'key' } as const;
  if (typeof written !== 'string' || !/^\$\{\w+(?::\?[^}]*)?\}$/.test(written))
    return [
      {
        ...complaint,
        code: 'PLAN_LITERAL_SECRET',
        message: 'the key of the masks is one variable, and never written out in the plan',
        hint: 'write key: "${MASK_KEY:?openssl rand -hex 32}"',
      },
    ];
  // A variable that is not set is left as it is written, and told elsewhere.
  if (typeof key !== 'string' || key === written || key.length >= LEAST_KEY) return [];
  return [
    {
      ...complaint,
      code: 'PLAN_SCHEMA',
      message: `the key of the masks is shorter than ${LEAST_KEY} characters, and can be guessed`,
      hint: 'make one:  openssl rand -hex 32',
    },
  ];
};

const entriesOf = (
  mask: Readonly<Record<string, unknown>>,
  key: string,
): readonly (readonly [string, unknown])[] => {
  const map = mask[key];
  return isRecord(map) ? Object.entries(map) : [];
};

const checkColumn = (pattern: string, rule: unknown): readonly PlacedComplaint[] => {
  const path = ['mask', 'columns', pattern];
  const found = checkPattern(
    path,
    parseColumnPattern(pattern) !== undefined,
    'COLUMN, TABLE.COLUMN or DATABASE.TABLE.COLUMN',
  );
  // Of a variable that is not set nothing is known yet.
  if (typeof rule === 'string' && rule.includes('${')) return found;
  const reading = readColumnRule(rule);
  if (!('problem' in reading)) return found;
  const { problem } = reading;
  return [
    ...found,
    { ...problem, code: 'PLAN_SCHEMA', mark: 'value', path: [...path, ...problem.path] } as const,
  ];
};

const checkUnless = (pattern: string, where: unknown): readonly PlacedComplaint[] => {
  const path = ['mask', 'unless', pattern];
  const found = checkPattern(path, parseTablePattern(pattern) !== undefined, 'TABLE or DATABASE.TABLE');
  if (typeof where !== 'string' || where === '') return found;
  const refusal = refuseExpression(where);
  return refusal ? [...found, { ...refusal, code: 'PLAN_SCHEMA', mark: 'value', path } as const] : found;
};

const checkPattern = (
  path: readonly string[],
  isPattern: boolean,
  forms: string,
): readonly PlacedComplaint[] => {
  const complaint = { code: 'PLAN_SCHEMA', path, mark: 'key' } as const;
  if (!isPattern)
    return [{ ...complaint, message: `a pattern is ${forms}`, hint: 'a dot in a name is written \\.' }];
  // Such keys lose their place among the others as the file is read, and the first that matches counts.
  if (/^\d+$/.test(path.at(-1) ?? ''))
    return [
      {
        ...complaint,
        message: 'a name of digits only needs the name before it',
        hint: `write "*.${path.at(-1) ?? ''}"`,
      },
    ];
  return [];
};
