import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { Ajv } from 'ajv';

const PATH = resolve(import.meta.dirname, '../../schemas/json-output.schema.json');

interface OutputSchema {
  readonly definitions: Readonly<
    Record<string, { readonly properties?: { readonly kind?: { readonly const?: string } } }>
  >;
}

/** Readers may meet keys that they do not know; here each key that is printed must stand in the schema. */
export const refuseUnknown = (node: unknown): unknown => {
  if (Array.isArray(node)) return node.map(refuseUnknown);
  if (typeof node !== 'object' || node === null) return node;
  const copy = Object.fromEntries(Object.entries(node).map(([key, value]) => [key, refuseUnknown(value)]));
  return 'properties' in copy && copy['type'] === 'object' ? { ...copy, additionalProperties: false } : copy;
};

/** Each definition that is a document, by its kind. */
export const readDocumentKinds = (): ReadonlyMap<string, string> => {
  const { definitions } = JSON.parse(readFileSync(PATH, 'utf8')) as OutputSchema;
  return new Map(
    Object.entries(definitions).flatMap(([name, { properties }]) =>
      name.endsWith('Document') && properties?.kind?.const !== undefined
        ? [[properties.kind.const, name] as const]
        : [],
    ),
  );
};

const compileSchemas = (): Ajv => {
  const compiled = new Ajv({ strict: true, allErrors: true });
  compiled.addSchema(refuseUnknown(JSON.parse(readFileSync(PATH, 'utf8'))) as object, 'output');
  return compiled;
};

let ajv: Ajv | undefined;

/** Fails for what `--json` has printed unless it is as the schema says, without a key that it does not name. */
export const checkJsonOutput = (stdout: string): void => {
  ajv ??= compileSchemas();
  const { kind } = JSON.parse(stdout) as { readonly kind: string };
  const validate = ajv.getSchema(`output#/definitions/${readDocumentKinds().get(kind) ?? 'none'}`);
  if (!validate) throw new Error(`--json printed a document of kind ${kind}, which has no schema`);
  if (validate(JSON.parse(stdout)) === true) return;
  throw new Error(
    `--json printed what its schema does not say: ${ajv.errorsText(validate.errors)}\n${stdout.slice(0, 2000)}`,
  );
};
