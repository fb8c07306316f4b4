import { expect, test } from 'vitest';
import { isPrintable, makePrintable, toPrintableJson } from '../../src/core/printable.js';

test.each<readonly [string, string, string]>([
  ['a line end', 'a\nb\r', String.raw`a\nb\r`],
  ['a tab', 'a\tb', String.raw`a\tb`],
  ['an escape sequence', '\u001b[2Ja', String.raw`\x1b[2Ja`],
  ['a title for the terminal', '\u001b]0;x\u0007', String.raw`\x1b]0;x\x07`],
  ['a C1 control', '\u009b2J', String.raw`\x9b2J`],
  ['DEL and NUL', '\u007f\u0000', String.raw`\x7f\x00`],
  ['another direction', '\u202eabc\u2066', String.raw`\u202eabc\u2066`],
  ['no width', 'a\u200bb\ufeff\u00ad', String.raw`a\u200bb\ufeff\xad`],
  ['a line separator', '\u2028\u2029', String.raw`\u2028\u2029`],
  ['half a surrogate pair', '\ud800x', String.raw`\ud800x`],
  ['an invisible tag', '\u{e0041}', String.raw`\u{e0041}`],
  [
    'a command to a pipeline',
    '##[group]x ##vso[x] ##teamcity[x]',
    String.raw`\x23#[group]x \x23#vso[x] \x23#teamcity[x]`,
  ],
])('%s is shown as an escape', (_, text, shown) => {
  expect(makePrintable(text)).toBe(shown);
  expect(isPrintable(text)).toBe(false);
  expect(isPrintable(shown)).toBe(true);
  const json = toPrintableJson({ [text]: [text] }, 2);
  expect(JSON.parse(json)).toEqual({ [text]: [text] });
  expect(isPrintable(json.replaceAll('\n', ''))).toBe(true);
});

test.each(['日本語', 'e\u0301', 'x y', '\\n', '😀', '# [a]', '#1', '100%', '`x`', 'ﷺ'])(
  '%s stays as it is',
  (text) => {
    expect(makePrintable(text)).toBe(text);
  },
);
