import { execFile, execFileSync } from 'node:child_process';
import {
  chmodSync,
  lstatSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Rig, startRig } from '../support/rig.js';

/** What files are made with, what is in their place, and what happens when a stream breaks. */

const BIN = resolve(import.meta.dirname, '../../bin/run.js');

let rig: Rig;
let plan: string;
let folder: string;
beforeAll(async () => {
  rig = await startRig();
  await rig.source.query('CREATE DATABASE shop');
  await rig.source.query('CREATE TABLE shop.t (id INT PRIMARY KEY)');
  await rig.source.query('INSERT INTO shop.t VALUES (1), (2)');
  plan = rig.writePlan('databases: [{name: shop}]');
});
afterAll(async () => rig.stop());
beforeEach(async () => {
  await rig.target.query('DROP DATABASE IF EXISTS shop');
  folder = mkdtempSync(join(rig.home, 'case-'));
  return () => rmSync(folder, { recursive: true, force: true });
});

interface ShellResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A script of bash in which `sync` is the built command line; its home is a folder of the case. */
const runInShell = (script: string): Promise<ShellResult> =>
  new Promise((settle) => {
    const { PATH = '' } = process.env;
    const env = { PATH, HOME: folder, MYSQL_SYNC_HOME: join(folder, 'state'), ...rig.env, plan, folder };
    const whole = `set -o pipefail; sync() { "${process.execPath}" "${BIN}" "$@"; }\n${script}`;
    execFile('bash', ['-c', whole], { env, cwd: folder }, (error, stdout, stderr) => {
      settle({ code: typeof error?.code === 'number' ? error.code : 0, stdout, stderr });
    });
  });

const modeOf = (...path: string[]): string =>
  (statSync(join(folder, ...path)).mode & 0o7777).toString(8).padStart(4, '0');

const copied = async (): Promise<boolean> => (await rig.contentOf('target', 'shop')) !== undefined;

const LAST_EVENT = /"type":"summary".*"exit_code":0/;

describe.each(['0000', '0022', '0777'])('with umask %s', (umask) => {
  test('config, state, saved plan, events and log are for their owner only', async () => {
    const { code, stderr } = await runInShell(`umask ${umask}
      sync config set batch.max_concurrent 2 &&
      sync plan "$plan" --out "$folder/saved.json" &&
      sync connections add x --host 127.0.0.1 --user u --no-test --password-env DB_PASSWORD &&
      sync apply "$folder/saved.json" --auto-approve --events "$folder/events.jsonl"`);
    expect(stderr).not.toContain('error');
    expect(code).toBe(0);
    const [log = ''] = readdirSync(join(folder, 'state', 'logs'));
    const files = ['config.yaml', 'state.db', 'state.key', join('logs', log)].map((name) =>
      modeOf('state', name),
    );
    expect([...files, modeOf('events.jsonl'), modeOf('saved.json')]).toEqual(Array(6).fill('0600'));
    expect([modeOf('state'), modeOf('state', 'logs')]).toEqual(['0700', '0700']);
  });
});

test('an events file, a log and a saved plan that others could read: they are closed', async () => {
  expect((await runInShell('sync config set logging.file_rotation false && sync history')).code).toBe(0);
  execFileSync('mkdir', ['-m', '700', join(folder, 'state', 'logs')]);
  const paths = ['events.jsonl', 'saved.json', join('state', 'logs', 'mysql-sync.jsonl')];
  for (const path of paths) {
    writeFileSync(join(folder, path), '');
    chmodSync(join(folder, path), 0o666);
  }
  const { code } = await runInShell(`sync plan "$plan" --out saved.json &&
    sync apply "$plan" --auto-approve --events events.jsonl`);
  expect(code).toBe(0);
  expect(paths.map((path) => modeOf(path))).toEqual(['0600', '0600', '0600']);
});

test('a config that the person opened to others: it keeps its mode', async () => {
  await runInShell('sync config set batch.max_concurrent 2 && chmod 640 state/config.yaml');
  expect((await runInShell('sync config set batch.max_concurrent 3')).code).toBe(0);
  expect(modeOf('state', 'config.yaml')).toBe('0640');
});

test.each([
  ['a link to a file', 'echo old > real.json; ln -s real.json out'],
  ['a link to nothing yet', 'ln -s real.json out'],
])('plan --out onto %s: the link stays, and leads to the plan', async (_, prepare) => {
  const { code } = await runInShell(`${prepare}; sync plan "$plan" --out out`);
  expect(code).toBe(0);
  expect(lstatSync(join(folder, 'out')).isSymbolicLink()).toBe(true);
  expect(readFileSync(join(folder, 'real.json'), 'utf8')).toContain('"saved-plan"');
  expect(modeOf('real.json')).toBe('0600');
});

test('plan --out and --events onto a pipe: it is written into, and keeps its mode', async () => {
  const { code, stdout } = await runInShell(`mkfifo -m 644 pipe
    cat pipe & sync plan "$plan" --out pipe >/dev/null && wait $! &&
    { cat pipe & sync apply "$plan" --auto-approve --events pipe >/dev/null && wait $!; }`);
  expect(code).toBe(0);
  expect(stdout).toContain('"saved-plan"');
  expect(stdout).toMatch(LAST_EVENT);
  expect(lstatSync(join(folder, 'pipe')).isFIFO()).toBe(true);
  expect(modeOf('pipe')).toBe('0644');
});

test('plan --out and --events onto a device: it stays a device, and keeps its mode', async () => {
  // Root could destroy the machine's own; nobody else can make one.
  const isRoot = process.getuid?.() === 0;
  const { code, stderr } = await runInShell(`
    ${isRoot ? 'mknod -m 666 null c 1 3' : 'ln -s /dev/null null'}
    sync plan "$plan" --out null && sync apply "$plan" --auto-approve --events null`);
  expect(stderr).not.toContain('error');
  expect(code).toBe(0);
  expect(statSync(join(folder, 'null')).isCharacterDevice()).toBe(true);
  expect(modeOf('null')).toBe('0666');
});

test('plan --out /dev/stdout: the plan goes where stdout goes', async () => {
  const { code, stdout } = await runInShell('sync plan "$plan" --out /dev/stdout --quiet | cat');
  expect(code).toBe(0);
  expect(stdout).toContain('"saved-plan"');
});

test('a full disk behind stdout: the apply is done, and says that its result is lost', async () => {
  const { code, stderr } = await runInShell('sync apply "$plan" --auto-approve >/dev/full');
  expect(stderr).toContain('error: the result could not be written to stdout (ENOSPC)');
  expect(stderr).not.toContain('    at ');
  expect(code).toBe(74);
  expect(await copied()).toBe(true);
});

test('a reader that has read enough: nothing is said of it', async () => {
  const { code, stderr } = await runInShell('sync help environment | head -1 >/dev/null');
  expect(stderr).toBe('');
  expect(code).toBe(0);
});

test.each([
  ['its reader goes away', '2> >(head -c 1 >/dev/null)'],
  ['its disk is full', '2>/dev/full'],
  ['it is closed', '2>&-'],
])('stderr of an apply, when %s: the apply goes on and ends well', async (_, redirection) => {
  const { code, stdout } = await runInShell(`sync apply "$plan" --auto-approve ${redirection}`);
  expect(stdout).toContain('Apply finished: 1 created');
  expect(code).toBe(0);
  expect(await copied()).toBe(true);
});

test('a reader of events that goes away: the apply goes on, and says that they are lost', async () => {
  const { code, stdout, stderr } = await runInShell(`mkfifo pipe; head -n 1 pipe >/dev/null &
    sync apply "$plan" --auto-approve --events pipe`);
  expect(stderr).toContain('warning: cannot write events to pipe (EPIPE); the run goes on without them');
  expect(stdout).toContain('Apply finished: 1 created');
  expect(code).toBe(0);
});

test.each(['/dev/full', '99', 'missing/events.jsonl'])(
  'events that cannot be written to %s: nothing begins',
  async (place) => {
    const { code, stderr } = await runInShell(`sync apply "$plan" --auto-approve --events ${place}`);
    expect(stderr).toContain(`error[INPUT_INVALID] cannot write events to ${place}`);
    expect(code).toBe(5);
    expect(await copied()).toBe(false);
  },
);

test('a log on a full disk: the apply goes on and ends well', async () => {
  expect((await runInShell('sync config set logging.file_rotation false && sync history')).code).toBe(0);
  execFileSync('mkdir', ['-m', '700', join(folder, 'state', 'logs')]);
  symlinkSync('/dev/full', join(folder, 'state', 'logs', 'mysql-sync.jsonl'));
  const { code, stdout } = await runInShell('sync apply "$plan" --auto-approve');
  expect(stdout).toContain('Apply finished: 1 created');
  expect(code).toBe(0);
});
