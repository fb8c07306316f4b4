import { expect, test } from 'vitest';
import { toProgramKind } from '../../../../src/adapters/mysql/facts/program-kind.js';

test('kinds are known in any case', () => {
  expect(toProgramKind('PACKAGE BODY', 'shop.p')).toBe('package body');
});

test('a kind of a newer server is named, and is no bug', () => {
  expect(() => toProgramKind('LIBRARY', 'shop.l')).toThrow(
    expect.objectContaining({
      code: 'PROGRAMS_FAILED',
      message: expect.stringContaining('LIBRARY shop.l') as string,
    }),
  );
});
