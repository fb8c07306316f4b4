import { readFileSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { ENVIRONMENT_VARIABLES } from '../../src/core/plan/environment-variables.js';
import { EXIT_CODES } from '../../src/core/exit-codes.js';
import { parseNumberSelection } from '../../src/core/plan/number-selection.js';
import { SELECTION_FORMS } from '../../src/core/plan/selection-forms.js';
import { runCli } from '../support/cli.js';

const CLI = resolve(import.meta.dirname, '../../src/cli');

const readTopic = async (topic: string): Promise<readonly (readonly string[])[]> => {
  const { code, stdout, stderr } = await runCli(['help', topic], { home: tmpdir() });
  expect([code, stderr]).toEqual([0, '']);
  return stdout
    .trimEnd()
    .split('\n')
    .map((line) => line.split('\t'));
};

test('help exit-codes is the table of the code', async () => {
  expect(await readTopic('exit-codes')).toEqual(
    Object.values(EXIT_CODES).map(({ code, meaning }) => [String(code), meaning]),
  );
});

test('help environment names every variable that is read', async () => {
  const rows = await readTopic('environment');
  expect(rows).toEqual(ENVIRONMENT_VARIABLES.map(({ name, meaning }) => [name, meaning]));
  const read = readdirSync(CLI, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts'))
    .flatMap((file) => {
      const text = readFileSync(join(CLI, file), 'utf8');
      return [...text.matchAll(/(?:variables|process\.env)\['([A-Z_]+)'\]/g)].map(([, name = '']) => name);
    });
  expect(read).toContain('MYSQL_SYNC_HOME');
  const known = rows.map(([name]) => name);
  expect(read.filter((name) => !known.includes(name))).toEqual([]);
});

test('help selection shows forms that are understood', async () => {
  expect(await readTopic('selection')).toEqual(SELECTION_FORMS.map(({ text, meaning }) => [text, meaning]));
});

test.each([
  ['1,3,5', ['shop', 'app_b', '2024']],
  ['1-5', ['shop', 'app_a', 'app_b', 'a_archive', '2024']],
  ['5-', ['2024']],
  ['all', ['shop', 'app_a', 'app_b', 'a_archive', '2024']],
  ['shop', ['shop']],
  ['app_*', ['app_a', 'app_b']],
  ['=2024', ['2024']],
  ['all,^*_archive', ['shop', 'app_a', 'app_b', '2024']],
])('%s is one of them and chooses %j', (text, chosen) => {
  const list = ['shop', 'app_a', 'app_b', 'a_archive', '2024'];
  expect(SELECTION_FORMS.map((form) => form.text)).toContain(text);
  expect(parseNumberSelection(text, list, 'shown')).toEqual(chosen);
});

test('every form has its case above', () => {
  expect(SELECTION_FORMS).toHaveLength(8);
});

test('help COMMAND still shows a command, and --help names the topics', async () => {
  const command = await runCli(['help', 'plan'], { home: tmpdir() });
  expect([command.code, command.stdout]).toEqual([0, expect.stringContaining('--detailed-exitcode')]);
  const topics = await runCli(['--help'], { home: tmpdir() });
  for (const topic of ['exit-codes', 'environment', 'selection'])
    expect(topics.stdout.replaceAll(/\s+/g, ' ')).toContain(`help ${topic}`);
});
