import { spawnSync } from 'node:child_process';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';

const ROOT = resolve(import.meta.dirname, '../..');

test('docs/reference says what the schemas, the commands and the error codes say', () => {
  const { status, stderr } = spawnSync(
    process.execPath,
    [join(ROOT, 'scripts', 'reference.mjs'), '--check'],
    {
      encoding: 'utf8',
    },
  );
  expect([status, stderr]).toEqual([0, '']);
});
