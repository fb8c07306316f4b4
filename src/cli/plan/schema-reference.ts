import { existsSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const SCHEMA = 'schemas/sync-plan.schema.json';
/**
 * Where an editor finds the JSON Schema of a plan: relative to the plan when the package is installed beside it (the
 * line then works for everybody who installs the project), else the path in this installation. There is no address on
 * the web that is certain to be ours.
 */
export const referToSchema = (planPath: string): string => {
  const folder = dirname(resolve(planPath));
  const installed = ancestorsOf(folder)
    .map((ancestor) => join(ancestor, 'node_modules', 'mysql-sync-plans', SCHEMA))
    .find((path) => existsSync(path));
  const own = findPackage();
  const isInside = !relative(own, folder).startsWith('..');
  const path = installed ?? join(own, SCHEMA);
  if (installed === undefined && !isInside) return path.includes(' ') ? pathToFileURL(path).href : path;
  const steps = relative(folder, path).replaceAll('\\', '/');
  return steps.startsWith('.') ? steps : `./${steps}`;
};

/** The folder of this package, wherever the build has put this module. */
const findPackage = (): string => {
  const here = dirname(fileURLToPath(import.meta.url));
  return ancestorsOf(here).find((ancestor) => existsSync(join(ancestor, SCHEMA))) ?? here;
};

const ancestorsOf = (folder: string): readonly string[] =>
  dirname(folder) === folder ? [folder] : [folder, ...ancestorsOf(dirname(folder))];
