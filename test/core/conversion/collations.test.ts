import { expect, test } from 'vitest';
import { convertCollation, convertToOlder } from '../../../src/core/conversion/collations.js';
import type { Vendor } from '../../../src/core/flavor.js';

const NEW_MARIADB = new Set([
  ...[
    'utf8mb4_uca1400_ai_ci',
    'utf8mb4_uca1400_nopad_ai_ci',
    'utf8mb4_uca1400_nopad_as_cs',
    'utf8mb4_nopad_bin',
  ],
  ...[
    'utf8mb4_uca1400_swedish_nopad_ai_ci',
    'utf8mb4_croatian_mysql561_ci',
    'utf8mb3_bin',
    'utf8mb4_czech_ci',
  ],
]);
const OLD_MARIADB = new Set([
  ...['utf8mb4_unicode_520_nopad_ci', 'utf8mb4_unicode_520_ci', 'utf8mb4_unicode_ci', 'utf8mb4_nopad_bin'],
  ...['utf8mb4_bin', 'utf8mb4_swedish_ci', 'utf8mb4_croatian_ci', 'utf8_bin', 'utf8_unicode_520_ci'],
]);
const OLDEST_MARIADB = new Set(['utf8mb4_unicode_ci', 'utf8mb4_bin', 'utf8_bin', 'latin1_swedish_ci']);
const OLD_MYSQL = new Set([
  ...['utf8mb4_unicode_520_ci', 'utf8mb4_bin', 'utf8mb4_swedish_ci', 'utf8mb4_german2_ci', 'utf8_bin'],
]);
const MYSQL = new Set([
  ...['utf8mb4_0900_ai_ci', 'utf8mb4_0900_as_cs', 'utf8mb4_sv_0900_ai_ci', 'utf8mb4_0900_bin', 'utf8mb3_bin'],
  ...['utf8mb4_croatian_ci', 'utf8mb4_czech_ci', 'utf16_unicode_520_ci', 'utf8mb4_ja_0900_as_cs_ks'],
]);

test.each<[string, Vendor, ReadonlySet<string>, string | undefined]>([
  ['utf8mb4_0900_ai_ci', 'mariadb', NEW_MARIADB, 'utf8mb4_uca1400_nopad_ai_ci'],
  ['utf8mb4_0900_ai_ci', 'mariadb', OLD_MARIADB, 'utf8mb4_unicode_520_nopad_ci'],
  ['utf8mb4_0900_as_cs', 'mariadb', NEW_MARIADB, 'utf8mb4_uca1400_nopad_as_cs'],
  ['utf8mb4_0900_as_cs', 'mariadb', OLD_MARIADB, 'utf8mb4_nopad_bin'],
  ['utf8mb4_0900_as_ci', 'mariadb', OLD_MARIADB, undefined],
  ['utf8mb4_sv_0900_ai_ci', 'mariadb', OLD_MARIADB, 'utf8mb4_swedish_ci'],
  ['utf8mb4_sv_0900_ai_ci', 'mariadb', NEW_MARIADB, 'utf8mb4_uca1400_swedish_nopad_ai_ci'],
  ['utf8mb4_ja_0900_as_cs_ks', 'mariadb', NEW_MARIADB, undefined],
  ['utf8mb4_0900_bin', 'mariadb', OLD_MARIADB, 'utf8mb4_nopad_bin'],
  ['utf8mb4_croatian_ci', 'mariadb', NEW_MARIADB, 'utf8mb4_croatian_mysql561_ci'],
  ['utf8mb4_czech_ci', 'mariadb', NEW_MARIADB, 'utf8mb4_czech_ci'],
  ['utf8mb3_bin', 'mariadb', OLD_MARIADB, 'utf8mb3_bin'],
  ['utf8mb4_uca1400_ai_ci', 'mysql', MYSQL, 'utf8mb4_0900_ai_ci'],
  ['utf8mb4_uca1400_nopad_ai_ci', 'mysql', MYSQL, 'utf8mb4_0900_ai_ci'],
  ['utf16_uca1400_ai_ci', 'mysql', MYSQL, 'utf16_unicode_520_ci'],
  ['utf16_uca1400_nopad_ai_ci', 'mysql', MYSQL, undefined],
  ['utf8mb4_uca1400_swedish_ai_ci', 'mysql', MYSQL, 'utf8mb4_sv_0900_ai_ci'],
  ['utf8mb4_uca1400_nopad_ai_cs', 'mysql', MYSQL, undefined],
  ['utf8mb4_uca1400_persian_ai_ci', 'mysql', MYSQL, undefined],
  ['utf8mb4_croatian_ci', 'mysql', MYSQL, undefined],
  ['utf8mb4_croatian_mysql561_ci', 'mysql', MYSQL, 'utf8mb4_croatian_ci'],
  ['utf8mb4_nopad_bin', 'mysql', MYSQL, 'utf8mb4_0900_bin'],
])('%s for %s', (name, vendor, known, expected) => {
  expect(convertCollation(name, vendor, known)).toBe(expected);
});

test.each<[string, Vendor, ReadonlySet<string>, string | undefined]>([
  ['utf8mb4_croatian_ci', 'mariadb', OLD_MARIADB, 'utf8mb4_croatian_ci'],
  ['utf8mb4_uca1400_ai_ci', 'mariadb', NEW_MARIADB, 'utf8mb4_uca1400_ai_ci'],
  ['utf8mb4_uca1400_ai_ci', 'mariadb', OLD_MARIADB, 'utf8mb4_unicode_520_ci'],
  ['utf8mb4_uca1400_ai_ci', 'mariadb', OLDEST_MARIADB, 'utf8mb4_unicode_ci'],
  ['utf8mb4_uca1400_nopad_ai_ci', 'mariadb', OLD_MARIADB, 'utf8mb4_unicode_520_nopad_ci'],
  ['utf8mb4_uca1400_nopad_ai_ci', 'mariadb', OLDEST_MARIADB, 'utf8mb4_unicode_ci'],
  ['utf8mb4_uca1400_swedish_nopad_ai_ci', 'mariadb', OLD_MARIADB, 'utf8mb4_swedish_ci'],
  ['utf8mb4_uca1400_croatian_ai_ci', 'mariadb', OLD_MARIADB, 'utf8mb4_croatian_ci'],
  ['utf8mb4_uca1400_nopad_as_cs', 'mariadb', OLD_MARIADB, 'utf8mb4_nopad_bin'],
  ['utf8mb4_uca1400_nopad_as_cs', 'mariadb', OLDEST_MARIADB, 'utf8mb4_bin'],
  ['utf8mb4_uca1400_as_ci', 'mariadb', OLD_MARIADB, undefined],
  ['utf8mb3_uca1400_ai_ci', 'mariadb', OLD_MARIADB, 'utf8mb3_unicode_520_ci'],
  ['latin1_swedish_nopad_ci', 'mariadb', OLDEST_MARIADB, 'latin1_swedish_ci'],
  ['utf8mb4_unicode_520_nopad_ci', 'mariadb', OLDEST_MARIADB, 'utf8mb4_unicode_ci'],
  ['utf8mb4_0900_ai_ci', 'mariadb', NEW_MARIADB, 'utf8mb4_uca1400_nopad_ai_ci'],
  ['utf8mb4_0900_ai_ci', 'mysql', MYSQL, 'utf8mb4_0900_ai_ci'],
  ['utf8mb4_0900_ai_ci', 'mysql', OLD_MYSQL, 'utf8mb4_unicode_520_ci'],
  ['utf8mb4_0900_bin', 'mysql', OLD_MYSQL, 'utf8mb4_bin'],
  ['utf8mb4_sv_0900_ai_ci', 'mysql', OLD_MYSQL, 'utf8mb4_swedish_ci'],
  ['utf8mb4_de_pb_0900_as_cs', 'mysql', OLD_MYSQL, 'utf8mb4_bin'],
  ['utf8mb4_mn_cyrl_0900_ai_ci', 'mysql', OLD_MYSQL, undefined],
])('%s for an older %s', (name, vendor, known, expected) => {
  expect(convertToOlder(name, vendor, known)).toBe(expected);
});
