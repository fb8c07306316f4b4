import {
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { editConfigText } from '../../src/adapters/plan-file/edit-config.js';
import { DEFAULT_CONFIG } from '../../src/core/plan/config.js';
import { type CliResult, runCli } from '../support/cli.js';

let home = '';
let file = '';
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'mysql-sync-home-'));
  file = join(home, 'config.yaml');
});
afterEach(() => rmSync(home, { recursive: true }));

const config = (argv: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<CliResult> =>
  runCli(['config', ...argv], { home, env });

const answerOf = ({ stdout }: CliResult): unknown => JSON.parse(stdout);

describe('config list, get and path', () => {
  test('list shows every setting with its origin, tab separated in a pipe', async () => {
    writeFileSync(file, 'batch: {max_concurrent: 2}\n');
    const { code, stdout, stderr } = await config(['list', '--show-origin'], {
      MYSQL_SYNC_LOGGING_LEVEL: 'DEBUG',
    });
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout.trimEnd().split('\n')).toEqual([
      'connections.default_timeout\t30\tdefault',
      'connections.max_retries\t3\tdefault',
      'connections.pipelining\ttrue\tdefault',
      'connections.cache_passwords\ttrue\tdefault',
      'connections.password_storage\tencrypted\tdefault',
      'batch.confirm_destructive\ttrue\tdefault',
      `batch.max_concurrent\t2\tfile ${file}`,
      'batch.show_progress\ttrue\tdefault',
      `plans.variables\t${DEFAULT_CONFIG.plans.variables}\tdefault`,
      'plans.schema\turl\tdefault',
      'logging.level\tDEBUG\tenvironment MYSQL_SYNC_LOGGING_LEVEL',
      'logging.file_rotation\ttrue\tdefault',
      'logging.max_log_files\t10\tdefault',
    ]);
    expect((await config(['list'])).stdout).toContain('batch.max_concurrent\t2\n');
  });

  test('list --json keeps the types of the values', async () => {
    const answer = answerOf(await config(['list', '--json'])) as {
      path: string;
      settings: readonly object[];
    };
    expect(answer).toMatchObject({ kind: 'config', ok: true, path: file });
    expect(answer.settings).toHaveLength(13);
    expect(answer.settings[0]).toEqual({ key: 'connections.default_timeout', value: 30, origin: 'default' });
    expect(answer.settings[2]).toMatchObject({ value: true });
  });

  test('get prints the value alone; path is where the file is or would be', async () => {
    expect(await config(['get', 'batch.max_concurrent'])).toMatchObject({
      code: 0,
      stdout: '1\n',
      stderr: '',
    });
    expect(answerOf(await config(['get', 'logging.level', '--json']))).toMatchObject({
      kind: 'setting',
      key: 'logging.level',
      value: 'INFO',
      origin: 'default',
    });
    expect((await config(['path'])).stdout).toBe(`${file}\n`);
    expect((await config(['path', '--config', 'other.yaml'])).stdout).toBe('other.yaml\n');
  });

  test.each([
    ['batch.max_concurent', 'did you mean "batch.max_concurrent"?'],
    ['max_retries', 'did you mean "connections.max_retries"?'],
  ])('%s is unknown to get and set', async (key, suggestion) => {
    for (const argv of [
      ['get', key],
      ['set', key, '2'],
    ]) {
      const { code, stdout, stderr } = await config(argv);
      expect([code, stdout]).toEqual([5, '']);
      expect(stderr).toContain(`error[CONFIG_INVALID] there is no setting "${key}"; ${suggestion}`);
    }
    expect(readdirSync(home)).toEqual([]);
  });
});

describe('config set', () => {
  test('makes the file, and what is set is what get says', async () => {
    const { code, stdout, stderr } = await config(['set', 'batch.max_concurrent', '4']);
    expect([code, stdout, stderr]).toEqual([0, '', `batch.max_concurrent is 4 in ${file}.\n`]);
    expect(readFileSync(file, 'utf8')).toBe('batch:\n  max_concurrent: 4\n');
    expect((await config(['get', 'batch.max_concurrent'])).stdout).toBe('4\n');
    expect(readdirSync(home)).toEqual(['config.yaml']);
  });

  test('keeps comments, other keys, permissions and the link of a file', async () => {
    const kept = join(home, 'dotfiles.yaml');
    writeFileSync(kept, '# mine\nbatch:\n  max_concurrent: 1 # slow disk\nx: {y: 1}\n', { mode: 0o640 });
    symlinkSync(kept, file);
    expect((await config(['set', 'batch.max_concurrent', '3'])).code).toBe(0);
    expect(readFileSync(kept, 'utf8')).toBe('# mine\nbatch:\n  max_concurrent: 3 # slow disk\nx: {y: 1}\n');
    expect(statSync(kept).mode & 0o777).toBe(0o640);
    expect(readdirSync(home)).toEqual(['config.yaml', 'dotfiles.yaml']);
  });

  test.each([
    ['batch.max_concurrent', '0', 'batch.max_concurrent must be a whole number of 1 or more, not 0'],
    ['batch.show_progress', 'yes', 'batch.show_progress must be true or false, not "yes"'],
    ['logging.level', 'INF', 'did you mean "INFO"?'],
  ])('refuses %s %s and writes nothing', async (key, value, sentence) => {
    const before = 'batch:\n  max_concurrent: 1\n';
    writeFileSync(file, before);
    const { code, stderr } = await config(['set', key, value]);
    expect(code).toBe(5);
    expect(stderr).toContain('error[CONFIG_INVALID]');
    expect(stderr).toContain(sentence);
    expect(readFileSync(file, 'utf8')).toBe(before);
  });

  test('repairs the value that is wrong, and refuses while another one is', async () => {
    writeFileSync(file, 'batch:\n  max_concurrent: many\n');
    const refused = await config(['set', 'logging.level', 'DEBUG']);
    expect([refused.code, readFileSync(file, 'utf8')]).toEqual([5, 'batch:\n  max_concurrent: many\n']);
    expect(refused.stderr).toContain(`${file}:2:19: error[CONFIG_INVALID]`);
    expect((await config(['set', 'batch.max_concurrent', '2'])).code).toBe(0);
    expect(readFileSync(file, 'utf8')).toBe('batch:\n  max_concurrent: 2\n');
  });

  test('says when the environment wins', async () => {
    const { code, stderr } = await config(['set', 'logging.level', 'WARN'], {
      MYSQL_SYNC_LOGGING_LEVEL: 'DEBUG',
    });
    expect(code).toBe(0);
    expect(stderr).toContain('warning: MYSQL_SYNC_LOGGING_LEVEL is set in the environment and wins over it.');
  });

  test('leaves to a person what several settings share', async () => {
    const before = 'x: &n 2\nconnections: {default_timeout: *n}\n';
    writeFileSync(file, before);
    const { code, stderr } = await config(['set', 'connections.default_timeout', '9']);
    expect(code).toBe(5);
    expect(stderr).toContain('under "connections:", write:  default_timeout: 9');
    expect(readFileSync(file, 'utf8')).toBe(before);
  });
});

test.each([
  ['no text', '', 'batch:\n  max_concurrent: 2\n'],
  ['comments only', '# mine', '# mine\nbatch:\n  max_concurrent: 2\n'],
  ['another section', 'logging:\n  level: INFO', 'logging:\n  level: INFO\nbatch:\n  max_concurrent: 2\n'],
  ['a quoted value', 'batch:\n  max_concurrent: "1"\n', 'batch:\n  max_concurrent: 2\n'],
  ['a value left out', 'batch:\n  max_concurrent: # ?\n', 'batch:\n  max_concurrent: 2 # ?\n'],
  [
    'a section with comments only',
    'batch: # runs\n  # max_concurrent: 1\nlogging: {}\n',
    'batch: # runs\n  max_concurrent: 2\n  # max_concurrent: 1\nlogging: {}\n',
  ],
  [
    'a section in the middle',
    'batch:\n    # ask\n    show_progress: true # yes\n\nlogging:\n  level: INFO\n',
    'batch:\n    # ask\n    show_progress: true # yes\n    max_concurrent: 2\n\nlogging:\n  level: INFO\n',
  ],
  [
    'a flow section',
    'batch: { show_progress: true }\n',
    'batch: {max_concurrent: 2,  show_progress: true }\n',
  ],
  ['an empty flow section', 'batch: {}\n', 'batch: {max_concurrent: 2}\n'],
  ['all in one flow', '{logging: {}}', '{batch: {max_concurrent: 2}, logging: {}}'],
  ['the other newline', 'batch:\r\n  a: 1\r\n', 'batch:\r\n  a: 1\r\n  max_concurrent: 2\r\n'],
  ['a section that is an anchor', 'batch: &b\n  a: 1\n', 'batch: &b\n  a: 1\n  max_concurrent: 2\n'],
])('a setting is put into a file with %s', (_what, before, after) => {
  expect(editConfigText(before, ['batch', 'max_concurrent'], '2')).toBe(after);
});
