import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';

const ROOT = resolve(import.meta.dirname, '..');
const PAGE = readFileSync(join(ROOT, 'docs', 'coverage-terminal.md'), 'utf8');

/** Rows of the tables: what must work, the file, the title of the test in it. */
const rows = [...PAGE.matchAll(/^\| (.*?) +\| `(test\/[^`]*)` +\| (.*?) +\|$/gm)].map(
  ([, line = '', file = '', title = '']) => ({ line, file, title: title.replaceAll('\\', '') }),
);

/** The titles in a test file; what `each` puts into them is part of the title as it is written. */
const readTitles = (file: string): readonly string[] => {
  const text = readFileSync(join(ROOT, file), 'utf8');
  const starts = /(?:\b(?:test|describe)|\))(?:\.\w+)*\(\s*(['"`])((?:\\.|(?!\1).)*)\1\s*,/gs;
  return [...text.matchAll(starts)].map(([, , title = '']) => title.replaceAll('\\', ''));
};

test('there are as many rows as lines of the tables', () => {
  const lines = PAGE.split('\n').filter((line) => line.startsWith('|'));
  const tables = lines.filter((line) => /^\| -+ /.test(line)).length;
  expect(tables).toBeGreaterThan(0);
  expect(rows.length).toBe(lines.length - 2 * tables);
});

test.each(rows)('$line: $file has "$title"', ({ file, title }) => {
  expect([file, existsSync(join(ROOT, file))]).toEqual([file, true]);
  expect(readTitles(file)).toContain(title);
});
