import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';

const ROOT = resolve(import.meta.dirname, '../..');
/** Of the package; the command is mysql-sync. */
const NAME = 'mysql-sync-plans';
const SOURCES = ['bin', 'plans', 'schemas', 'scripts', 'src', 'LICENSE', 'README.md', 'CHANGELOG.md', 'docs'];
const SETTINGS = ['package.json', 'package-lock.json', 'tsconfig.json', '.npmrc'];

// sqlite3 is compiled by its install script, which takes most of a minute: in CI, or when somebody asks. Without
// scripts is also how npm 12 installs by default.
const RUNS_SCRIPTS = ['CI', 'MYSQL_SYNC_FULL_INSTALL'].some((name) => process.env[name]);

const scratch = mkdtempSync(join(tmpdir(), 'mysql-sync-pack-'));
const prefix = join(scratch, 'prefix');
const copy = join(scratch, 'copy');
let tarball = '';
let packed: readonly string[] = [];

const runNpm = (cwd: string, argv: readonly string[]): void => {
  execFileSync('npm', argv, { cwd, encoding: 'utf8', env: { CFLAGS: '-O1', ...process.env }, stdio: 'pipe' });
};

/** Packs a copy of the working tree, because packing builds, and other tests use the build of this one. */
const packCopy = (): string => {
  mkdirSync(copy);
  for (const path of [...SOURCES, ...SETTINGS])
    cpSync(join(ROOT, path), join(copy, path), { recursive: true });
  symlinkSync(join(ROOT, 'node_modules'), join(copy, 'node_modules'));
  runNpm(copy, ['pack', '--pack-destination', scratch]);
  const file = readdirSync(scratch).find((name) => name.endsWith('.tgz'));
  expect(file).toBeDefined();
  return join(scratch, file ?? '');
};

beforeAll(() => {
  tarball = packCopy();
  const listing = execFileSync('tar', ['-tzf', tarball], { encoding: 'utf8' });
  packed = listing
    .trim()
    .split('\n')
    .map((path) => path.replace(/^package\//, ''));
  const scripts = RUNS_SCRIPTS ? [] : ['--ignore-scripts'];
  runNpm(scratch, ['install', '--global', '--prefix', prefix, '--prefer-offline', ...scripts, tarball]);
}, 300_000);

afterAll(() => {
  rmSync(scratch, { recursive: true, force: true });
});

const runInstalled = (
  argv: readonly string[],
  input = '',
): { readonly status: number | null; readonly stdout: string; readonly stderr: string } => {
  const { status, stdout, stderr } = spawnSync(join(prefix, 'bin', 'mysql-sync'), argv, {
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
  const root = join(prefix, 'lib', 'node_modules', NAME);
  const { commands } = JSON.parse(readFileSync(join(root, 'oclif.manifest.json'), 'utf8')) as {
    commands: Record<string, { relativePath: readonly string[] }>;
  };
  const listed = Object.values(commands).map(({ relativePath }) => relativePath.join('/'));
  const compiled = packed.filter((path) => path.startsWith('dist/commands/'));
  expect(listed.sort()).toEqual([...compiled].sort());
});

test('it installs with the versions of the lock file and without development packages', () => {
  const modules = readdirSync(join(prefix, 'lib', 'node_modules', NAME, 'node_modules'));
  expect(modules).toContain('mysql2');
  expect(modules).not.toContain('vitest');
});

test('--version and --help run from the installed package', () => {
  const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { version: string };
  expect(runInstalled(['--version'])).toMatchObject({
    status: 0,
    stdout: expect.stringContaining(`${NAME}/${version} `) as string,
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
    `--package=${tarball}`,
    'mysql-sync',
    '--version',
  ];
  const env = { ...process.env, npm_config_cache: cache };
  const printed = execFileSync('npx', argv, { cwd: scratch, encoding: 'utf8', env, stdio: 'pipe' });
  expect(printed).toMatch(/^mysql-sync-plans\/\d/);
});

test('validate finds the packed schema', () => {
  const plan = join(prefix, 'lib', 'node_modules', NAME, 'plans', 'ci-inline.yaml');
  expect(runInstalled(['validate', '--no-env', plan])).toMatchObject({ status: 0 });
  const broken = runInstalled(['validate', '-'], 'version: 1\nsource: a\ntarget: b\ndatabses: []\n');
  expect(broken.status).toBe(5);
  expect(broken.stderr).toContain('did you mean "databases"');
});

const hasBuiltInSqlite = isBuiltin('node:sqlite');

test.runIf(RUNS_SCRIPTS || hasBuiltInSqlite)('the store opens', () => {
  expect(runInstalled(['connections', 'list'])).toMatchObject({ status: 0 });
});

test.runIf(!RUNS_SCRIPTS && !hasBuiltInSqlite)('without a SQLite it says which command brings one', () => {
  const listed = runInstalled(['connections', 'list']);
  expect(listed.status).toBe(5);
  expect(listed.stderr).toContain('sqlite3');
});

test('the demo copies four databases, and the mariadb client finds them equal', () => {
  // It builds too, and ends with 0 only when nothing is different.
  const { status, stdout, stderr } = spawnSync(process.execPath, ['scripts/demo.mjs'], {
    cwd: copy,
    // Where mysql-sync writes no passwords by itself.
    env: { ...process.env, CI: 'true' },
    encoding: 'utf8',
  });
  expect(`${stdout}${stderr}`).toMatch(/apply copied 4 databases from prod to staging/);
  expect(stdout).toContain('all are equal');
  expect(status).toBe(0);
}, 300_000);
