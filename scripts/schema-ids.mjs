import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './commands.mjs';

const SCHEMAS = join(ROOT, 'schemas');

/** Gives each schema the address of this version of it, which editors read; `init` takes it from there. */
export const stampSchemas = () => {
  const { name, version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
  for (const file of readdirSync(SCHEMAS)) {
    const path = join(SCHEMAS, file);
    const text = readFileSync(path, 'utf8');
    const id = `https://cdn.jsdelivr.net/npm/${name}@${version}/schemas/${file}`;
    const stamped = text.replace(/(?<=^ {2}"\$id": ").*(?=",$)/m, () => id);
    if (stamped !== text) writeFileSync(path, stamped);
  }
};
