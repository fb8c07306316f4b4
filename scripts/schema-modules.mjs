import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import standalone from 'ajv/dist/standalone/index.js';
import { ROOT } from './commands.mjs';

const PREFIX = 'virtual:schema/';

/** What mysql-sync itself has written. */
const OUTPUTS = new Set(['json-output', 'run-event']);

/** The only module that the code would ask for, in a way that ES modules do not have. */
const COUNT_CHARACTERS = 'require("ajv/dist/runtime/ucs2length").default';

/**
 * For rolldown and vitest: `virtual:schema/NAME` exports `schemas/NAME.schema.json` as `schema` and ajv's code for it as
 * `validate`. Loading ajv and compiling a schema takes 70 ms of processor time, which no start has to spend.
 */
export const schemaModules = () => ({
  name: 'schema-modules',
  resolveId: (id) => (id.startsWith(PREFIX) ? `\0${id}` : undefined),
  load: (id) => (id.startsWith(`\0${PREFIX}`) ? makeModule(id.slice(PREFIX.length + 1)) : undefined),
});

/** `NAME`, or `NAME/DEFINITION` for a part of it. What is read of others loses the keys that the schema does not name. */
const makeModule = (id) => {
  const [name, part] = id.split('/');
  const text = readFileSync(join(ROOT, 'schemas', `${name}.schema.json`), 'utf8');
  const schema = withDefinitions(JSON.parse(text));
  const isOutput = OUTPUTS.has(name);
  const ajv = new Ajv({
    removeAdditional: isOutput ? 'all' : false,
    allErrors: true,
    verbose: true,
    strict: true,
    // Names of definitions, for findings.
    keywords: ['definition'],
    logger: false,
    code: { source: true, esm: true },
  });
  ajv.addSchema(schema, name);
  const code = standalone
    .default(ajv, { validate: part === undefined ? name : `${name}#/definitions/${part}` })
    .replaceAll(COUNT_CHARACTERS, '((text) => [...text].length)');
  if (code.includes('require('))
    throw new Error(`ajv's code for the schema ${id} needs a module at run time`);
  return `${code}\nexport const schema = ${JSON.stringify(isOutput ? {} : schema)};\n`;
};

/**
 * The schema for checking, from the one for editors: each definition has its name, which findings then tell, and values
 * to choose from are one list, so that a finding names all. For editors a value may be `${NAME}`; when a file is checked,
 * variables are already replaced, in passwords too.
 */
const withDefinitions = ({ definitions, ...schema }) => ({
  ...listChoices(schema),
  definitions: Object.fromEntries(
    Object.entries(definitions ?? {}).map(([name, { pattern, ...node }]) => [
      name,
      name === 'variable'
        ? false
        : {
            ...listChoices(node),
            ...(pattern !== undefined && name !== 'secretVariable' && { pattern }),
            definition: name,
          },
    ]),
  ),
});

/** `anyOf: [{const: a}, {const: b}, ...]` to `anyOf: [{enum: [a, b]}, ...]`, or to `enum` where nothing else is allowed. */
const listChoices = (node) => {
  if (typeof node !== 'object' || node === null) return node;
  if (Array.isArray(node)) return node.map(listChoices);
  const { anyOf = [], ...rest } = Object.fromEntries(
    Object.entries(node).map(([key, value]) => [key, listChoices(value)]),
  );
  const values = anyOf.flatMap((form) => (form.const === undefined ? [] : [form.const]));
  const others = anyOf.filter((form) => form.const === undefined);
  if (values.length === 0) return anyOf.length === 0 ? rest : { ...rest, anyOf };
  const choice = { type: 'string', enum: values };
  return others.length === 0 ? { ...rest, ...choice } : { ...rest, anyOf: [choice, ...others] };
};
