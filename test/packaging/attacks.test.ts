import { spawnSync } from 'node:child_process';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';

const ROOT = resolve(import.meta.dirname, '../..');

test('the table of attacks in docs/safety.md has every test of test/security', () => {
  const argv = [join(ROOT, 'scripts', 'attacks.mjs'), '--check'];
  const { status, stderr } = spawnSync(process.execPath, argv, { encoding: 'utf8' });
  expect([status, stderr]).toEqual([0, '']);
});
