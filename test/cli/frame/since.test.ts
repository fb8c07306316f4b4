import { expect, test } from 'vitest';
import { parseAge, parseSince } from '../../../src/cli/frame/since.js';

const NOW = new Date('2026-11-22T12:00:00Z');

test.each([
  ['30m', '2026-11-22T11:30:00.000Z'],
  ['12h', '2026-11-22T00:00:00.000Z'],
  ['7d', '2026-11-15T12:00:00.000Z'],
  ['2w', '2026-11-08T12:00:00.000Z'],
  ['2026-11-01', new Date(2026, 10, 1).toISOString()],
  ['2026-11-01T10:00:00+02:00', '2026-11-01T08:00:00.000Z'],
])('%s is %s', (text, time) => {
  expect(parseSince(text, NOW).toISOString()).toBe(time);
});

test.each([
  '',
  '7',
  'd',
  '7y',
  '-7d',
  '2026-02-30',
  '2026-13-01',
  '2026-11-01Tnoon',
  'yesterday',
  '01.11.2026',
])('%j is refused', (text) => {
  expect(() => parseSince(text, NOW)).toThrow('is not a time');
});

test('an age is a length of time and no date', () => {
  expect(parseAge('--max-age', '26h')).toBe(26 * 3_600_000);
  for (const text of ['', '26', '1y', '-1h', '2026-11-01'])
    expect(() => parseAge('--max-age', text)).toThrow('is not an age');
});
