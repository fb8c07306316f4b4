import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';
import { parseOptions } from '../../../src/adapters/option-file/parse-options.js';

const folder = mkdtempSync(join(tmpdir(), 'mysql-sync-option-file-'));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** What the clients themselves make of the text: one `--name=value` after the other. */
const readAsClients = (text: string): string => {
  const file = join(folder, 'my.cnf');
  writeFileSync(file, text, { mode: 0o600 });
  return execFileSync('my_print_defaults', [`--defaults-file=${file}`, 'client'], { encoding: 'utf8' });
};

const readAsWe = (text: string): string =>
  parseOptions(text, 'my.cnf')
    .filter(({ group }) => group === 'client')
    .map(({ name, value }) => `--${name}${value === undefined ? '' : `=${value}`}\n`)
    .join('');

test.each([
  ['plain', 'password=secret'],
  ['spaces around', '  password \t =  two words \t\r'],
  ['quotes', `password="a # b"\nuser='c'\nhost="it's"`],
  ['one quote', `password="open\nuser='`],
  ['quotes inside', 'password=a" b "c'],
  ['escapes', String.raw`password="\"q\" \\ \s \t \b \z \'"`],
  ['a backslash at the end', 'password=end\\'],
  ['comments', 'password=x # c\n# user=a\n; user=b\nhost=h;i'],
  ['a hash in quotes after an escaped one', String.raw`password="a\"#b" # c`],
  ['no value', 'password\nuser=\nhost = '],
  ['equals', 'password=a=b'],
  ['no-break space and accents', 'password=\u00a0é'],
])('%s is read as the clients read it', (_, lines) => {
  const text = `[client]\n${lines}\n[mysqld]\nport=1\n[client]\nlast=1\n`;
  expect(readAsWe(text)).toBe(readAsClients(text));
});

test('any value is read as the clients read it', () => {
  const value = fc.string({ unit: fc.constantFrom(...Array.from('"\'\\#;= \tnstbra[!é')), maxLength: 12 });
  const check = fc.property(fc.array(value, { minLength: 200, maxLength: 200 }), (values) => {
    const text = `[client]\n${values.map((one, index) => `o${index}=${one}`).join('\n')}\n`;
    expect(readAsWe(text)).toBe(readAsClients(text));
  });
  fc.assert(check, { numRuns: 20, seed: 20261122 });
});

test('a character whose last byte is a space of Latin-1 stays whole; the clients cut it', () => {
  const text = '[client]\npassword=voil\u00e0\n';
  expect(readAsWe(text)).toBe('--password=voil\u00e0\n');
  expect(readAsClients(text)).not.toBe(readAsWe(text));
});

test.each([
  ['[client]\nuser=a\n!include /etc/more.cnf', 'my.cnf:3: !include is not followed'],
  ['!includedir /etc/mysql/conf.d', 'my.cnf:1: !includedir is not followed'],
  ['user=a\n[client]', 'my.cnf:1: an option stands before the first [group]'],
  ['\n[client\nuser=a', 'my.cnf:2: the group has no closing ]'],
])('%j is refused', (text, message) => {
  expect(() => parseOptions(text, 'my.cnf')).toThrow(message);
});

test('names are one, however they are spelled', () => {
  const text = '[ client ]\nSSL_CA=a\nloose-ssl-mode=b\nloose_ssl_mode=c';
  expect(parseOptions(text, 'f').map(({ name }) => name)).toEqual(['ssl-ca', 'ssl-mode', 'ssl-mode']);
  expect(parseOptions(text, 'f')[0]).toEqual({ group: 'client', name: 'ssl-ca', value: 'a', line: 2 });
});
