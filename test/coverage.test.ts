import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';

/** Pages with tables of what must work and the test that shows it: `what`, `file` and `test`. */

const ROOT = resolve(import.meta.dirname, '..');
const PAGES = ['coverage-terminal.md', 'safety.md'];

/** The titles in a test file; what `each` puts into them is part of the title as it is written. */
const readTitles = (file: string): readonly string[] => {
  const text = readFileSync(join(ROOT, file), 'utf8');
  const starts = /(?:\b(?:test|describe)|\))(?:\.\w+)*\(\s*(['"`])((?:\\.|(?!\1).)*)\1\s*,/gs;
  return [...text.matchAll(starts)].map(([, , title = '']) => title.replaceAll('\\', ''));
};

describe.each(PAGES)('docs/%s', (page) => {
  const text = readFileSync(join(ROOT, 'docs', page), 'utf8');
  const tables = [...text.matchAll(/^\| what +\| file +\| test +\|\n\|.*\n((?:\|.*\n)+)/gm)];
  const lines = tables.flatMap(([, body = '']) => body.trimEnd().split('\n'));
  const rows = lines.map((line) => {
    const [, what = '', file = '', title = ''] =
      /^\| (.*?) +\| `(test\/[^`]*)` +\| (.*?) +\|$/.exec(line) ?? [];
    return { line, what, file, title: title.replaceAll('\\', '') };
  });

  test('has tables, and each of their lines names a test', () => {
    expect(rows.length).toBeGreaterThan(0);
    expect(rows.filter(({ title }) => title === '').map(({ line }) => line)).toEqual([]);
  });

  test.each(rows)('$what: $file has "$title"', ({ file, title }) => {
    expect([file, existsSync(join(ROOT, file))]).toEqual([file, true]);
    expect(readTitles(file)).toContain(title);
  });
});
