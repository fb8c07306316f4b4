import { expect, test } from 'vitest';
import { type Look, paint } from '../../src/render/paint.js';
import { printLines } from '../../src/render/print-lines.js';

const TERMINAL: Look = { isTerminal: true, hasColor: true, columns: 40 };
const PIPE: Look = { isTerminal: false, hasColor: false, columns: 80 };

test('only paint makes colours, whatever the text holds', () => {
  expect(printLines([`${paint(TERMINAL, 'red', 'a\u001b[32mb')}\u001b[0m`], TERMINAL)).toBe(
    '\u001b[31ma\\x1b[32mb\u001b[39m\\x1b[0m\n',
  );
});

test('one line stays one line, and is as wide as what is printed', () => {
  expect(printLines(['a\nb'], PIPE)).toBe('a\\nb\n');
  expect(printLines([`${'\u200b'.repeat(5)} ${'x'.repeat(12)}`], TERMINAL)).toBe(
    `${String.raw`\u200b`.repeat(5)}\n${'x'.repeat(12)}\n`,
  );
});

test('tabs separate cells in a pipe, and move nothing on a terminal', () => {
  expect(printLines(['a\tb'], PIPE)).toBe('a\tb\n');
  expect(printLines(['a\tb'], TERMINAL)).toBe('a\\tb\n');
});

test.each(['::set-output name=x::y', '  ::add-mask::x', '\t::error::x'])(
  '%j is no command to GitHub',
  (line) => {
    expect(printLines([line], PIPE)).not.toMatch(/^\s*::/);
  },
);

test.each(['::1', '::ffff:10.0.0.1 is the address', 'a::b::c'])('%j is text as any other', (line) => {
  expect(printLines([line], PIPE)).toBe(`${line}\n`);
});

test('no lines are no text', () => {
  expect(printLines([], PIPE)).toBe('');
});
