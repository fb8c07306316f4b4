import { expect, test } from 'vitest';
import { fingerprintOf } from '../../../src/core/fingerprint.js';
import { isMostlyText, readHints } from '../../../src/core/mask/detector-hints.js';
import { DETECTORS_VERSION } from '../../../src/core/mask/detector.js';
import { detect, findValues } from '../../../src/core/mask/detectors.js';
import { LeakWatch } from '../../../src/adapters/mysql/native/read/leak-watch.js';
import { startRandom } from '../../support/random.js';
import type { RowSink, RowWriter } from '../../../src/adapters/mysql/native/wire/row-sink.js';

/**
 * What each version finds in the same texts. Where anything else is found than before: raise `DETECTORS_VERSION`, and add a line; never change
 * one. Rows that were searched by another version are searched again.
 */
const FOUND: Readonly<Record<number, string>> = {
  1: '53f14aaa8920a148',
};

const PARTS = [
  ...[
    'joe.doe+x@corp.co.uk',
    'JOE@CORP.COM',
    'a1b2@example.com',
    'joe@mail.shop.example',
    '@mention',
    '@',
    '.',
  ],
  ...['+49 30 901820', '(415) 456-2671', '415-456-2671', '0044 20 7946 0958', '(415) 555-0123', '12345678'],
  ...['4111 1111 1111 1111', '4111111111111112', '5555-5555-5555-4444', '378282246310005', '1699999999999'],
  ...['DE89 3704 0044 0532 0130 00', 'GB82WEST12345698765432', 'GB83 WEST 1234 5698 7654 32'],
  ...['8.8.8.8', '10.1.2.3', '1.2.3.4.5', '999.1.1.1', 'Chrome/120.0.0.0', 'v1.2.3.4', '203.0.113.9'],
  ...[
    '-----BEGIN RSA PRIVATE KEY-----',
    'AKIAIOSFODNN7EXAMPLE',
    `ghp_${'a1B2'.repeat(9)}`,
    'xoxb-0123456789',
  ],
  ...['eyJhbGciOiJI.eyJzdWIiOiIx.SflKxwRJSM', 'glpat-abcdefghij0123456789', 'sk_live_0123456789abcdef'],
  ...[
    '2024-01-01 00:00:00.123456',
    '550e8400-e29b-41d4-a716-446655440000',
    'plain',
    'Grüße',
    '\0\u0001\u0002',
  ],
];
const JOINS = ['', ' ', ', ', '"', '\n', '-', '/', '=', '<', 'x', '1', '+'];

/** 2,000 texts of a few parts. */
const makeTexts = (): readonly string[] => {
  const random = startRandom(7);
  const pick = (from: readonly string[]): string => from[Math.floor(random() * from.length)] ?? '';
  return Array.from({ length: 2_000 }, () =>
    Array.from({ length: 1 + Math.floor(random() * 4) }, () => pick(PARTS) + pick(JOINS)).join(''),
  );
};

const ignore = (): void => undefined;
const SINK: RowSink = {
  nullCell: ignore,
  cell: ignore,
  openCell: ignore,
  part: ignore,
  closeCell: ignore,
  endRow: ignore,
};
const WRITER: RowWriter = {
  beginRow: () => SINK,
  mustStop: false,
  isFull: false,
  whenReady: () => Promise.resolve(),
};

const watchAll = (texts: readonly string[]): unknown => {
  const names = ['text', 'binary', 'drawn', 'wide'];
  const watch = new LeakWatch(
    names.map((name) => ({
      name,
      charset: name === 'wide' ? 'utf16' : 'latin1',
      isBinary: name === 'binary',
      areDigitsDrawn: name === 'drawn',
    })),
    'full',
    undefined,
  );
  const over = watch.over(WRITER);
  for (const text of texts) {
    const row = over.beginRow(0);
    for (const name of names) {
      const bytes = Buffer.from(text, name === 'wide' ? 'utf16le' : 'utf8');
      row.cell(bytes, 0, 0, bytes.length);
    }
    row.endRow();
  }
  return watch.scan;
};

test('what is found has the version that says so', () => {
  const texts = makeTexts();
  const found = texts.map((text) => {
    const bytes = Buffer.from(text, 'utf8');
    const latin1 = bytes.toString('latin1');
    const kinds = detect(latin1, readHints(bytes, 0, bytes.length));
    return [kinds, kinds.map((kind) => findValues(latin1, kind)), isMostlyText(bytes, 0, bytes.length)];
  });
  expect(found.filter(([kinds]) => (kinds as readonly string[]).length > 0).length).toBeGreaterThan(500);
  expect(fingerprintOf([found, watchAll(texts)])).toBe(FOUND[DETECTORS_VERSION]);
});
