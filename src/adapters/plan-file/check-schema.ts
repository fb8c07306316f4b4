import type { ErrorObject, ValidateFunction } from 'ajv';

/** The part of JSON Schema (draft-07) that the schemas of this project use. */
export interface SchemaNode {
  readonly $id?: string;
  readonly type?: string;
  readonly const?: unknown;
  readonly enum?: readonly string[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minItems?: number;
  /** What the value must be, in words, where the other keys do not tell. */
  readonly expected?: string;
  readonly properties?: Readonly<Record<string, SchemaNode>>;
  readonly definitions?: Readonly<Record<string, SchemaNode>>;
  /** The name of a node of `definitions`, given to it by `scripts/schema-modules.mjs`. */
  readonly definition?: string;
}

/** One way in which a value is not what the schema wants. `path` leads to the value, or to the object with the key. */
export type Finding = { readonly path: readonly string[]; readonly schema: SchemaNode } & (
  | { readonly kind: 'unknown-key'; readonly key: string }
  | { readonly kind: 'missing-keys'; readonly keys: readonly string[] }
  | { readonly kind: 'wrong-value'; readonly actual: unknown }
);

/** Checks a value against one schema. `isMeant` tells findings of an alternative that the person did not mean. */
export interface SchemaCheck {
  readonly schema: SchemaNode;
  find(value: unknown, isMeant: (finding: Finding) => boolean): readonly Finding[];
}

const MODULES = {
  'sync-plan': () => import('virtual:schema/sync-plan'),
  config: () => import('virtual:schema/config'),
  'saved-plan': () => import('virtual:schema/saved-plan'),
  'run-event': () => import('virtual:schema/run-event'),
  'apply-document': () => import('virtual:schema/json-output/applyDocument'),
  'error-document': () => import('virtual:schema/json-output/errorDocument'),
};

type SchemaName = keyof typeof MODULES;

/** The check against `schemas/NAME.schema.json`. It is loaded when there is a file to check. */
export const loadSchemaCheck = async (name: SchemaName): Promise<SchemaCheck> => {
  const { schema, validate } = await MODULES[name]();
  return { schema, find: (value, isMeant) => mergeFindings(findWith(validate, value).filter(isMeant)) };
};

const findWith = (validate: ValidateFunction, value: unknown): readonly Finding[] => {
  validate(value);
  return (validate.errors ?? []).map(toFinding).filter((finding) => finding !== undefined);
};

/** Alternatives repeat what they share, and one sentence tells all that a value must be. */
const mergeFindings = (findings: readonly Finding[]): readonly Finding[] => {
  const merged = new Map<string, Finding>();
  for (const finding of findings) {
    const identity = JSON.stringify([finding.path, finding.kind, 'key' in finding ? finding.key : '']);
    const known = merged.get(identity);
    if (known?.kind === 'missing-keys' && finding.kind === 'missing-keys')
      merged.set(identity, { ...known, keys: [...known.keys, ...finding.keys] });
    else if (!known) merged.set(identity, finding);
  }
  return [...merged.values()];
};

// That no alternative fits is said by what is wrong with the alternative meant.
const SILENT = new Set(['anyOf', 'oneOf', 'false schema']);

const toFinding = (error: ErrorObject): Finding | undefined => {
  const { keyword, instancePath, schemaPath, parentSchema, data } = error;
  if (SILENT.has(keyword) || schemaPath.includes('/oneOf/')) return undefined;
  const place = { path: splitPointer(instancePath), schema: parentSchema as SchemaNode };
  const params = error.params as Readonly<Record<string, unknown>>;
  if (keyword === 'additionalProperties')
    return { ...place, kind: 'unknown-key', key: String(params['additionalProperty']) };
  if (keyword === 'required' || keyword === 'dependencies')
    return { ...place, kind: 'missing-keys', keys: [String(params['missingProperty'])] };
  return { ...place, kind: 'wrong-value', actual: data };
};

/** `/databases/0/tables` to its steps. */
const splitPointer = (pointer: string): readonly string[] =>
  pointer
    .split('/')
    .slice(1)
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
