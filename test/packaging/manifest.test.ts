import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';

const ROOT = resolve(import.meta.dirname, '../..');

test('the committed manifest lists the commands as they are now (npm run build makes it)', () => {
  const fresh = execFileSync(process.execPath, [join(ROOT, 'scripts', 'manifest.mjs')], {
    encoding: 'utf8',
    env: { ...process.env, NODE_ENV: 'production' },
  });
  const committed = readFileSync(join(ROOT, 'oclif.manifest.json'), 'utf8');
  expect(JSON.parse(fresh)).toHaveProperty(['commands', 'plan']);
  expect(committed).toBe(fresh);
});
