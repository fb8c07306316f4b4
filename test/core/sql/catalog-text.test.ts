import { describe, expect, test } from 'vitest';
import { readCatalogExpression } from '../../../src/core/sql/catalog-text.js';

/** As information_schema has it. */
const inCatalog = (expression: Buffer | string): string =>
  Buffer.from(expression).toString('latin1').replaceAll(/[\\']/g, '\\$&');

describe('MySQL keeps more of an expression than it prints', () => {
  test.each([
    ["concat(`n`,_utf8mb4'é🎉?')", "concat(`n`,_utf8mb4'é?????')"],
    ["(`é` <> _utf8mb4'🙈\\'\\\\\\n\"')", "(`é` <> _utf8mb4'????\\'\\\\\\n\"')"],
    ['1', '1'],
  ])('%s', (kept, printed) => {
    expect(readCatalogExpression(inCatalog(kept), printed)).toBe(kept);
  });

  test('bytes that are no UTF-8 become hexadecimal', () => {
    const kept = Buffer.from("concat(_latin1'\xe9',_binary'\\0\xff')", 'latin1');
    const whole = 'concat(_latin1 0xe9,_binary 0x00ff)';
    expect(readCatalogExpression(inCatalog(kept), "concat(_latin1'?',_binary'\\0?')")).toBe(whole);
    expect(readCatalogExpression(inCatalog(kept), "concat(_utf8mb4'é',_binary'\\0?')")).toBe(whole);
  });
});

test.each([
  ["concat(`n`,_utf8mb4'🎉')", "concat(`m`,_utf8mb4'????')"],
  ["concat(`n`,_utf8mb4'🎉')", "concat(`n`,_utf8mb4'???')"],
  ["concat(`n`,_utf8mb4'a')", "concat(`n`,_utf8mb4'?')"],
  ["concat(`n`,_utf8mb4'🎉')) STORED", "concat(`n`,_utf8mb4'????')"],
  ['', "_utf8mb4'?'"],
])('another expression says nothing: %s for %s', (kept, printed) => {
  expect(readCatalogExpression(inCatalog(kept), printed)).toBeUndefined();
});

test('bytes that nothing explains say nothing', () => {
  expect(readCatalogExpression("\\'\u00ff\\'", "'?'")).toBeUndefined();
});
