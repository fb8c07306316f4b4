import { describe, expect, test } from 'vitest';
import { type Flavor, type Vendor, VENDOR_LABELS } from '../../../src/core/flavor.js';
import { FEATURES, type Feature, firstVersion, supports } from '../../../src/core/server/features.js';

type Version = Flavor['version'];

const HIGHEST = 999;
const OLDEST: Readonly<Record<Vendor, Version>> = { mysql: [5, 7, 0], mariadb: [10, 0, 0] };

/** The last one that could have been released before it. */
const before = ([major, minor, patch]: Version): Version => {
  if (patch > 0) return [major, minor, patch - 1];
  return minor > 0 ? [major, minor - 1, HIGHEST] : [major - 1, HIGHEST, HIGHEST];
};

const vendors = Object.keys(VENDOR_LABELS) as readonly Vendor[];
const rows = (Object.keys(FEATURES) as readonly Feature[]).flatMap((feature) =>
  vendors.map((vendor) => ({ feature, vendor })),
);

describe('every row, at its boundary', () => {
  test.each(rows)('$feature of $vendor', ({ feature, vendor }) => {
    const at = (version: Version): boolean => supports({ vendor, version }, feature);
    const since = FEATURES[feature][vendor];
    if (typeof since === 'string') {
      expect([at(OLDEST[vendor]), at([99, 0, 0])]).toEqual(
        since === 'always' ? [true, true] : [false, false],
      );
      return;
    }
    const [major, minor, patch = 0] = since;
    const first: Version = [major, minor, patch];
    expect(at(before(first))).toBe(false);
    expect(at(first)).toBe(true);
    expect(at([major, minor, patch + 1])).toBe(true);
    expect(at([major, minor + 1, 0])).toBe(true);
    expect(at([major + 1, 0, 0])).toBe(true);
    // A first version that no supported server is older than is written `always`.
    expect(at(OLDEST[vendor])).toBe(false);
  });
});

test.each<[Feature, Flavor, boolean]>([
  ['descendingKeys', { vendor: 'mysql', version: [5, 7, 44] }, false],
  ['descendingKeys', { vendor: 'mysql', version: [8, 0, 0] }, true],
  ['descendingKeys', { vendor: 'mariadb', version: [10, 7, 8] }, false],
  ['descendingKeys', { vendor: 'mariadb', version: [10, 8, 1] }, true],
  ['checks', { vendor: 'mysql', version: [8, 0, 15] }, false],
  ['checks', { vendor: 'mysql', version: [26, 7, 0] }, true],
  ['setUser', { vendor: 'mariadb', version: [10, 5, 1] }, false],
  ['setUser', { vendor: 'mysql', version: [10, 5, 2] }, false],
  ['negativeZero', { vendor: 'mariadb', version: [12, 3, 0] }, false],
])('%s of %o: %s', (feature, flavor, expected) => {
  expect(supports(flavor, feature)).toBe(expected);
});

test('a message names the first version as people write it', () => {
  expect(firstVersion('invisibleColumns', 'mysql')).toBe('8.0.23');
  expect(firstVersion('historyInserts', 'mariadb')).toBe('10.11');
});
