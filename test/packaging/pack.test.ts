import { execFileSync, spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { isBuiltin } from 'node:module';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
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
/** Of the package; the command is mysql-sync. */
const NAME = 'mysql-sync-plans';
// sqlite3 is compiled by its install script, which takes most of a minute: in CI, or when somebody asks. Without
// scripts is also how npm 12 installs by default.
const RUNS_SCRIPTS = ['CI', 'MYSQL_SYNC_FULL_INSTALL'].some((name) => process.env[name]);

const PICTURE = join(ROOT, 'docs', 'terminal.svg');

const scratch = mkdtempSync(join(tmpdir(), 'mysql-sync-pack-'));
const prefix = join(scratch, 'prefix');
const copy = join(scratch, 'mysql-sync');
const home = join(scratch, 'person');
const root = join(prefix, 'lib', 'node_modules', NAME);
let tarball = '';
let packed: readonly string[] = [];

/** What a clone would hold of the working tree. Packing builds, and other tests use the build of this one. */
const cloneTree = (): void => {
  const argv = ['ls-files', '-z', '--cached', '--others', '--exclude-standard'];
  const paths = execFileSync('git', argv, { cwd: ROOT, encoding: 'utf8' }).split('\0');
  for (const path of paths.filter((path) => path !== '' && existsSync(join(ROOT, path))))
    cpSync(join(ROOT, path), join(copy, path), { recursive: true });
};

const npmConfig = (key: string): string =>
  execFileSync('npm', ['config', 'get', key], { encoding: 'utf8' }).trim();

/** A shell of a person whose home is empty, but for how npm is set up here and what it has downloaded before. */
const personEnv = (): NodeJS.ProcessEnv => ({
  CFLAGS: '-O1',
  ...process.env,
  PATH: `${join(prefix, 'bin')}:${process.env['PATH'] ?? ''}`,
  HOME: home,
  npm_config_userconfig: npmConfig('userconfig'),
  npm_config_cache: npmConfig('cache'),
  npm_config_prefer_offline: 'true',
  npm_config_prefix: prefix,
});

beforeAll(() => {
  cloneTree();
  makeQuickStartHome(home);
  for (const line of readQuickStart().installs)
    execFileSync(
      'bash',
      ['-c', RUNS_SCRIPTS ? line : line.replace('--global', '--global --ignore-scripts')],
      { cwd: copy, encoding: 'utf8', env: personEnv(), stdio: 'pipe' },
    );
  tarball = join(copy, readdirSync(copy).find((name) => name.endsWith('.tgz')) ?? '');
  const listing = execFileSync('tar', ['-tzf', tarball], { encoding: 'utf8' });
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
  const { commands } = JSON.parse(readFileSync(join(root, 'oclif.manifest.json'), 'utf8')) as {
    commands: Record<string, { relativePath: readonly string[] }>;
  };
  const listed = Object.values(commands).map(({ relativePath }) => relativePath.join('/'));
  const compiled = packed.filter((path) => path.startsWith('dist/commands/'));
  expect(listed.sort()).toEqual([...compiled].sort());
});

test('it installs with the versions of the lock file and without development packages', () => {
  const modules = readdirSync(join(root, 'node_modules'));
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
  const plan = join(root, 'plans', 'ci-inline.yaml');
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

/** Where SQLite is compiled neither by this Node nor here, the working tree lends what it has. */
const lendSqlite = (): void => {
  if (RUNS_SCRIPTS || hasBuiltInSqlite) return;
  for (const modules of [join(root, 'node_modules'), join(copy, 'node_modules')])
    cpSync(join(ROOT, 'node_modules/sqlite3/build'), join(modules, 'sqlite3/build'), { recursive: true });
};

describe('with SQLite', () => {
  beforeAll(lendSqlite);

  test('the quick start as typed: each line in its order, in an empty home, and it is what the picture shows', async () => {
    const [prod, staging] = await Promise.all([startServer(), startServer()]);
    try {
      prepareQuickStart({ prod, staging });
      const shown: QuickStartCall[] = [];
      for (const call of readQuickStart().calls) {
        const typed = await typeCall(call, home, join(prefix, 'bin', 'mysql-sync'), {
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
      cwd: copy,
      // Where mysql-sync writes no passwords by itself.
      env: { ...process.env, CI: 'true' },
      encoding: 'utf8',
    });
    expect(`${stdout}${stderr}`).toMatch(/apply copied 4 databases from prod to staging/);
    expect(stdout).toContain('all are equal');
    expect(status).toBe(0);
  }, 300_000);
});
