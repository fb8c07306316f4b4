import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';

/** docs/decisions/native-engine.md says which insides of mysql2 are used: another version may not have them. */
test('the version of mysql2 whose insides are used is pinned', () => {
  const root = resolve(import.meta.dirname, '../../..');
  const read = (path: string): Record<string, unknown> =>
    JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>;
  const { dependencies } = read(resolve(root, 'package.json')) as {
    dependencies: Record<string, string>;
  };
  const installed = read(createRequire(import.meta.url).resolve('mysql2/package.json'))['version'];
  expect(dependencies['mysql2']).toBe(installed);
});
