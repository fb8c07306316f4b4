import { describe, expect, test } from 'vitest';
import type { Diagnostic } from '../../src/core/plan/diagnostic.js';
import { renderDiagnostics } from '../../src/render/diagnostics.js';
import type { Look } from '../../src/render/paint.js';
import { printLines } from '../../src/render/print-lines.js';

const PIPE: Look = { isTerminal: false, hasColor: false, columns: 80 };

const diagnose = (texts: readonly string[], parts: Partial<Diagnostic> = {}): Diagnostic => ({
  code: 'PLAN_SCHEMA',
  file: 'nightly.yaml',
  line: texts.length,
  column: 1,
  length: 1,
  message: 'this is wrong',
  excerpt: texts.map((text, index) => ({ line: index + 1, text })),
  ...parts,
});

const excerptOf = (diagnostic: Diagnostic, look = PIPE): string =>
  renderDiagnostics([diagnostic], look).slice(1).join('\n');

describe('renderDiagnostics', () => {
  test('has the shape of gcc, so that editors and terminals make it clickable', () => {
    const lines = renderDiagnostics(
      [
        diagnose(['source: prod', 'target: staging', 'databses:'], {
          length: 8,
          message: 'unknown key "databses"',
          hint: 'did you mean "databases"?',
        }),
      ],
      PIPE,
    );
    expect(lines).toEqual([
      'nightly.yaml:3:1: error[PLAN_SCHEMA] unknown key "databses"',
      '  1 | source: prod',
      '  2 | target: staging',
      '  3 | databses:',
      '    | ^^^^^^^^ did you mean "databases"?',
    ]);
  });

  test.each<[string, string, Partial<Diagnostic>, string, string]>([
    ['plain text', 'port: abc', { column: 7, length: 3 }, 'port: abc', '      ^^^'],
    ['tabs before it', '\t\tport: x', { column: 9 }, '        port: x', '              ^'],
    ['a tab that is marked', '\tx', { column: 1 }, '    x', '^^^^'],
    ['wide characters before it', 'name: 店舗, x', { column: 11 }, 'name: 店舗, x', '            ^'],
    ['wide characters marked', 'name: 店舗', { column: 7, length: 2 }, 'name: 店舗', '      ^^^^'],
    ['an emoji before it', '# \u{1F600} x', { column: 6 }, '# \u{1F600} x', '     ^'],
    ['a combining mark before it', 'e\u0301 x', { column: 4 }, 'e\u0301 x', '  ^'],
    ['a control character before it', 'a\u001b[31m x', { column: 8 }, 'a\\x1b[31m x', '          ^'],
    ['an empty line', '', {}, '', '^'],
    ['the end of the line', 'abc', { column: 4, length: 9 }, 'abc', '   ^'],
  ])('the caret stands under %s', (_title, text, parts, shown, carets) => {
    expect(excerptOf(diagnose([text], parts))).toBe(`  1 | ${shown}`.trimEnd() + `\n    | ${carets}`);
  });

  test('on a terminal a long line is cut around what is marked', () => {
    const text = `{${'a: 1, '.repeat(40)}port: abc, ${'b: 2, '.repeat(40)}}`;
    const look = { ...PIPE, isTerminal: true, columns: 60 };
    const column = text.indexOf('abc') + 1;
    const [row = '', carets = ''] = excerptOf(diagnose([text], { column, length: 3 }), look).split('\n');
    expect(row.length).toBeLessThanOrEqual(60);
    expect(row.slice(carets.indexOf('^'), carets.lastIndexOf('^') + 1)).toBe('abc');
    expect(row.endsWith('…')).toBe(true);
  });

  test('in a pipe a long line stays whole', () => {
    const text = 'x'.repeat(300);
    expect(excerptOf(diagnose([text]))).toContain(text);
  });

  test('nothing in a file can move the cursor', () => {
    const lines = renderDiagnostics(
      [diagnose(['a\u009b2Jb\u202e'], { file: 'a\u001b.yaml', message: 'not "\u001b[2J"', hint: '\u0007' })],
      PIPE,
    );
    expect(lines.join(' ')).not.toMatch(/[\p{Cc}\u202e]/u);
  });

  test('sorts by file and position, and shows at most twenty', () => {
    const many = Array.from({ length: 22 }, (_, index) => diagnose([], { line: 22 - index }));
    const lines = renderDiagnostics([...many, diagnose([], { file: 'a.yaml', line: 9 })], PIPE);
    const heads = lines.filter((line) => line.includes('error['));
    expect(heads).toHaveLength(20);
    expect(heads.slice(0, 3).map((line) => line.split(' ')[0])).toEqual([
      'a.yaml:9:1:',
      'nightly.yaml:1:1:',
      'nightly.yaml:2:1:',
    ]);
    expect(lines.at(-1)).toBe('and 3 more');
  });

  test('without an excerpt only the first line is left', () => {
    expect(renderDiagnostics([diagnose([], { line: 1 })], PIPE)).toEqual([
      'nightly.yaml:1:1: error[PLAN_SCHEMA] this is wrong',
    ]);
  });

  test('colour is decoration', () => {
    const colored = renderDiagnostics([diagnose(['abc'])], { ...PIPE, hasColor: true });
    expect(printLines(colored, PIPE)).toContain(
      'nightly.yaml:1:1: \u001b[31merror[PLAN_SCHEMA]\u001b[39m this is wrong\n',
    );
  });
});
