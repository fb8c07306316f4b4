import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { exactPattern } from '../../src/core/plan/pattern.js';
import { planArgument } from '../../src/core/plan/unsaved-plan.js';
import { bindValue, quoteShellWord, suggestCommand } from '../../src/core/shell-word.js';

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
  const texts = [
    'a b',
    'tab\there',
    '\u202e\u001b[2J',
    "both\n'",
    '\n!x\\',
    "q'q",
    '`x`',
    '$(id)',
    'a"b',
    'a\\b',
    '*',
    'line\nbreak',
    'é;&|<>',
    '!x',
    '~',
    '#c',
  ];
  const printed = execFileSync('bash', ['-c', `printf '%s\\0' ${texts.map(quoteShellWord).join(' ')}`], {
    encoding: 'utf8',
  });
  expect(printed.split('\0').slice(0, -1)).toEqual(texts);
});

test('flags that choose exactly these databases, whatever their names', () => {
  const only = ['shop', 'a*b', 'x y', 'q?\\', '-x'].map(exactPattern);
  expect(suggestCommand`apply ${'my plan.yaml'} --only ${only}`).toBe(
    String.raw`mysql-sync apply 'my plan.yaml' --only shop --only 'a\*b' --only 'x y' --only 'q\?\\' --only=-x`,
  );
});

test.each<readonly [string, string]>([
  [suggestCommand`connections add ${'-x'} --replace`, 'mysql-sync connections add --replace -- -x'],
  [
    suggestCommand`apply FILE --confirm-target ${'--auto-approve'}`,
    'mysql-sync apply FILE --confirm-target=--auto-approve',
  ],
  [suggestCommand`plan ${planArgument('<stdin>')} --show-skipped`, 'mysql-sync plan - --show-skipped'],
  [suggestCommand`plan ${planArgument('<not saved>')}`, 'mysql-sync plan FILE'],
  [suggestCommand`plan ${planArgument('-x.yaml')} --out FILE`, 'mysql-sync plan ./-x.yaml --out FILE'],
  [suggestCommand`plan ${planArgument('<x>.yaml')}`, "mysql-sync plan '<x>.yaml'"],
  [suggestCommand`plan ${'a\n!$(id)`x`'}`, String.raw`mysql-sync plan $'a\n\041\044\050id\051\140x\140'`],
  [suggestCommand`${['config', 'get']} --help`, 'mysql-sync config get --help'],
  [bindValue('--confirm-target', 'my target'), "--confirm-target 'my target'"],
])('%s can be pasted', (suggested, command) => {
  expect(suggested).toBe(command);
});
