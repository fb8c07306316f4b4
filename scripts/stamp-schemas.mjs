import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './commands.mjs';

const SCHEMAS = join(ROOT, 'schemas');

const OUTPUT = 'json-output.schema.json';

const readJson = (path) => JSON.parse(readFileSync(path, 'utf8'));

/**
 * Gives each schema the address of this version of it, which editors read and `init` writes. What they
 * share is copied, so that each file can be read alone: from saved plans to the documents of --json, from these to events.
 */
export const stampSchemas = async () => {
  const { name, version } = readJson(join(ROOT, 'package.json'));
  const saved = readJson(join(SCHEMAS, 'saved-plan.schema.json'));
  const output = readJson(join(SCHEMAS, OUTPUT));
  for (const file of readdirSync(SCHEMAS)) {
    const path = join(SCHEMAS, file);
    const written = readJson(path);
    const schema = completeShared(file, written, { saved, output });
    const stamped = { ...schema, $id: `https://cdn.jsdelivr.net/npm/${name}@${version}/schemas/${file}` };
    if (JSON.stringify(stamped) === JSON.stringify(written)) continue;
    // Not before: whoever builds first has no packages when this file is imported.
    const { format, resolveConfig } = await import('prettier');
    const options = { ...(await resolveConfig(path)), filepath: path };
    writeFileSync(path, await format(JSON.stringify(stamped, undefined, 2), options));
  }
};

const completeShared = (file, schema, { saved, output }) => {
  if (file === OUTPUT) return withSavedPlan(schema, saved);
  if (file !== 'run-event.schema.json') return schema;
  const { outcome, verification, error } = output.definitions;
  return { ...schema, definitions: { ...schema.definitions, outcome, verification, error } };
};

/** `show` prints a saved plan, and `plan` what would be saved. */
const withSavedPlan = ({ definitions, ...schema }, { definitions: shared, required, properties }) => {
  const { savedPlan, planDocument } = definitions;
  const { format_version, kind, ok } = planDocument.properties;
  const { changeSet } = shared;
  return {
    ...schema,
    definitions: {
      ...definitions,
      ...shared,
      savedPlan: { ...savedPlan, required, properties },
      planDocument: {
        ...planDocument,
        required: ['format_version', 'kind', 'ok', ...changeSet.required],
        properties: { format_version, kind, ok, ...changeSet.properties },
      },
    },
  };
};
