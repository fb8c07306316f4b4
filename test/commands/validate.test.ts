import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openStore } from '../../src/adapters/store/open-store.js';
import { toConnectionName } from '../../src/core/names.js';
import { type CliResult, runCli } from '../support/cli.js';

const GOOD = `version: 1
source: {name: ci-source, host: db, user: u, password: "\${DB_PASSWORD:?set it}"}
target: {name: ci-target, host: db, user: u, access: read-write}
databases:
  - name: shop
  - match: "app_*"
`;
const NAMED = 'version: 1\nsource: prod\ntarget: ${TARGET:-stagign}\ndatabases: [{name: shop}]\n';
const BROKEN = 'version: 1\nsource: prod\ntarget: staging\ndatabses:\n  - name: shop\n';

let home = '';
let folder = '';
beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), 'mysql-sync-home-'));
  folder = mkdtempSync(join(tmpdir(), 'mysql-sync-plans-'));
  for (const [name, text] of Object.entries({ good: GOOD, named: NAMED, broken: BROKEN }))
    writeFileSync(join(folder, `${name}.yaml`), text);
});
afterAll(() => {
  rmSync(home, { recursive: true });
  rmSync(folder, { recursive: true });
});

const validate = (
  argv: readonly string[],
  env: Readonly<Record<string, string>> = {},
  stdin = '',
): Promise<CliResult> => runCli(['validate', ...argv], { home, cwd: folder, env, stdin });

interface Answer {
  readonly kind: string;
  readonly ok: boolean;
  readonly files?: readonly object[];
  readonly error?: {
    readonly code: string;
    readonly exit_code: number;
    readonly diagnostics: readonly object[];
  };
}

const answerOf = ({ stdout }: CliResult): Answer => JSON.parse(stdout) as Answer;

describe('mysql-sync validate', () => {
  test('says one calm sentence for a valid file, and reaches nothing', async () => {
    expect(await validate(['good.yaml'], { DB_PASSWORD: 'x' })).toEqual({
      code: 0,
      signal: null,
      stdout: 'good.yaml is valid: ci-source to ci-target, 2 entries of databases.\n',
      stderr: '',
    });
    expect(existsSync(join(home, 'state.db'))).toBe(false);
  });

  test('an unset variable is a problem, and with --no-env it is not', async () => {
    const refused = await validate(['good.yaml']);
    expect([refused.code, refused.stdout]).toEqual([5, '']);
    expect(refused.stderr).toContain(
      'good.yaml:2:57: error[PLAN_ENV_UNSET] the variable DB_PASSWORD is not set: set it',
    );
    expect((await validate(['good.yaml', '--no-env'])).code).toBe(0);
  });

  test('reads stdin', async () => {
    const { code, stdout } = await validate(['-'], { DB_PASSWORD: 'x' }, GOOD);
    expect([code, stdout]).toEqual([
      0,
      '<stdin> is valid: ci-source to ci-target, 2 entries of databases.\n',
    ]);
  });

  test('reports every problem of many files, and the valid ones too', async () => {
    const { code, stdout, stderr } = await validate(['broken.yaml', 'good.yaml', 'broken.yaml'], {
      DB_PASSWORD: 'x',
    });
    expect(code).toBe(5);
    expect(stdout).toBe('good.yaml is valid: ci-source to ci-target, 2 entries of databases.\n');
    expect(stderr.match(/broken\.yaml:4:1: error\[PLAN_SCHEMA\] unknown key "databses"/g)).toHaveLength(2);
  });

  test('without a file, says what it looked for', async () => {
    const { code, stderr } = await validate([]);
    expect(code).toBe(5);
    expect(stderr).toContain('error[PLAN_NOT_FOUND] there is no plan file in this folder');
  });

  test('--json is one document, for a valid file and for a broken one', async () => {
    const valid = await validate(['good.yaml', '--json'], { DB_PASSWORD: 'x' });
    expect(answerOf(valid)).toMatchObject({
      kind: 'validation',
      ok: true,
      files: [{ path: 'good.yaml', source: 'ci-source', target: 'ci-target', entries: 2 }],
    });
    const broken = await validate(['good.yaml', 'broken.yaml', '--json'], { DB_PASSWORD: 'x' });
    expect([broken.code, broken.stderr]).toEqual([5, '']);
    expect(answerOf(broken)).toMatchObject({
      kind: 'error',
      ok: false,
      error: {
        code: 'PLAN_SCHEMA',
        exit_code: 5,
        diagnostics: [{ file: 'broken.yaml', line: 4, column: 1, hint: 'did you mean "databases"?' }],
      },
    });
  });

  test('a connection must be saved, unless a variable that is not set names it', async () => {
    const store = await openStore({ folder: home, now: () => new Date(), warn: () => undefined });
    const connection = {
      address: { kind: 'tcp', host: 'db', port: 3306 },
      user: 'u',
      tls: { mode: 'preferred' },
      access: 'read-write',
      isProtected: false,
    } as const;
    for (const name of ['prod', 'staging'])
      await store.connections.save({ name: toConnectionName(name), ...connection }, undefined);
    await store.close();
    const unknown = await validate(['named.yaml']);
    expect([unknown.code, unknown.stderr]).toEqual([
      5,
      `named.yaml:3:9: error[CONN_UNKNOWN] there is no connection named "\${TARGET:-stagign}"
  1 | version: 1
  2 | source: prod
  3 | target: \${TARGET:-stagign}
    |         ^^^^^^^^^^^^^^^^^^ did you mean "staging"?
`,
    ]);
    expect((await validate(['named.yaml'], { TARGET: 'staging' })).code).toBe(0);
    expect((await validate(['-', '--no-env'], {}, NAMED.replace(':-stagign', ''))).code).toBe(0);
  });
});

describe('a command that does not exist', () => {
  const run = (...argv: readonly string[]): Promise<CliResult> => runCli(argv, { home, cwd: folder });

  test('names the nearest one and does not run it', async () => {
    expect(await run('validte', 'broken.yaml')).toEqual({
      code: 64,
      signal: null,
      stdout: '',
      stderr:
        'error[USAGE] there is no command "validte"\n  Did you mean:  mysql-sync validate\n  All commands:  mysql-sync --help\n',
    });
  });

  test.each([
    [['connection', 'lst'], 'connection lst', 'mysql-sync connections list'],
    [['appply', 'x', '--auto-approve'], 'appply', 'mysql-sync apply'],
  ])('%j is near to a command', async (argv, word, command) => {
    const { code, stderr } = await run(...argv);
    expect([code, stderr.split('\n').slice(0, 2)]).toEqual([
      64,
      [`error[USAGE] there is no command "${word}"`, `  Did you mean:  ${command}`],
    ]);
  });

  test.each([
    ['the plan', ['plan', 'no.yaml'], 'there is no file no.yaml'],
    ['the plan', ['rollback', '--plan', 'no.yaml'], 'there is no file no.yaml'],
    ['the saved plan', ['apply', 'no.json'], 'there is no file no.json'],
    ['the saved plan', ['show', 'no.json'], 'there is no file no.json'],
    ['the config', ['config', 'list', '--config', 'no.yaml'], 'there is no config file no.yaml'],
    [
      'the option file',
      ['connections', 'add', 'x', '--from-defaults-file', 'no.cnf', '--no-test'],
      'there is no option file no.cnf',
    ],
    [
      'the CA file',
      ['connections', 'add', 'x', '--host', '127.0.0.1', '--port', '1', '--user', 'u', '--ca', 'no.pem'],
      'there is no CA file ',
    ],
  ])('%s of %j is not there, and that is said', async (_, argv, message) => {
    const { code, stderr } = await runCli(argv, { home, cwd: folder });
    expect(code).not.toBe(0);
    expect(stderr.split('\n')[0]).toContain(message);
  });

  test.each([
    [['plan', '--hlep'], 'there is no flag --hlep, did you mean "--help"?', 'Help:  mysql-sync plan --help'],
    [['--hlep'], 'there is no flag --hlep without a command', 'Did you mean:  mysql-sync --help'],
    [
      ['connections', 'encrypt'],
      'there is no command "connections encrypt"',
      'What there is:  mysql-sync connections --help',
    ],
    [
      ['connections', 'tset', 'prod'],
      'there is no command "connections tset"',
      'Did you mean:  mysql-sync connections test',
    ],
  ])('%j is answered with what is there', async (argv, message, hint) => {
    const { code, stderr } = await run(...argv);
    expect([code, stderr.split('\n').slice(0, 2)]).toEqual([64, [`error[USAGE] ${message}`, `  ${hint}`]]);
  });

  test('-h is help everywhere, and version is said to who asks in a word', async () => {
    for (const argv of [[], ['plan'], ['connections'], ['connections', 'add']])
      expect((await run(...argv, '-h')).stdout).toBe((await run(...argv, '--help')).stdout);
    const { stdout } = await run('--version');
    expect([(await run('version')).stdout, (await run('-V')).stdout]).toEqual([stdout, stdout]);
  });

  test('a plan file is not a command', async () => {
    const { code, stdout } = await run('good.yaml', '--json');
    expect(code).toBe(64);
    expect(JSON.parse(stdout)).toMatchObject({
      ok: false,
      error: {
        code: 'USAGE',
        exit_code: 64,
        hints: ['Did you mean:  mysql-sync plan good.yaml', expect.anything()],
      },
    });
  });
});
