import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createLineView } from '../../../src/adapters/terminal/line-view.js';
import { toDatabaseName, toTableName } from '../../../src/core/names.js';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

test('every 30 seconds a line says how far each database in flight is, and none after the end', async () => {
  const lines: string[] = [];
  let milliseconds = 0;
  const view = createLineView((line) => lines.push(line), { monotonic: () => milliseconds });
  const database = toDatabaseName('shop');
  view.follow({ type: 'phase-started', database, phase: 'copy' });
  const current = [toTableName('orders')];
  const progress = { rows: 420, rowsEstimate: 1000, bytes: 10_485_760, tablesDone: 0, tables: 2, current };
  view.follow({ type: 'progress', database, progress });
  milliseconds = 29_999;
  vi.advanceTimersByTime(29_999);
  expect(lines).toEqual(['shop: copying']);
  milliseconds = 30_000;
  vi.advanceTimersByTime(1);
  expect(lines.slice(1)).toEqual(['shop: copying  ~42%  10.0 MiB  341.3 KiB/s  ETA 45s  orders']);
  vi.advanceTimersByTime(60_000);
  expect(lines).toHaveLength(4);
  await view.end();
  vi.advanceTimersByTime(60_000);
  expect(lines).toHaveLength(4);
});
