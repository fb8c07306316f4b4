import { expect, test } from 'vitest';
import { suggestByComment, suggestByTable, suggestRule } from '../../../src/core/mask/suggest-rule.js';
import type { ColumnInventory } from '../../../src/core/server/inventory.js';

const column = (name: string, columnType = 'varchar(100)'): ColumnInventory => ({
  name,
  dataType: columnType.split('(')[0] ?? '',
  columnType,
  charset: 'utf8mb4',
  collation: 'utf8mb4_bin',
  isGenerated: false,
  primaryKeyPosition: undefined,
});

test.each([
  ['E_Mail', 'email'],
  ['customerEmail', 'email'],
  ['courriel', 'email'],
  ['Passwort', 'token'],
  ['pwd', 'token'],
  ['homephone', 'phone'],
  ['telefono', 'phone'],
  ['telefonnummer', 'phone'],
  ['tel2', 'phone'],
  ['hotel', undefined],
  ['vorname', 'first-name'],
  ['prenom', 'first-name'],
  ['apellidos', 'last-name'],
  ['ansprechpartner', 'name'],
  ['firma', 'company'],
  ['confirmation', undefined],
  ['strasse', 'street'],
  ['calle', 'street'],
  ['wohnort', 'city'],
  ['capacity', undefined],
  ['report', undefined],
  ['iban', 'ends'],
  ['ssn', 'digits'],
  ['taxId', 'digits'],
  ['tax_id', 'digits'],
  ['steuernummer', 'digits'],
  ['taxonomy', undefined],
  ['plz', 'text'],
  ['zipcode', 'text'],
  ['ip_address', 'ip'],
  ['description', undefined],
] as const)('%s sounds like %s', (name, kind) => {
  expect(suggestRule(column(name), { isUnique: false })?.kind).toBe(kind === undefined ? undefined : kind);
});

test.each(['born', 'dob', 'geburtsdatum', 'date_of_birth', 'fecha_nacimiento', 'geboortedatum'])(
  '%s is a day of birth',
  (name) => {
    expect(suggestRule(column(name, 'date'), { isUnique: false })).toEqual({ kind: 'date-to', unit: 'year' });
  },
);

test('a name is no suggestion where no mask of it fits', () => {
  expect(suggestRule(column('email_sent', 'tinyint(1)'), { isUnique: false })).toBeUndefined();
  expect(suggestRule(column('last_name'), { isUnique: true })).toBeUndefined();
});

test('comments say what a column holds, or that it is personal', () => {
  expect(suggestByComment('The e-mail address of whoever pays', column('c1'), { isUnique: false })).toEqual({
    kind: 'email',
  });
  expect(suggestByComment('PII!', column('c1'), { isUnique: false })).toEqual({ kind: 'text' });
  expect(suggestByComment('height in cm', column('c1'), { isUnique: false })).toBeUndefined();
  expect(suggestByTable('personal data, see DPO', column('c1'), { isUnique: true })).toEqual({
    kind: 'token',
  });
  expect(suggestByTable('personal data', column('c1', 'int(11)'), { isUnique: false })).toBeUndefined();
  expect(suggestByTable('goods', column('c1'), { isUnique: false })).toBeUndefined();
});
