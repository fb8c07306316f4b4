import { expect, test } from 'vitest';
import { formatRelativeTime } from '../../src/render/relative-time.js';
import { formatBytes, formatCount, formatDuration, formatPlural } from '../../src/render/units.js';

test.each([
  [0, '0 B'],
  [1023, '1023 B'],
  [1024, '1.0 KiB'],
  [1536, '1.5 KiB'],
  [1024 ** 2 - 1, '1.0 MiB'],
  [1023.9 * 1024, '1023.9 KiB'],
  [9.8 * 1024 ** 3, '9.8 GiB'],
  [11 * 1024 ** 3, '11.0 GiB'],
  [3 * 1024 ** 6, '3072.0 PiB'],
])('%d bytes are %s', (bytes, text) => {
  expect(formatBytes(bytes)).toBe(text);
});

test.each([
  [0, '0 ms'],
  [12.4, '12 ms'],
  [999.4, '999 ms'],
  [999.6, '1s'],
  [57_000, '57s'],
  [59_600, '1m'],
  [90_000, '1m 30s'],
  [3_599_600, '1h'],
  [3_600_000, '1h'],
  [7_500_000, '2h 5m'],
  [86_399_999, '1d'],
  [100 * 3_600_000, '4d 4h'],
])('%d ms are %s', (milliseconds, text) => {
  expect(formatDuration(milliseconds)).toBe(text);
});

test.each([
  [0, '0'],
  [999, '999'],
  [1000, '1 000'],
  [4_112_907, '4 112 907'],
  [Number.MAX_SAFE_INTEGER, '9 007 199 254 740 991'],
])('%d is counted as %s', (count, text) => {
  expect(formatCount(count)).toBe(text);
});

test('one is singular, everything else is not', () => {
  expect([0, 1, 2, 1000].map((count) => formatPlural(count, 'table'))).toEqual([
    '0 tables',
    '1 table',
    '2 tables',
    '1 000 tables',
  ]);
  expect(formatPlural(2, 'entry', 'entries')).toBe('2 entries');
});

test.each([
  ['2026-11-22T11:59:59.000Z', 'just now'],
  ['2026-11-22T12:00:30.000Z', 'just now'],
  ['2026-11-22T11:55:00.000Z', '5 min ago'],
  ['2026-11-22T11:00:01.000Z', '59 min ago'],
  ['2026-11-22T10:00:00.000Z', '2 h ago'],
  ['2026-11-22T12:00:00+02:00', '2 h ago'],
  ['2026-11-19T11:00:00.000Z', '3 d ago'],
  ['2026-10-24T11:00:00.000Z', '29 d ago'],
  ['2026-10-22T12:00:00.000Z', '2026-10-22'],
  ['2026-11-24T00:00:00.000Z', '2026-11-24'],
  ['soon', 'soon'],
])('%s is told as %s', (time, text) => {
  expect(formatRelativeTime(time, new Date('2026-11-22T12:00:00.000Z'))).toBe(text);
});
