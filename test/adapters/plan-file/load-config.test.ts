import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loadConfig } from '../../../src/adapters/plan-file/load-config.js';
import { DEFAULT_CONFIG, type LoadedConfig } from '../../../src/core/plan/config.js';
import { InvalidFileError } from '../../../src/core/plan/diagnostic.js';
import { SyncError } from '../../../src/core/errors.js';
import type { Variables } from '../../../src/core/plan/interpolation.js';
import { renderDiagnostics } from '../../../src/render/diagnostics.js';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'mysql-sync-config-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const load = (text: string, variables: Variables = {}): Promise<LoadedConfig> => {
  const path = join(folder, 'config.yaml');
  writeFileSync(path, text);
  return loadConfig(path, variables, 'refuse');
};

const failureOf = async (attempt: Promise<unknown>): Promise<SyncError> => {
  try {
    await attempt;
  } catch (error) {
    if (error instanceof SyncError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
};

const textOf = (error: SyncError): string =>
  error instanceof InvalidFileError
    ? renderDiagnostics(error.diagnostics, { isTerminal: false, hasColor: false, columns: 80 })
        .join('\n')
        .replaceAll(`${folder}/`, '')
    : error.message.replaceAll(`${folder}/`, '');

describe('loadConfig', () => {
  test('without a file every default holds', async () => {
    const path = join(folder, 'none.yaml');
    const { config, origins, warnings } = await loadConfig(path, {}, 'use-defaults');
    expect(config).toEqual(DEFAULT_CONFIG);
    expect(new Set(origins.values())).toEqual(new Set(['default']));
    expect(origins.size).toBe(13);
    expect(warnings).toEqual([]);
  });

  test('a file that the person named must be there', async () => {
    const error = await failureOf(loadConfig(join(folder, 'none.yaml'), {}, 'refuse'));
    expect([error.code, textOf(error)]).toEqual(['CONFIG_INVALID', 'there is no config file none.yaml']);
  });

  test.each(['', '# nothing\n', 'batch:\n  # max_concurrent: 2\n', '---\n'])(
    'a file with nothing set (%j) is the defaults',
    async (text) => {
      expect((await load(text)).config).toEqual(DEFAULT_CONFIG);
    },
  );

  test('the environment wins over the file, the file over the defaults', async () => {
    const { config, origins } = await load(
      'batch: {max_concurrent: 3, show_progress: false}\nlogging: {level: DEBUG}\n',
      { MYSQL_SYNC_BATCH_MAX_CONCURRENT: '5', MYSQL_SYNC_CONNECTIONS_CACHE_PASSWORDS: 'false' },
    );
    expect(config.batch).toEqual({ confirm_destructive: true, max_concurrent: 5, show_progress: false });
    expect(config.connections.cache_passwords).toBe(false);
    expect(config.logging.level).toBe('DEBUG');
    expect(Object.fromEntries(origins)).toMatchObject({
      'batch.max_concurrent': 'environment',
      'batch.show_progress': 'file',
      'batch.confirm_destructive': 'default',
      'connections.cache_passwords': 'environment',
    });
  });

  test('the environment alone is enough, and an empty variable is none', async () => {
    const { config, origins } = await loadConfig(
      join(folder, 'none.yaml'),
      { MYSQL_SYNC_LOGGING_LEVEL: 'WARN', MYSQL_SYNC_BATCH_MAX_CONCURRENT: '' },
      'use-defaults',
    );
    expect(config.logging.level).toBe('WARN');
    expect(origins.get('batch.max_concurrent')).toBe('default');
  });

  test('what is unknown is a warning with its place, and the rest counts', async () => {
    const { config, warnings } = await load(
      'bacth: {max_concurrent: 2}\nbatch:\n  max_concurent: 2\n  show_progress: false\n',
      { MYSQL_SYNC_BATCH_SHOW_PROGRES: 'true', MYSQL_SYNC_HOME: folder },
    );
    expect(config.batch).toEqual({ confirm_destructive: true, max_concurrent: 1, show_progress: false });
    expect(warnings.map((line) => line.replaceAll(`${folder}/`, ''))).toEqual([
      'config.yaml:1:1: unknown key "bacth" is ignored; did you mean "batch"?',
      'config.yaml:3:3: unknown key "max_concurent" is ignored; did you mean "max_concurrent"?',
      'the environment variable MYSQL_SYNC_BATCH_SHOW_PROGRES is ignored; did you mean "MYSQL_SYNC_BATCH_SHOW_PROGRESS"?',
    ]);
  });

  test('every wrong value of the file is reported at once, with its place', async () => {
    const error = await failureOf(
      load(
        'connections:\n  default_timeout: soon\n  password_storage: plain\nbatch:\n  max_concurrent: 0\n  show_progress: "true"\nlogging: {level: info}\n',
      ),
    );
    expect(textOf(error)).toBe(
      `config.yaml:2:20: error[CONFIG_INVALID] default_timeout must be a whole number between 1 and 86400, not "soon"
  1 | connections:
  2 |   default_timeout: soon
    |                    ^^^^

config.yaml:3:21: error[CONFIG_INVALID] password_storage must be encrypted or base64, not "plain"
  1 | connections:
  2 |   default_timeout: soon
  3 |   password_storage: plain
    |                     ^^^^^

config.yaml:5:19: error[CONFIG_INVALID] max_concurrent must be a whole number of 1 or more, not 0
  3 |   password_storage: plain
  4 | batch:
  5 |   max_concurrent: 0
    |                   ^

config.yaml:6:18: error[CONFIG_INVALID] show_progress must be true or false, not "true"
  4 | batch:
  5 |   max_concurrent: 0
  6 |   show_progress: "true"
    |                  ^^^^^^ leave out the quotes

config.yaml:7:18: error[CONFIG_INVALID] level must be ERROR, WARN, INFO or DEBUG, not "info"
  5 |   max_concurrent: 0
  6 |   show_progress: "true"
  7 | logging: {level: info}
    |                  ^^^^ did you mean "INFO"?`,
    );
  });

  test.each([
    ['- a\n', 'this is not a config file'],
    ['batch: 3\n', 'batch must contain keys (confirm_destructive, max_concurrent, show_progress), not 3'],
    ['batch: {max_concurrent: }\n', 'max_concurrent must be a whole number of 1 or more, but it is empty'],
    ['batch:\na: [\n', 'a quote or a bracket is not closed'],
    ['a: 1\na: 2\n', 'the key "a" is here a second time'],
  ])('%j: %s', async (text, message) => {
    const error = await failureOf(load(text));
    expect(error.code).toBe('CONFIG_INVALID');
    expect(textOf(error)).toContain(message);
  });

  test('a wrong variable is reported by its name', async () => {
    const error = await failureOf(
      load('', { MYSQL_SYNC_BATCH_MAX_CONCURRENT: 'two', MYSQL_SYNC_LOGGING_LEVEL: 'INF' }),
    );
    expect([error.code, error.exitCode, error.message]).toEqual([
      'CONFIG_INVALID',
      5,
      'MYSQL_SYNC_BATCH_MAX_CONCURRENT must be a whole number of 1 or more, not "two"; MYSQL_SYNC_LOGGING_LEVEL must be ERROR, WARN, INFO or DEBUG, not "INF"; did you mean "INFO"?',
    ]);
  });

  test('variables in the file are text: only plan files have them', async () => {
    const error = await failureOf(load('batch: {max_concurrent: "${N}"}\n', { N: '2' }));
    expect(textOf(error)).toContain('not "${N}"');
  });
});
