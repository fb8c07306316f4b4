import { expect, test } from 'vitest';
import { VtScreen } from './vt-screen.js';

const shown = (columns: number, ...outputs: readonly string[]): readonly string[] => {
  const screen = new VtScreen(columns);
  for (const output of outputs) screen.write(output);
  return screen.lines;
};

test.each([
  ['lines', ['a\r\nb'], ['a', 'b']],
  ['a carriage return', ['abc\rx'], ['xbc']],
  ['a line that is longer than the screen', ['abcdefghij12'], ['abcdefghij', '12']],
  ['a line that is as long as the screen', ['abcdefghij\r\nk'], ['abcdefghij', 'k']],
  ['going up and erasing', ['one\r\ntwo\u001b[1A\u001b[2K\u001b[Gx'], ['x', 'two']],
  ['erasing to the end of the line', ['abcdef\u001b[4D\u001b[K'], ['ab']],
  ['a code that comes in two pieces', ['ab\u001b[', '2Dx'], ['xb']],
  ['erasing all that follows', ['ab\r\ncd\r\nef\u001b[2A\u001b[1D\u001b[J'], ['a']],
  ['wide characters', ['顧客データx'], ['顧客データ', 'x']],
  ['a wide character without room', ['abcdefghi顧'], ['abcdefghi', '顧']],
  ['combining characters', ['cafe\u0301|'], ['cafe\u0301|']],
  ['colours', ['\u001b[31mred\u001b[39m'], ['red']],
])('%s', (_, outputs, expected) => {
  expect(shown(10, ...outputs)).toEqual(expected);
});

test('the cursor can be hidden', () => {
  const screen = new VtScreen(10);
  screen.write('\u001b[?25l');
  expect(screen.isCursorShown).toBe(false);
  screen.write('\u001b[?25h');
  expect(screen.isCursorShown).toBe(true);
});

test('what is painted is known piece by piece', () => {
  const screen = new VtScreen(20);
  screen.write('a \u001b[1m\u001b[31mred\u001b[39m bold\u001b[22m x\u001b[0m');
  expect(screen.painted).toEqual([
    [
      { text: 'a ', codes: '' },
      { text: 'red', codes: '1;31' },
      { text: ' bold', codes: '1' },
      { text: ' x', codes: '' },
    ],
  ]);
});

test('lines are broken anew in another width, and the cursor stays at its character', () => {
  const screen = new VtScreen(10);
  screen.write('abcdefgh\r\nxy\r\n');
  screen.resize(5);
  expect(screen.lines).toEqual(['abcde', 'fgh', 'xy', '']);
  screen.write('\u001b[3A*');
  expect(screen.lines).toEqual(['*bcde', 'fgh', 'xy', '']);
  screen.resize(10);
  expect(screen.lines).toEqual(['*bcdefgh', 'xy', '']);
});
