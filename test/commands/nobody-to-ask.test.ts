import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { converse } from '../support/conversation.js';
import { type Rig, startRig } from '../support/rig.js';
import { saveConnection } from '../support/saved-home.js';
import { type Home, makeHome } from '../support/home.js';

/** Where a person would be asked and none is there, the call ends with 6 and names the flags that say the same. */

const BIN = resolve(import.meta.dirname, '../../bin/run.js');

let rig: Rig;
let home: Home;
let project: string;
let overwrite: string;
let create: string;
beforeAll(async () => {
  rig = await startRig();
  await rig.source.query('CREATE DATABASE shop; CREATE DATABASE crm');
  await rig.target.query('CREATE DATABASE shop; CREATE TABLE shop.t (id INT)');
  home = makeHome();
  await saveConnection(home, 'prod', rig.source);
  project = mkdtempSync(join(tmpdir(), 'mysql-sync-project-'));
  overwrite = rig.writePlan('databases:\n  - name: shop');
  create = rig.writePlan('databases:\n  - name: crm');
  writeFileSync(join(project, 'there'), '');
});
afterAll(async () => {
  rmSync(project, { recursive: true });
  home.close();
  await rig.stop();
});

interface Ended {
  readonly code: number | null;
  readonly output: string;
}

/** With a stdin that stays open and silent, or one that is full of yes. */
const runWith = (stdin: 'silent' | 'yes', argv: readonly string[], env = {}): Promise<Ended> =>
  new Promise((settle) => {
    const { PATH = '' } = process.env;
    const child = spawn(process.execPath, [BIN, ...argv], {
      cwd: project,
      env: { PATH, HOME: home.folder, MYSQL_SYNC_HOME: home.folder, ...rig.env, ...env },
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text: string) => (output += text));
    child.stdin.on('error', () => undefined);
    if (stdin === 'yes') child.stdin.write('y\nprod\nstaging\nall\nclear\n'.repeat(100));
    child.once('close', (code) => {
      child.stdin.destroy();
      settle({ code, output });
    });
  });

const CASES: readonly (readonly [string, () => readonly string[], string])[] = [
  ['init', () => ['init'], '--source NAME --target NAME --databases all --on-existing overwrite'],
  [
    'init that is told a part',
    () => ['init', 'n.yaml', '--source', 'prod'],
    'mysql-sync init n.yaml --source',
  ],
  ['connections clear', () => ['connections', 'clear'], 'connections clear --yes'],
  ['apply that creates', () => ['apply', create], '--auto-approve'],
  ['apply that overwrites', () => ['apply', overwrite], '--confirm-target staging'],
];

describe.each(['silent', 'yes'] as const)('with a stdin that is %s', (stdin) => {
  test.each(CASES)('%s', async (_, argv, flags) => {
    const { code, output } = await runWith(stdin, argv());
    expect(output).toContain('error[APPROVAL_REQUIRED]');
    expect(output).toContain(flags);
    expect(code).toBe(6);
    expect(readdirSync(project)).toEqual(['there']);
  });

  test('connections lists them and waits for nothing', async () => {
    const { code, output } = await runWith(stdin, ['connections']);
    expect([code, output]).toEqual([0, expect.stringMatching(/^prod\ttester@127\.0\.0\.1:\d+\t/)]);
  });

  test('a password that is missing is not waited for', async () => {
    const login = ['--host', '127.0.0.1', '--port', String(rig.source.port), '--user', 'tester'];
    const { code, output } = await runWith(stdin, ['connections', 'add', 'other', ...login]);
    expect([code, output]).toEqual([4, expect.stringContaining('--password-stdin, --password-env VAR')]);
  });
});

describe('a terminal where nobody is to be asked', () => {
  test.each([
    ['TERM=dumb', ['init'], { TERM: 'dumb' }],
    ['CI', ['init'], { CI: 'true' }],
    ['--no-input', ['init', '--no-input'], {}],
  ])('%s', async (_, argv, env) => {
    const person = converse(argv, { home: home.folder, cwd: project, env });
    const { code, raw } = await person.ends();
    expect(raw).toContain('--source NAME --target NAME --databases all');
    expect(code).toBe(6);
    if ('TERM' in env) expect(raw).not.toContain('\u001b');
  });

  test('--no-input lists the connections', async () => {
    const person = converse(['connections', '--no-input'], { home: home.folder });
    expect(await person.ends()).toMatchObject({
      code: 0,
      screen: expect.stringMatching(/^NAME .*\nprod /) as string,
    });
  });
});
