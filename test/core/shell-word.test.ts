import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { onlyFlags, quoteShellWord } from '../../src/core/shell-word.js';

test.each([
  ['nightly.yaml', 'nightly.yaml'],
  ['two words', "'two words'"],
  ['', "''"],
  ["it's", String.raw`'it'\''s'`],
  ['=2024', "'=2024'"],
  ['$HOME', "'$HOME'"],
])('%j is written as %s', (text, word) => {
  expect(quoteShellWord(text)).toBe(word);
});

test('a shell reads back what went in', () => {
  const texts = ['a b', "q'q", '`x`', '$(id)', 'a"b', 'a\\b', '*', 'line\nbreak', 'é;&|<>', '!x', '~', '#c'];
  const printed = execFileSync('sh', ['-c', `printf '%s\\0' ${texts.map(quoteShellWord).join(' ')}`], {
    encoding: 'utf8',
  });
  expect(printed.split('\0').slice(0, -1)).toEqual(texts);
});

test('flags that choose exactly these databases, whatever their names', () => {
  expect(onlyFlags(['shop', 'a*b', 'x y', 'q?\\'])).toBe(
    String.raw`--only shop --only 'a\*b' --only 'x y' --only 'q\?\\'`,
  );
});
