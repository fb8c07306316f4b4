import { readFileSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';

const SRC = resolve(import.meta.dirname, '../src');
const MANIFEST = JSON.parse(readFileSync(resolve(import.meta.dirname, '../oclif.manifest.json'), 'utf8')) as {
  readonly commands: Readonly<Record<string, unknown>>;
};

const files = readdirSync(SRC, { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.ts'))
  .map((path) => ({ path, text: readFileSync(join(SRC, path), 'utf8') }));

const findLines = (pattern: RegExp): readonly string[] =>
  files.flatMap(({ path, text }) =>
    text
      .split('\n')
      .filter((line) => pattern.test(line))
      .map((line) => `${path}: ${line.trim()}`),
  );

const WORDS = Object.keys(MANIFEST.commands).map((id) => id.replaceAll(':', ' '));

test('a command with a value in it is made by suggestCommand, which quotes it for the shell', () => {
  expect(WORDS).toContain('connections add');
  const byHand = findLines(
    new RegExp(`(?<!title=)mysql-sync (?:(?:${WORDS.join('|')})\\b[^'"\`]*)?\\$\\{(?!suggestCommand)`),
  );
  // Our own list of commands with their placeholders.
  expect(byHand).toEqual([
    'render/overview.ts: COMMANDS.map(([name, text]) => [`  mysql-sync ${name}`, text]),',
  ]);
});

test('a number before what it counts goes through formatPlural: "1 connections" is printed by nobody', () => {
  const nouns =
    'rows|tables|connections|databases|warnings|statements|problems|entries|runs|files|keys|plans|views|objects';
  expect(findLines(new RegExp(`\\$\\{(?!formatPlural)[^{}]*\\} (?:more )?(?:${nouns})\\b`))).toEqual([]);
});

test('text leaves by the two writers of cli/frame/output.ts, and by those who draw on a terminal', () => {
  const writers = findLines(/\bstd(?:out|err)\.write\(|\bconsole\.|\bstream\.write\(.*Lines/);
  expect(new Set(writers.map((line) => line.split(':')[0]))).toEqual(
    new Set(['cli/frame/output.ts', 'adapters/terminal/prompts.ts']),
  );
});
