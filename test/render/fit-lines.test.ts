import { expect, test } from 'vitest';
import { renderDefinitions } from '../../src/render/definition-list.js';
import { fitLines } from '../../src/render/fit-lines.js';
import { type Look, paint } from '../../src/render/paint.js';

const inColumns = (columns: number): Look => ({ isTerminal: true, hasColor: false, columns });
const RED_ERROR = paint({ ...inColumns(20), hasColor: true }, 'red', 'error');

test.each<readonly [string, string, readonly string[]]>([
  ['a line that fits stays as it is', 'one  two', ['one  two']],
  ['words stay whole', 'Copies ~97.5 MiB to the target.', ['Copies ~97.5 MiB to', 'the target.']],
  [
    'what follows is indented as the first line is',
    '    one two three four five',
    ['    one two three', '    four five'],
  ],
  ['an entry of a list hangs', '  - order_log, tmp_import', ['  - order_log,', '    tmp_import']],
  [
    'a long word is left to the terminal',
    'see /a/path/that/is/longer ok',
    ['see', '/a/path/that/is/longer', 'ok'],
  ],
  [
    'a command that is to be typed stays whole, on a line of its own',
    '  Try it:  mysql-sync apply nightly.yaml --only shop',
    ['  Try it:', '    mysql-sync apply nightly.yaml --only shop'],
  ],
  ['wide characters count as two', '日本語 日本語 日本語の', ['日本語 日本語', '日本語の']],
  ['colours take no room', `${RED_ERROR} 12345678901234`, [`${RED_ERROR} 12345678901234`]],
])('in 20 columns, %s', (_, line, lines) => {
  expect(fitLines([line], inColumns(20))).toEqual(lines);
});

test('in a pipe a line is a line', () => {
  const line = 'Copies ~97.5 MiB to the target, and needs as much room there';
  expect(fitLines([line], { ...inColumns(20), isTerminal: false })).toEqual([line]);
});

const ROWS = [
  ['NO_COLOR', 'no colours, whatever the terminal can do'],
  ['TERM', 'dumb: no questions'],
] as const;

test('meanings are broken beside the words, or below them where there is no room', () => {
  expect(renderDefinitions(['NAME', 'MEANING'], ROWS, inColumns(40))).toEqual([
    'NAME      MEANING',
    'NO_COLOR  no colours, whatever the',
    '          terminal can do',
    'TERM      dumb: no questions',
  ]);
  expect(renderDefinitions(['NAME', 'MEANING'], ROWS, inColumns(30))).toEqual([
    'NO_COLOR',
    '    no colours, whatever the',
    '    terminal can do',
    'TERM',
    '    dumb: no questions',
  ]);
  expect(renderDefinitions(['NAME', 'MEANING'], ROWS, { ...inColumns(30), isTerminal: false })).toEqual(
    ROWS.map((row) => row.join('\t')),
  );
});
