import { expect, test } from 'vitest';
import { toTableName } from '../../src/core/names.js';
import { ComparisonProgress } from '../../src/engine/tasks/comparison-progress.js';

test('tables count as far as they are compared, and whole once they are done, whatever was read of them', () => {
  const [large, small, late] = ['large', 'small', 'late'].map(toTableName);
  if (!large || !small || !late) throw new Error('no names');
  const progress = new ComparisonProgress([
    { name: large, rowsEstimate: 1000 },
    { name: small, rowsEstimate: 10 },
    { name: late, rowsEstimate: 0 },
  ]);
  const totals = { bytes: 0, rowsEstimate: 1010, tables: 3 };
  expect(progress.read()).toEqual({ ...totals, rows: 0, tablesDone: 0, current: [] });
  progress.begin([large]);
  progress.begin([small]);
  progress.advance(large, 1 / 4);
  progress.end([small]);
  expect(progress.read()).toEqual({ ...totals, rows: 260, tablesDone: 1, current: ['large'] });
  for (let piece = 0; piece < 4; piece += 1) progress.advance(large, 1 / 4);
  progress.begin([late]);
  progress.end([late]);
  expect(progress.read()).toEqual({ ...totals, rows: 1010, tablesDone: 3, current: [] });
});
