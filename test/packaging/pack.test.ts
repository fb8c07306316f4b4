import { execFileSync, spawnSync } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  type InstalledPackage,
  PACKAGE_NAME,
  RUNS_SCRIPTS,
  hasBuiltInSqlite,
  installFromClone,
  lendSqlite,
} from '../support/installed-package.js';
import {
  COLUMNS,
  type QuickStartCall,
  makeQuickStartHome,
  prepareQuickStart,
  readQuickStart,
  typeCall,
} from '../support/quick-start.js';
import { startServer } from '../support/servers.js';
import { readPicture, renderPicture } from '../support/terminal-picture.js';

const ROOT = resolve(import.meta.dirname, '../..');
const PICTURE = join(ROOT, 'docs', 'terminal.svg');

const scratch = mkdtempSync(join(tmpdir(), 'mysql-sync-pack-'));
const home = join(scratch, 'person');
let installed: InstalledPackage;
let packed: readonly string[] = [];

beforeAll(() => {
  makeQuickStartHome(home);
  installed = installFromClone(scratch, readQuickStart().installs);
  const listing = execFileSync('tar', ['-tzf', installed.tarball], { encoding: 'utf8' });
  packed = listing
    .trim()
    .split('\n')
    .map((path) => path.replace(/^package\//, ''));
}, 600_000);

afterAll(() => {
  rmSync(scratch, { recursive: true, force: true });
});

const runInstalled = (
  argv: readonly string[],
  input = '',
): { readonly status: number | null; readonly stdout: string; readonly stderr: string } => {
  const { status, stdout, stderr } = spawnSync(join(installed.bin, 'mysql-sync'), argv, {
    cwd: scratch,
    encoding: 'utf8',
    env: { ...process.env, NODE_ENV: 'production', MYSQL_SYNC_HOME: join(scratch, 'home') },
    input,
  });
  return { status, stdout, stderr };
};

test('the package holds what runs and what editors read', () => {
  const schemas = readdirSync(join(ROOT, 'schemas')).map((file) => `schemas/${file}`);
  const plans = readdirSync(join(ROOT, 'plans')).map((file) => `plans/${file}`);
  expect(packed).toEqual(
    expect.arrayContaining([
      'LICENSE',
      'README.md',
      'bin/run.js',
      'dist/commands/plan.js',
      'npm-shrinkwrap.json',
      'oclif.manifest.json',
      'package.json',
      ...schemas,
      ...plans,
    ]),
  );
});

test('the package holds nothing else', () => {
  const ALLOWED = /^(dist\/.*\.js|docs\/.*|schemas\/.*\.json|plans\/.*\.ya?ml|bin\/run\.js|[^/]+)$/;
  expect(packed.filter((path) => !ALLOWED.test(path))).toEqual([]);
});

test('what the packed README links to is packed', () => {
  const readme = readFileSync(join(ROOT, 'README.md'), 'utf8');
  const links = [...readme.matchAll(/\]\((?!https?:)([^)#]+)/g)].map(([, path = '']) => path);
  expect(links.length).toBeGreaterThan(10);
  expect(links.filter((link) => !packed.some((path) => path === link || path.startsWith(link)))).toEqual([]);
});

test('the packed manifest and dist are of one build', () => {
  const { commands } = JSON.parse(readFileSync(join(installed.root, 'oclif.manifest.json'), 'utf8')) as {
    commands: Record<string, { relativePath: readonly string[] }>;
  };
  const listed = Object.values(commands).map(({ relativePath }) => relativePath.join('/'));
  const compiled = packed.filter((path) => path.startsWith('dist/commands/'));
  expect(listed.sort()).toEqual([...compiled].sort());
});

test('it installs with the versions of the lock file and without development packages', () => {
  const modules = readdirSync(join(installed.root, 'node_modules'));
  expect(modules).toContain('mysql2');
  expect(modules).not.toContain('vitest');
});

test('--version and --help run from the installed package', () => {
  const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { version: string };
  expect(runInstalled(['--version'])).toMatchObject({
    status: 0,
    stdout: expect.stringContaining(`${PACKAGE_NAME}/${version} `) as string,
    stderr: '',
  });
  const help = runInstalled(['--help']);
  expect(help).toMatchObject({ status: 0, stderr: '' });
  expect(help.stdout).toMatch(/^ +apply /m);
});

test('npx runs it from the tarball', () => {
  // npx keeps what it installs in the cache of npm: here in one that goes, with the downloads of the person's.
  const cache = join(scratch, 'npx');
  mkdirSync(cache);
  symlinkSync(
    join(execFileSync('npm', ['config', 'get', 'cache'], { encoding: 'utf8' }).trim(), '_cacache'),
    join(cache, '_cacache'),
  );
  const argv = [
    '--yes',
    '--prefer-offline',
    '--ignore-scripts',
    `--package=${installed.tarball}`,
    'mysql-sync',
    '--version',
  ];
  const env = { ...process.env, npm_config_cache: cache };
  const printed = execFileSync('npx', argv, { cwd: scratch, encoding: 'utf8', env, stdio: 'pipe' });
  expect(printed).toMatch(/^mysql-sync-plans\/\d/);
});

test('validate finds the packed schema', () => {
  const plan = join(installed.root, 'plans', 'ci-inline.yaml');
  expect(runInstalled(['validate', '--no-env', plan])).toMatchObject({ status: 0 });
  const broken = runInstalled(['validate', '-'], 'version: 1\nsource: a\ntarget: b\ndatabses: []\n');
  expect(broken.status).toBe(5);
  expect(broken.stderr).toContain('did you mean "databases"');
});

test.runIf(RUNS_SCRIPTS || hasBuiltInSqlite)('the store opens', () => {
  expect(runInstalled(['connections', 'list'])).toMatchObject({ status: 0 });
});

test.runIf(!RUNS_SCRIPTS && !hasBuiltInSqlite)('without a SQLite it says which command brings one', () => {
  const listed = runInstalled(['connections', 'list']);
  expect(listed.status).toBe(5);
  expect(listed.stderr).toContain('sqlite3');
});

describe('with SQLite', () => {
  beforeAll(() => lendSqlite(installed.root, installed.clone));

  test('the quick start as typed: each line in its order, in an empty home, and it is what the picture shows', async () => {
    const [prod, staging] = await Promise.all([startServer(), startServer()]);
    try {
      prepareQuickStart({ prod, staging });
      const shown: QuickStartCall[] = [];
      for (const call of readQuickStart().calls) {
        const typed = await typeCall(call, home, join(installed.bin, 'mysql-sync'), {
          prod: prod.port,
          staging: staging.port,
        });
        expect([typed.call, typed.code]).toEqual([typed.call, 0]);
        if (/ connections add | apply nightly\.yaml$/.test(call)) shown.push(typed);
      }
      const lines = shown.flatMap(({ lines }) => [...lines, []]).slice(0, -1);
      const picture = renderPicture(
        lines,
        COLUMNS,
        'The first run: two connections, the plan, the question, the recap',
      );
      if (process.env['MYSQL_SYNC_RECORD_PICTURE']) writeFileSync(PICTURE, picture);
      // What the calls print depends on how fast the machine is; that they are these does not.
      const typedIn = (svg: string): readonly string[] =>
        readPicture(svg).filter((line) => line.startsWith('$'));
      expect(typedIn(picture)).toEqual(typedIn(readFileSync(PICTURE, 'utf8')));
      expect(typedIn(picture)).toHaveLength(3);
    } finally {
      await Promise.all([prod.stop(), staging.stop()]);
    }
  }, 120_000);

  test('the demo copies four databases, and the mariadb client finds them equal', () => {
    // It builds too, and ends with 0 only when nothing is different.
    const { status, stdout, stderr } = spawnSync(process.execPath, ['scripts/demo.mjs'], {
      cwd: installed.clone,
      // Where mysql-sync writes no passwords by itself.
      env: { ...process.env, CI: 'true' },
      encoding: 'utf8',
    });
    expect(`${stdout}${stderr}`).toMatch(/apply copied 4 databases from prod to staging/);
    expect(stdout).toContain('all are equal');
    expect(status).toBe(0);
  }, 300_000);
});
