import { readFileSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Ajv } from 'ajv';
import { CORE_SCHEMA, load, mergeTag } from 'js-yaml';
import { describe, expect, test } from 'vitest';
import { ENGINE_CHOICES } from '../src/core/plan/row-engines.js';
import { DEFAULT_CONFIG } from '../src/core/plan/config.js';
import { readDocumentKinds } from './support/json-output.js';
import { TLS_MODES } from '../src/core/server/connection.js';

const ROOT = resolve(import.meta.dirname, '..');

interface SchemaNode {
  readonly description?: string;
  readonly $ref?: string;
  readonly properties?: Readonly<Record<string, SchemaNode>>;
  readonly definitions?: Readonly<Record<string, SchemaNode>>;
  readonly anyOf?: readonly SchemaNode[];
  readonly const?: unknown;
  readonly default?: unknown;
}

const readSchema = (name: string): SchemaNode =>
  JSON.parse(readFileSync(join(ROOT, 'schemas', `${name}.schema.json`), 'utf8')) as SchemaNode;

const FILES = readdirSync(join(ROOT, 'schemas'));

test.each(FILES)('%s is valid in the strict mode of ajv', (file) => {
  const schema = JSON.parse(readFileSync(join(ROOT, 'schemas', file), 'utf8')) as object;
  expect(() => new Ajv({ strict: true }).compile(schema)).not.toThrow();
});

test.each(FILES)('%s has the address of this version of it', (file) => {
  const read = (...path: readonly string[]) =>
    JSON.parse(readFileSync(join(ROOT, ...path), 'utf8')) as Readonly<Record<string, string>>;
  const { name = '', version = '' } = read('package.json');
  expect(read('schemas', file)['$id']).toBe(
    `https://cdn.jsdelivr.net/npm/${name}@${version}/schemas/${file}`,
  );
});

const PLAN = readSchema('sync-plan');
const CONFIG = readSchema('config');

/** Every field of a schema by its path, those of nested objects too. */
const fieldsOf = (schema: SchemaNode, path = ''): readonly (readonly [string, SchemaNode])[] =>
  Object.entries(schema.properties ?? {}).flatMap(([key, field]) => [
    [`${path}/${key}`, field] as const,
    ...fieldsOf(field, `${path}/${key}`),
  ]);

describe.each([
  ['sync-plan', PLAN],
  ['config', CONFIG],
])('%s.schema.json', (_name, schema) => {
  test('has a description on every field', () => {
    const definitions = Object.entries(schema.definitions ?? {});
    const fields = [
      ...fieldsOf(schema),
      ...definitions.flatMap(([name, node]) => fieldsOf(node, name)),
      ...definitions,
    ];
    const isDescribed = ({ description, $ref }: SchemaNode): boolean =>
      description !== undefined ||
      schema.definitions?.[$ref?.split('/').at(-1) ?? '']?.description !== undefined;
    expect(fields.length).toBeGreaterThan(10);
    expect(fields.filter(([, field]) => !isDescribed(field)).map(([path]) => path)).toEqual([]);
  });
});

test('the config schema has the keys of the config, and its descriptions tell the defaults', () => {
  const fields = fieldsOf(CONFIG).filter(([path]) => path.split('/').length === 3);
  const defaults = Object.entries(DEFAULT_CONFIG).flatMap(([section, settings]) =>
    Object.entries(settings as object).map(([key, value]) => [`/${section}/${key}`, String(value)] as const),
  );
  expect(fields.map(([path]) => path)).toEqual(defaults.map(([path]) => path));
  for (const [index, [, value]] of defaults.entries()) {
    expect(fields[index]?.[1].description).toContain(`Default: ${value}.`);
    expect(String(fields[index]?.[1].default)).toBe(value);
  }
});

const choicesOf = (node: SchemaNode | undefined): readonly unknown[] =>
  (node?.anyOf ?? []).flatMap((form) => (form.const === undefined ? [] : [form.const]));

test.each([
  ['sync-plan', PLAN],
  ['config', CONFIG],
])('%s.schema.json explains each value to choose from, for editors', (_name, schema) => {
  const nodes = [
    ...fieldsOf(schema),
    ...Object.values(schema.definitions ?? {}).flatMap((node) => [['', node] as const, ...fieldsOf(node)]),
  ];
  const choices = nodes.flatMap(([, { anyOf = [] }]) => anyOf.filter((form) => form.const !== undefined));
  expect(choices.length).toBeGreaterThan(5);
  for (const choice of choices) expect(choice.description).toMatch(/^[A-Z].*\.$/);
});

test.each<[string, boolean]>([
  ['${PROD_PASSWORD}', true],
  ['${PROD_PASSWORD:?set it in CI secrets}', true],
  ['${A}${B}', true],
  ['secret', false],
  ['${PROD_PASSWORD:-secret}', false],
  ['x${PROD_PASSWORD}', false],
  ['$${PROD_PASSWORD}', false],
])('an editor takes the password %j: %s', (password, isTaken) => {
  const connection = { name: 'prod', host: 'db.example', user: 'u', password };
  const validate = new Ajv({ strict: true }).compile(PLAN);
  const plan = { version: 1, source: connection, target: 'staging', databases: [{ name: 'shop' }] };
  expect(validate(plan)).toBe(isTaken);
});

test('the plan schema knows the TLS modes', () => {
  const inline = PLAN.definitions?.['inlineConnection'];
  expect(choicesOf(inline?.properties?.['tls']?.properties?.['mode'])).toEqual(TLS_MODES);
});

test('the plan schema knows the row engines', () => {
  const { engine } = PLAN.properties?.['options']?.properties ?? {};
  expect(choicesOf(engine)).toEqual(ENGINE_CHOICES);
});

test.each(readdirSync(join(ROOT, 'plans')))(
  'an editor has nothing to say about plans/%s, variables included',
  (name) => {
    const validate = new Ajv({ strict: true }).compile(PLAN);
    const text = readFileSync(join(ROOT, 'plans', name), 'utf8');
    validate(load(text, { schema: CORE_SCHEMA.withTags(mergeTag) }));
    expect(validate.errors).toBeNull();
  },
);

test('every document that a command prints with --json has a schema', () => {
  const source = join(ROOT, 'src');
  const printed = readdirSync(source, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts'))
    .flatMap((path) => [
      ...readFileSync(join(source, path), 'utf8').matchAll(
        /(?:printJson\(\s*|writeDocument\(\{ kind: )'([\w-]+)'/g,
      ),
    ])
    .map(([, kind]) => kind);
  expect(printed.length).toBeGreaterThan(20);
  expect([...readDocumentKinds().keys()].sort()).toEqual([...new Set(printed)].sort());
});

test('keys of documents are in snake case', () => {
  for (const file of ['json-output', 'saved-plan', 'run-event']) {
    const keysOf = (node: unknown): readonly string[] =>
      typeof node !== 'object' || node === null
        ? []
        : Object.entries(node).flatMap(([key, value]) => [
            ...(key === 'properties' ? Object.keys(value as object) : []),
            ...keysOf(value),
          ]);
    const keys = keysOf(readSchema(file));
    expect(keys.length).toBeGreaterThan(5);
    expect(keys.filter((key) => !/^[a-z]+(_[a-z]+)*$/.test(key))).toEqual([]);
  }
});
