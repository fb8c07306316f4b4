import { spawnSync } from 'node:child_process';
import { chmodSync, chownSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { CliResult } from '../support/cli.js';
import { type Rig, startRig } from '../support/rig.js';

/** Containers and build machines: a user id without a name, no home, a home that cannot be written, odd variables. */

const BIN = resolve(import.meta.dirname, '../../bin/run.js');
const NAMELESS = 54_321;
const isRoot = process.getuid?.() === 0;
if (!isRoot)
  process.stderr.write('\nNOT TESTED: a user id without a passwd entry. Only root can become one.\n\n');

const scratch = mkdtempSync(join(tmpdir(), 'mysql-sync-odd-'));
chmodSync(scratch, 0o755);
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

type Variables = Readonly<Record<string, string>>;

/** With these variables and PATH only, in a folder that everybody may read. */
const run = (argv: readonly string[], env: Variables, uid?: number): CliResult => {
  const { status, signal, stdout, stderr } = spawnSync(process.execPath, [BIN, ...argv], {
    cwd: scratch,
    encoding: 'utf8',
    env: { PATH: process.env['PATH'] ?? '', ...env },
    timeout: 30_000,
    ...(uid === undefined ? {} : { uid, gid: uid }),
  });
  return { code: status, signal, stdout, stderr };
};

test.each(['', 'home', './home'])('HOME=%s is not the working folder', (home) => {
  const before = readdirSync(scratch);
  const { code, stdout } = run(['config', 'path'], { HOME: home });
  expect(code).toBe(0);
  expect(stdout).toMatch(/^\//);
  expect(stdout).not.toContain(scratch);
  expect(readdirSync(scratch)).toEqual(before);
});

test('XDG folders that are not absolute are ignored', () => {
  const home = join(scratch, 'home');
  mkdirSync(home);
  const before = readdirSync(scratch);
  expect(run(['history'], { HOME: home, XDG_CONFIG_HOME: 'c', XDG_DATA_HOME: './d' }).code).toBe(0);
  expect(readdirSync(scratch)).toEqual(before);
  expect(readdirSync(join(home, '.local/share/mysql-sync'))).toContain('state.db');
});

test('with an empty HOME no program is loaded from the folder of temporary files', () => {
  const evil = join(scratch, '.local/share/mysql-sync');
  mkdirSync(evil, { recursive: true });
  const plugin = { name: 'evil', type: 'link', root: evil };
  writeFileSync(
    join(evil, 'package.json'),
    JSON.stringify({
      name: 'evil',
      version: '1.0.0',
      oclif: { plugins: [plugin], hooks: { init: './init.js' } },
    }),
  );
  writeFileSync(join(evil, 'init.js'), "exports.default = async () => console.error('loaded')");
  for (const home of ['', scratch])
    expect(run(['--version'], { HOME: home, TMPDIR: scratch })).toMatchObject({ code: 0, stderr: '' });
  rmSync(join(scratch, '.local'), { recursive: true });
});

test.each(['/proc/self/mysql-sync', '/proc/self/mysql-sync/deeper', '/dev/null/mysql-sync', '/dev/null'])(
  'MYSQL_SYNC_HOME=%s is a folder that cannot be made: it says so and ends',
  (home) => {
    const env = { MYSQL_SYNC_HOME: home };
    const { code, stderr } = run(['connections', 'list'], env);
    expect(stderr).toMatch(/^error\[STORE_UNUSABLE\] .*\n.*MYSQL_SYNC_HOME/);
    expect(code).toBe(5);
    const set = run(['config', 'set', 'batch.max_concurrent', '2'], env);
    expect(set.stderr).toMatch(/^error\[(STORE_UNUSABLE|INPUT_INVALID)\] cannot (make|write) /);
    expect(set.code).toBe(5);
  },
);

const readOnly = join(scratch, 'read-only');
mkdirSync(readOnly);
const isMounted = isRoot && spawnSync('mount', ['-t', 'tmpfs', '-o', 'ro', 'tmpfs', readOnly]).status === 0;
if (!isMounted)
  process.stderr.write('\nNOT TESTED: a read-only file system. It takes root, and the right to mount.\n\n');
afterAll(() => (isMounted ? spawnSync('umount', [readOnly]) : undefined));

test.runIf(isMounted)('MYSQL_SYNC_HOME on a read-only file system: it says so and ends', () => {
  for (const home of [readOnly, join(readOnly, 'deeper')]) {
    const { code, stderr } = run(['connections', 'list'], { MYSQL_SYNC_HOME: home });
    expect(stderr).toMatch(/^error\[STORE_UNUSABLE\] .*EROFS.*\n.*MYSQL_SYNC_HOME/);
    expect(code).toBe(5);
  }
});

describe.runIf(isRoot)('a user id without a passwd entry', () => {
  test.each<[string, Variables]>([
    ['no HOME', {}],
    ['an empty HOME', { HOME: '' }],
    ['a HOME that is not there', { HOME: '/nonexistent' }],
  ])('with %s: --version and --help work, the store says what to do', (_, env) => {
    expect(run(['--version'], env, NAMELESS)).toMatchObject({ code: 0, stderr: '' });
    expect(run(['plan', '--help'], env, NAMELESS)).toMatchObject({ code: 0, stderr: '' });
    const { code, stderr } = run(['connections', 'list'], env, NAMELESS);
    expect(code).toBe(5);
    expect(stderr).toMatch(/^error\[STORE_UNUSABLE\] cannot make .*\n.*MYSQL_SYNC_HOME/);
  });
});

describe.runIf(isRoot)('an apply of a user id without a passwd entry', () => {
  let rig: Rig;
  let plan: string;
  beforeAll(async () => {
    rig = await startRig();
    await rig.source.query(
      'CREATE DATABASE shop; CREATE TABLE shop.t (id INT PRIMARY KEY); INSERT INTO shop.t VALUES (1)',
    );
    plan = rig.writePlan('databases:\n  - name: shop');
    chmodSync(rig.home, 0o755);
  });
  afterAll(async () => rig.stop());

  const apply = (env: Variables): CliResult =>
    run(
      ['apply', plan, '--no-input', '--auto-approve', '--confirm-target', 'staging'],
      { ...rig.env, ...env },
      NAMELESS,
    );

  test('with a home: the run is in the history under the number of the user', () => {
    const home = join(scratch, 'of-nameless');
    mkdirSync(home, { mode: 0o700 });
    chownSync(home, NAMELESS, NAMELESS);
    expect(apply({ HOME: home })).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/shop +created/) as string,
    });
    expect(run(['history', 'show', 'latest'], { HOME: home }, NAMELESS).stdout).toContain(
      `uid ${String(NAMELESS)}@`,
    );
  });

  test('with a home that cannot be written: a person is told the way out, before anything is changed', async () => {
    await rig.target.query('DROP DATABASE IF EXISTS shop');
    const { code, stderr } = apply({ HOME: scratch });
    expect(stderr).toMatch(/error\[STORE_UNUSABLE\] cannot make .*\n.*MYSQL_SYNC_HOME/);
    expect(code).toBe(5);
    expect(await rig.contentOf('target', 'shop')).toBeUndefined();
  });

  test('with a home that cannot be written, in a pipeline: it goes on without history and log', async () => {
    const { code, stdout, stderr } = apply({ HOME: scratch, CI: 'true' });
    expect(stderr).toContain('warning: this run goes on without the history: cannot make');
    expect(stderr).toContain('warning: this run goes on without the log: cannot make');
    expect(stdout).toMatch(/shop +(created|overwritten)/);
    expect(stdout).not.toContain('Log:');
    expect(code).toBe(0);
    expect(await rig.contentOf('target', 'shop')).toEqual(await rig.contentOf('source', 'shop'));
    const undone = run(
      ['rollback', '--plan', plan, '--confirm-target', 'staging'],
      { ...rig.env, HOME: scratch, CI: 'true' },
      NAMELESS,
    );
    expect(undone.stderr).not.toContain('BUG');
  });
});
