import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { type CommandFacts, findCandidates } from '../../../src/cli/completion/find-candidates.js';

const { commands } = JSON.parse(
  readFileSync(resolve(import.meta.dirname, '../../../oclif.manifest.json'), 'utf8'),
) as { readonly commands: Readonly<Record<string, CommandFacts>> };

const find = (...words: readonly string[]) => findCandidates(Object.values(commands), words);
const wordsOf = (...words: readonly string[]): readonly string[] => {
  const { candidates } = find(...words);
  return candidates.kind === 'words' ? candidates.words.map(({ word }) => word) : [];
};

test('commands, topics and their subcommands', () => {
  expect(wordsOf('')).toEqual(expect.arrayContaining(['plan', 'apply', 'connections', 'help', 'completion']));
  expect(wordsOf('connections', '')).toEqual(expect.arrayContaining(['add', 'list', 'test']));
  expect(wordsOf('connections', '')).not.toContain('plan');
  expect(wordsOf('nonsense', '')).toEqual([]);
});

test('flags of the command, each once unless it may be repeated', () => {
  expect(wordsOf('plan', '-')).toEqual(expect.arrayContaining(['--only', '--out', '--no-color', '--help']));
  expect(wordsOf('plan', '--out', 'x', '--only', 'y', '-')).not.toContain('--out');
  expect(wordsOf('plan', '--out', 'x', '--only', 'y', '-')).toContain('--only');
  expect(wordsOf('plan', '--', '-')).toEqual([]);
});

test.each<[readonly string[], object, string?]>([
  [['plan', ''], { kind: 'files' }],
  [['validate', 'a.yaml', ''], { kind: 'files' }],
  [['plan', '--json', ''], { kind: 'files' }],
  [['plan', 'a.yaml', ''], { kind: 'words', words: [] }],
  [['plan', '--out', ''], { kind: 'files' }],
  [['plan', '--config', ''], { kind: 'files' }],
  [['plan', '--only', 'a'], { kind: 'databases', plan: undefined }, 'a'],
  [['apply', 'n.yaml', '--only', ''], { kind: 'databases', plan: 'n.yaml' }],
  [['rollback', '--plan', 'n.yaml', '--only', ''], { kind: 'databases', plan: 'n.yaml' }],
  [['plan', '--only=a'], { kind: 'databases', plan: undefined }, 'a'],
  [['plan', '--only', '=', 'a'], { kind: 'databases', plan: undefined }, 'a'],
  [['plan', '--only', '='], { kind: 'databases', plan: undefined }],
  [
    ['apply', '--engine', 'n'],
    { kind: 'words', words: ['auto', 'native', 'dump'].map((word) => ({ word })) },
    'n',
  ],
  [['init', '--source', ''], { kind: 'connections' }],
  [['apply', '--confirm-target', 'st'], { kind: 'connections' }, 'st'],
  [['connections', 'test', ''], { kind: 'connections' }],
  [['connections', 'test', 'a', ''], { kind: 'connections' }],
  [['connections', 'add', ''], { kind: 'words', words: [] }],
  [['rollback', ''], { kind: 'runs' }],
  [['history', 'show', ''], { kind: 'runs' }],
  [['history', '--plan', ''], { kind: 'plans' }],
  [['config', 'set', ''], { kind: 'settings' }],
])('%j', (words, candidates, typed = '') => {
  expect(find(...words)).toEqual({ candidates, typed });
});
