import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';
import { spawnCli } from '../support/cli.js';

const ROOT = resolve(import.meta.dirname, '../..');

/** What a command needs when it works, and what a start that only prints must not wait for. */
const HEAVY = [
  '@inquirer/prompts',
  ...['ajv', 'js-yaml', 'knex', 'listr2', 'mysql2', 'ora', 'pino', 'semver', 'sqlite3'],
];

/** The scripts that a call ran. V8 names every one in its coverage report, of either module system. */
const listLoadedScripts = async (argv: readonly string[]): Promise<readonly string[]> => {
  const folder = mkdtempSync(join(tmpdir(), 'mysql-sync-start-up-'));
  try {
    const result = await spawnCli(argv, {
      home: join(folder, 'home'),
      env: { NODE_V8_COVERAGE: folder },
    }).ended;
    expect(result).toMatchObject({ code: 0, stderr: '' });
    return readdirSync(folder)
      .filter((file) => file.endsWith('.json'))
      .flatMap((file) => {
        const report = JSON.parse(readFileSync(join(folder, file), 'utf8')) as { result: { url: string }[] };
        return report.result.map(({ url }) => url);
      });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

/** The npm packages among them. */
const listLoadedPackages = async (argv: readonly string[]): Promise<readonly string[]> => {
  const urls = await listLoadedScripts(argv);
  const names = urls.flatMap((url) => /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(url)?.[1] ?? []);
  return [...new Set(names)].sort();
};

test.each([[['--version']], [['--help']], [['plan', '--help']], [['connections', '--help']]])(
  '%j loads none of the libraries that work needs',
  async (argv) => {
    const loaded = await listLoadedPackages(argv);
    expect(loaded).toContain('@oclif/core');
    expect(loaded.filter((name) => HEAVY.includes(name))).toEqual([]);
  },
);

test('the Tab key loads no package, not even the framework', async () => {
  expect(await listLoadedPackages(['__complete', 'connections', ''])).toEqual([]);
});

test('reading a plan file loads the libraries for it and no driver', async () => {
  const loaded = await listLoadedPackages(['validate', join(ROOT, 'plans', 'ci-inline.yaml'), '--no-env']);
  expect(loaded).toContain('js-yaml');
  expect(loaded.filter((name) => ['ajv', 'listr2', 'mysql2'].includes(name))).toEqual([]);
});

const MOST_OWN_BYTES = 150_000;

test.each(['apply', 'init', 'plan', 'rollback', 'show', 'validate', 'verify'])(
  'the help of %s loads its flags, and not what plans and copies',
  async (command) => {
    const dist = pathToFileURL(join(ROOT, 'dist')).href;
    const own = (await listLoadedScripts([command, '--help'])).filter((url) => url.startsWith(dist));
    const bytes = own.map((url) => statSync(fileURLToPath(url)).size);
    expect(own.length).toBeGreaterThan(0);
    expect(bytes.reduce((sum, size) => sum + size, 0)).toBeLessThan(MOST_OWN_BYTES);
  },
);
