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

interface CommandPage {
  readonly id: string;
  readonly summary?: string;
  readonly description?: string;
  readonly examples?: readonly string[];
  readonly hidden?: boolean;
}

test('--help of every command has a sentence, examples and its exit codes', () => {
  const { commands } = JSON.parse(readFileSync(join(ROOT, 'oclif.manifest.json'), 'utf8')) as {
    readonly commands: Readonly<Record<string, CommandPage>>;
  };
  const pages = Object.values(commands).filter(({ hidden }) => !hidden);
  expect(pages.length).toBeGreaterThan(15);
  for (const { id, summary = '', description = '', examples = [] } of pages) {
    expect([id, summary]).toEqual([id, expect.stringMatching(/^[A-Z].*\.$/)]);
    expect([id, description]).toEqual([id, expect.stringMatching(/^Exit codes: 0 .*\.$/m)]);
    const [word = ''] = id.split(':');
    expect([id, examples]).toEqual([id, expect.arrayContaining([expect.stringContaining(word)])]);
  }
});
