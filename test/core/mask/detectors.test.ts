import { describe, expect, test } from 'vitest';
import { isMostlyText, readHints } from '../../../src/core/mask/detector-hints.js';
import { startRandom } from '../../support/random.js';
import { detect as detectHinted, findValues } from '../../../src/core/mask/detectors.js';

const detect = (text: string): readonly string[] => {
  const bytes = Buffer.from(text, 'latin1');
  return detectHinted(text, readHints(bytes, 0, bytes.length));
};

describe('what is found', () => {
  test.each([
    ['joe.doe+x@corp.co.uk', ['email']],
    ['write to <JOE@CORP.COM>, please', ['email']],
    ['{"mail":"joe@corp.com"}', ['email']],
    ['+49 30 901820', ['phone']],
    ['call (415) 456-2671', ['phone']],
    ['415-456-2671', ['phone']],
    ['0044 20 7946 0958', ['phone']],
    ['4111 1111 1111 1111', ['card']],
    ['card:5555-5555-5555-4444.', ['card']],
    ['378282246310005', ['card']],
    ['DE89 3704 0044 0532 0130 00', ['iban']],
    ['GB82WEST12345698765432', ['iban']],
    ['from 8.8.8.8', ['ip']],
    ['-----BEGIN RSA PRIVATE KEY-----\nMIIE', ['key']],
    ['AKIAIOSFODNN7EXAMPLE', ['token']],
    [`ghp_${'a1B2'.repeat(9)}`, ['token']],
    ['joe@corp.com from 8.8.4.4', ['email', 'ip']],
  ])('%s', (text, found) => {
    expect(detect(text)).toEqual(found);
  });
});

describe('what is nobody, or nothing', () => {
  test.each([
    'a1b2@example.com',
    'joe@mail.shop.example',
    'root@localhost',
    '@mention',
    '4111111111111112',
    // The mask of an address may have digits alone.
    '{"mail":"4111111111111111@example.com"}',
    '1699999999999',
    '0000 0000 0000 0000',
    'GB83 WEST 1234 5698 7654 32',
    '(415) 555-0123',
    '2024-01-01 00:00:00.123456',
    'order 12345678 of 2024',
    'Chrome/120.0.0.0',
    'v1.2.3.4',
    '1.2.3.4.5',
    '999.1.1.1',
    '10.1.2.3 127.0.0.1 192.168.0.1 172.20.0.1 198.18.3.4 203.0.113.9 100.64.0.1 169.254.1.1',
    '550e8400-e29b-41d4-a716-446655440000',
    'a plain sentence',
    '',
  ])('%s', (text) => {
    expect(detect(text)).toEqual([]);
  });
});

test('what takes long to tell takes no longer than the text is long', () => {
  const hostile = [
    'a'.repeat(60_000),
    '1 '.repeat(30_000),
    'a.'.repeat(30_000),
    'AB12 '.repeat(9_000),
    '+1'.repeat(20_000),
  ];
  const started = performance.now();
  for (const text of hostile) detect(`${text}@`);
  expect(performance.now() - started).toBeLessThan(2_000);
});

test('what was found in a text does not keep its values from being told', () => {
  const text = 'from joe@corp.com';
  expect(detect(text)).toEqual(['email']);
  expect(findValues(text, 'email')).toEqual(['joe@corp.com']);
});

test('hints never keep a detector from what it would find', () => {
  const parts = [
    'joe@corp.com',
    '+49 (30) 901820',
    '(415) 456-2671',
    '4111 1111-1111 1111',
    '378282246310005',
    'DE89 3704 0044 0532 0130 00',
  ];
  const more = [
    '8.8.8.8',
    '-----BEGIN PRIVATE KEY-----',
    'AKIAIOSFODNN7EXAMPLE',
    'ASIAIOSFODNN7EXAMPLE',
    `ghs_${'a1B2'.repeat(9)}`,
  ];
  const last = [
    'glpat-aaaaaaaaaaaaaaaaaaaa',
    'xoxb-1234567890',
    `sk_live_${'a'.repeat(16)}`,
    'eyJhbGciOi.eyJzdWIiOi.c2lnbmF0dXJl',
  ];
  for (const part of [...parts, ...more, ...last])
    for (const text of [part, `x ${part} y`, `"${part}"`, `é${part}.`, `\n${part}\n`])
      expect([text, detect(text)]).toEqual([text, detectHinted(text, 127)]);
});

test('nor do they in text that is drawn, wherever it lies in a buffer', () => {
  const parts = [
    ...[
      'joe@corp.com',
      '+49',
      '00',
      '030',
      '(415)',
      '456-',
      '2671',
      '4111',
      '8.',
      '8',
      '-----BEGIN PRIVATE KEY-----',
    ],
    ...[
      'DE89',
      'GB82',
      'WEST',
      'AKIA',
      'IOSFODNN7EXAMPLE',
      'ghs_',
      'glpat-',
      'xoxb-',
      'k_live_',
      'eyJ',
      'a1B2',
      'é',
    ],
    ...[' ', '.', '-', '(', ')', '+', '_', '@', ',', 'x', 'A', 'J', '0', '1', '55', '\n'],
  ];
  const random = startRandom(20_261_129);
  for (let round = 0; round < 30_000; round += 1) {
    const pick = (): string => parts[Math.floor(random() * parts.length)] ?? '';
    const text = Array.from({ length: 1 + Math.floor(random() * 14) }, pick).join('');
    const bytes = Buffer.from(`${pick()}${text}${pick()}`, 'latin1');
    const from = bytes.indexOf(Buffer.from(text, 'latin1'));
    const found = detectHinted(text, readHints(bytes, from, from + text.length));
    expect([text, found]).toEqual([text, detectHinted(text, 127)]);
  }
});

test.each([
  [Buffer.concat([Buffer.from([0, 1, 255]), Buffer.from('jane.roe@mail-of-jane.com')]), true],
  [Buffer.from('line\r\nline\n'), true],
  [Buffer.from(Array.from({ length: 4096 }, (_, index) => (index * 151) % 256)), false],
  [Buffer.from('été à la plage, où'.repeat(9)), true],
  [Buffer.concat(Array.from({ length: 256 }, () => Buffer.from([0xe0, 1, 2, 3]))), false],
])('%j is text: %s', (bytes, expected) => {
  expect(isMostlyText(bytes, 0, bytes.length)).toBe(expected);
});
