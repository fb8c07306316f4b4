import { readFileSync } from 'node:fs';
import type { ErrorObject, ValidateFunction } from 'ajv';

/** The part of JSON Schema (draft-07) that the schemas of this project use. */
export interface SchemaNode {
  readonly type?: string;
  readonly const?: unknown;
  readonly enum?: readonly string[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minItems?: number;
  readonly patternErrorMessage?: string;
  readonly properties?: Readonly<Record<string, SchemaNode>>;
  readonly definitions?: Readonly<Record<string, SchemaNode>>;
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

export type SchemaName = 'sync-plan' | 'config';

const loaded = new Map<SchemaName, Promise<SchemaCheck>>();

/**
 * Compiles `schemas/NAME.schema.json`, once. Loading the validator takes some 80 ms of processor time, so callers ask
 * for it only when there is a file to check.
 */
export const loadSchemaCheck = (name: SchemaName): Promise<SchemaCheck> => {
  const check = loaded.get(name) ?? compileSchema(name);
  loaded.set(name, check);
  return check;
};

const compileSchema = async (name: SchemaName): Promise<SchemaCheck> => {
  const url = new URL(`../../../schemas/${name}.schema.json`, import.meta.url);
  const schema = withoutVariables(JSON.parse(readFileSync(url, 'utf8')) as SchemaNode);
  const { Ajv } = await import('ajv');
  const ajv = new Ajv({
    allErrors: true,
    verbose: true,
    strict: false,
    logger: false,
    // The schema is ours and a test checks it, so its own check at every start is left out.
    meta: false,
    validateSchema: false,
    code: { optimize: false },
  });
  const validate = ajv.compile(schema);
  return { schema, find: (value, isMeant) => mergeFindings(findWith(validate, value).filter(isMeant)) };
};

/** For editors a value may be `${NAME}`; here variables are already replaced. */
const withoutVariables = (schema: SchemaNode): SchemaNode => ({
  ...schema,
  definitions: { ...schema.definitions, variable: false as unknown as SchemaNode },
});

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
  const path = splitPointer(instancePath);
  const schema = parentSchema as SchemaNode;
  const params = error.params as Readonly<Record<string, unknown>>;
  if (keyword === 'additionalProperties')
    return { kind: 'unknown-key', path, schema, key: String(params['additionalProperty']) };
  if (keyword === 'required')
    return { kind: 'missing-keys', path, schema, keys: [String(params['missingProperty'])] };
  return { kind: 'wrong-value', path, schema, actual: data };
};

/** `/databases/0/tables` to its steps. */
const splitPointer = (pointer: string): readonly string[] =>
  pointer
    .split('/')
    .slice(1)
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
