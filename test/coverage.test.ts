import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { PAGES, type Proof, listUnproven, readProofs } from './support/proofs.js';

/** That the tests are there. Whether they passed, the run itself says: see support/proofs-reporter.ts. */

const ROOT = resolve(import.meta.dirname, '..');

/** The titles in a test file; what `each` puts into them is part of the title as it is written. */
const readTitles = (file: string): readonly string[] => {
  const text = readFileSync(join(ROOT, file), 'utf8');
  const starts = /(?:\b(?:test|describe)|\))(?:\.\w+)*\(\s*(['"`])((?:\\.|(?!\1).)*)\1\s*,/gs;
  return [...text.matchAll(starts)].map(([, , title = '']) => title.replaceAll('\\', ''));
};

describe.each(PAGES)('docs/%s', (page) => {
  const rows = readProofs(page);

  test('has tables, and each of their lines names a test', () => {
    expect(rows.length).toBeGreaterThan(0);
    expect(rows.filter(({ title }) => title === '').map(({ line }) => line)).toEqual([]);
  });

  test.each(rows)('$what: $file has "$title"', ({ file, title }) => {
    expect([file, existsSync(join(ROOT, file))]).toEqual([file, true]);
    expect(readTitles(file)).toContain(title);
  });
});

describe('what did not prove anything is found', () => {
  const proof: Proof = {
    line: '',
    what: 'a kill',
    file: 'test/a.test.ts',
    title: '%s: killed (${String(n)}) by $name.id',
  };
  const titles = ['mysql: killed (7) by x'];
  test.each([
    ['it passed', { file: proof.file, titles, hasPassed: true }, []],
    ['a test in what is named passed', { file: proof.file, titles: ['one', ...titles], hasPassed: true }, []],
    ['it was skipped', { file: proof.file, titles, hasPassed: false }, [proof]],
    ['it is in another file', { file: 'test/b.test.ts', titles, hasPassed: true }, [proof]],
    ['another passed', { file: proof.file, titles: ['mysql: killed 7 by x'], hasPassed: true }, [proof]],
  ])('%s', (_, end, unproven) => {
    expect(listUnproven([proof], [end])).toEqual(unproven);
  });
});
