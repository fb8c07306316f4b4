import { existsSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import type { Config } from '../../core/plan/config.js';

/**
 * What a new plan tells editors of its JSON Schema, the same on every machine: the address of this version of it, or the
 * file of the package where the project has installed it. Undefined when it has not.
 */
export const referToSchema = async (
  planPath: string,
  setting: Config['plans']['schema'],
): Promise<string | undefined> => {
  const { schema } = await import('virtual:schema/sync-plan');
  if (setting === 'url') return schema.$id;
  const folder = dirname(resolve(planPath));
  const file = ancestorsOf(folder)
    .map((ancestor) => join(ancestor, 'node_modules', pathInModules(schema.$id)))
    .find((path) => existsSync(path));
  if (file === undefined) return undefined;
  const steps = relative(folder, file).replaceAll('\\', '/');
  return steps.startsWith('.') ? steps : `./${steps}`;
};

/** `https://host/npm/NAME@1.2.3/schemas/x.json` to `NAME/schemas/x.json`. */
const pathInModules = (url: string): string => url.replace(/^.*\/npm\/(.+)@[^@/]+\//, '$1/');

const ancestorsOf = (folder: string): readonly string[] =>
  dirname(folder) === folder ? [folder] : [folder, ...ancestorsOf(dirname(folder))];
