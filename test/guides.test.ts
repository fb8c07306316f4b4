import {
  chmodSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { CORE_SCHEMA, load } from 'js-yaml';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { runCli } from './support/cli.js';

const ROOT = resolve(import.meta.dirname, '..');
const GUIDES = join(ROOT, 'docs', 'guides');
const RECIPES = join(GUIDES, 'recipes');

interface Flag {
  readonly name: string;
  readonly char?: string;
  readonly allowNo?: boolean;
}
interface Manifest {
  readonly commands: Readonly<Record<string, { readonly flags: Readonly<Record<string, Flag>> }>>;
}
const { commands } = JSON.parse(readFileSync(join(ROOT, 'oclif.manifest.json'), 'utf8')) as Manifest;

const read = (path: string): string => readFileSync(path, 'utf8');

const guides = readdirSync(GUIDES).filter((name) => name.endsWith('.md'));
const pages = [
  ...guides.map((name) => join(GUIDES, name)),
  join(ROOT, 'docs', 'safety.md'),
  join(ROOT, 'README.md'),
];
const recipes = [RECIPES, join(GUIDES, 'many-machines')].flatMap((folder) =>
  readdirSync(folder).map((name) => join(folder, name)),
);

/** Every call in a block of code, in backticks, or in a line of a recipe, without what the shell adds to it. */
const listCalls = (path: string): readonly string[] => {
  const text = read(path);
  const inline = [...text.matchAll(/`(mysql-sync [^`\n]+)`/g)].map(([, call = '']) => call);
  const lines = [...text.matchAll(/^(?![^`\n]*`)[^\n]*?\b(mysql-sync [a-z][^\n]*)/gm)].map(
    ([, call = '']) => call,
  );
  return [...inline, ...(path.endsWith('.md') ? linesOfCode(text) : lines)].map((call) =>
    call.replace(/\s+[#>].*$/, '').trim(),
  );
};

const linesOfCode = (markdown: string): readonly string[] =>
  [...markdown.matchAll(/```sh\n([^]*?)```/g)].flatMap(([, block = '']) =>
    [...block.matchAll(/\b(mysql-sync [^\n]*)/g)].map(([, call = '']) => call),
  );

/** The flags of a call that its command does not have; undefined when there is no such command. */
const findUnknownFlags = (call: string): readonly string[] | undefined => {
  const [, first = '', second = ''] = call.split(/\s+/);
  const command = commands[`${first}:${second}`] ?? commands[first];
  if (!command) return undefined;
  const known = Object.values(command.flags).flatMap(({ name, char, allowNo }) => [
    `--${name}`,
    ...(allowNo ? [`--no-${name}`] : []),
    ...(char === undefined ? [] : [`-${char}`]),
  ]);
  return [...call.matchAll(/(?<=\s)--?[a-z][a-z-]*/g)]
    .map(([flag]) => flag)
    .filter((flag) => !known.includes(flag));
};

describe.each([...pages, ...recipes.filter((path) => !path.endsWith('refresh-staging.yaml'))])(
  '%s',
  (path) => {
    test('calls only commands and flags that exist', () => {
      const calls = listCalls(path);
      expect(calls.length).toBeGreaterThan(0);
      expect(calls.map((call) => [call, findUnknownFlags(call)])).toEqual(calls.map((call) => [call, []]));
    });
  },
);

test.each([
  ...pages,
  ...['safety', 'comparison', 'releasing'].map((name) => join(ROOT, 'docs', `${name}.md`)),
])('%s links only to what is there', (path) => {
  const links = [...read(path).matchAll(/\]\((?!https?:|#)([^)#]+)/g)].map(([, link = '']) => link);
  const missing = links.filter((link) => spawnSync('test', ['-e', join(dirname(path), link)]).status !== 0);
  expect(missing).toEqual([]);
});

describe('recipes', () => {
  let home = '';
  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), 'mysql-sync-recipes-'));
  });
  afterEach(() => rmSync(home, { recursive: true }));

  const SECRETS = { PROD_HOST: 'db', PROD_PASSWORD: 'x', STAGING_HOST: 'db', STAGING_PASSWORD: 'y' };

  test('the plan is valid, and says which variable is missing', async () => {
    const argv = ['validate', join(RECIPES, 'refresh-staging.yaml')];
    expect(await runCli(argv, { home, env: SECRETS })).toMatchObject({ code: 0, stderr: '' });
    const { code, stderr } = await runCli(argv, { home, env: { ...SECRETS, PROD_PASSWORD: '' } });
    expect(code).toBe(5);
    expect(stderr).toContain('PROD_PASSWORD');
    expect((await runCli([...argv, '--no-env'], { home })).code).toBe(0);
  });

  test.each(guides)('the plans in %s are valid', async (name) => {
    const plans = [...read(join(GUIDES, name)).matchAll(/```yaml\n([^]*?)```/g)].map(([, yaml = '']) => yaml);
    for (const [index, plan] of plans.entries()) {
      const file = join(home, `${index}.yaml`);
      writeFileSync(file, plan.replace('source: prod', 'source: {name: prod, host: db, user: u}'));
      const { code, stderr } = await runCli(['validate', file, '--no-env'], { home });
      // Saved connections are not here; nothing else may be wrong.
      expect([code, new Set(stderr.match(/error\[\w+\]/g))]).toEqual([5, new Set(['error[CONN_UNKNOWN]'])]);
    }
    expect(plans.length).toBe(
      { 'plan-in-git.md': 2, 'hooks.md': 1, 'masking.md': 1, 'preserve.md': 1, 'refresh.md': 1, 'ssh.md': 1 }[
        name
      ] ?? 0,
    );
  });

  test.each(['github-actions.yml', 'gitlab-ci.yml'])(
    '%s is YAML with the jobs validate and one that applies',
    (name) => {
      const recipe = load(read(join(RECIPES, name)), { schema: CORE_SCHEMA }) as Record<string, object>;
      expect(Object.keys(recipe['jobs'] ?? recipe)).toContain('validate');
      expect(read(join(RECIPES, name))).toMatch(
        /mysql-sync apply refresh-staging\.yaml --no-input --confirm-target staging/,
      );
    },
  );

  /** The folder of the recipes, and the command in PATH. */
  const copyRecipes = (): Readonly<Record<string, string>> => {
    cpSync(RECIPES, home, { recursive: true });
    const bin = join(home, 'bin');
    mkdirSync(bin);
    symlinkSync(join(ROOT, 'bin', 'run.js'), join(bin, 'mysql-sync'));
    symlinkSync(process.execPath, join(bin, 'node'));
    return { PATH: `${bin}:${process.env['PATH'] ?? ''}`, HOME: home, MYSQL_SYNC_HOME: home };
  };

  test('check-age.sh passes what a monitor knows on, and anything else as unknown', () => {
    const env = copyRecipes();
    const check = (): unknown =>
      spawnSync('sh', [join(home, 'check-age.sh'), 'staging', '26h'], { encoding: 'utf8', env });
    expect(check()).toMatchObject({
      status: 3,
      stdout: expect.stringContaining('error[CONN_UNKNOWN]') as string,
    });
    rmSync(join(home, 'bin', 'mysql-sync'));
    for (const [code, status] of [
      ['0', 0],
      ['2', 2],
      ['4', 3],
      ['64', 3],
    ] as const) {
      writeFileSync(join(home, 'bin', 'mysql-sync'), `#!/bin/sh\nexit ${code}\n`, { mode: 0o755 });
      expect(check()).toMatchObject({ status });
    }
  });

  test('cron.sh passes the exit code on, and says it', () => {
    const env = copyRecipes();
    writeFileSync(
      join(home, 'secrets.env'),
      "export PROD_HOST=127.0.0.1 STAGING_HOST=127.0.0.1 STAGING_PASSWORD='x'\n",
    );
    chmodSync(join(home, 'cron.sh'), 0o755);
    const { status, stdout, stderr } = spawnSync(join(home, 'cron.sh'), {
      encoding: 'utf8',
      env,
    });
    expect(status).toBe(5);
    expect(stderr).toContain('error[PLAN_ENV_UNSET]');
    expect(stdout).toBe('refreshing staging ended with exit code 5\n');
  });
});
