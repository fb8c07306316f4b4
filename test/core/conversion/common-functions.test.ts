import { expect, test } from 'vitest';
import {
  differenceOfFunction,
  hasFunction,
  knowsFunction,
} from '../../../src/core/conversion/common-functions.js';
import { MEASURED_FUNCTIONS } from '../../../src/core/conversion/measured-functions.js';
import type { Vendor } from '../../../src/core/flavor.js';

test.each<[string, Vendor, readonly [number, number, number], boolean]>([
  ['abs', 'mariadb', [10, 1, 0], true],
  ['json_table', 'mariadb', [10, 5, 23], false],
  ['json_table', 'mariadb', [10, 11, 8], true],
  ['json_table', 'mysql', [8, 0, 36], true],
  ['json_schema_valid', 'mariadb', [10, 11, 8], false],
  ['json_schema_valid', 'mariadb', [11, 8, 2], true],
  ['md5', 'mysql', [9, 6, 0], false],
  ['md5', 'mysql', [8, 4, 0], true],
  ['st_contains', 'mariadb', [10, 11, 8], true],
  ['uuid', 'mysql', [9, 7, 0], true],
  ['regexp_like', 'mariadb', [11, 8, 2], false],
  ['st_geohash', 'mariadb', [11, 8, 2], false],
])('%s on %s %j: %s', (name, vendor, version, isKnown) => {
  expect(knowsFunction({ vendor, version }, name)).toBe(isKnown);
});

test('what is measured to be the same is not said to differ', () => {
  const measured = Object.values(MEASURED_FUNCTIONS).flat();
  expect(measured.filter((name) => differenceOfFunction(name) !== undefined)).toEqual([]);
  expect(new Set(measured).size).toBe(measured.length);
  expect(measured.every(hasFunction)).toBe(true);
});
