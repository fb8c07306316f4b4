import { execFileSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { readClientFlavor, readOptionNames } from '../../../src/adapters/dump/client-tool.js';

test.each([
  ['mariadb-dump  Ver 10.19 Distrib 10.11.19-MariaDB, for debian-linux-gnu (x86_64)', 'mariadb', '10.11.19'],
  ['mysqldump  Ver 10.19 Distrib 10.6.18-MariaDB, for linux-systemd (x86_64)', 'mariadb', '10.6.18'],
  ['mariadb-dump from 11.4.2-MariaDB, client 10.19 for osx10.19 (arm64)', 'mariadb', '11.4.2'],
  ['mariadb from 11.1.2-MariaDB, client 15.2 for Linux (x86_64) using readline 5.1', 'mariadb', '11.1.2'],
  ['mysqldump  Ver 10.13 Distrib 5.7.41, for Linux (x86_64)', 'mysql', '5.7.41'],
  ['mysql  Ver 14.14 Distrib 5.7.41, for Linux (x86_64) using  EditLine wrapper', 'mysql', '5.7.41'],
  ['mysqldump  Ver 8.0.36 for Linux on x86_64 (MySQL Community Server - GPL)', 'mysql', '8.0.36'],
  ['mysqldump  Ver 8.0.35-27 for Linux on x86_64 (Percona Server (GPL), Release 27)', 'mysql', '8.0.35'],
  ['/usr/bin/mysqldump  Ver 26.7.0 for Linux on x86_64 (MySQL Community Server - GPL)', 'mysql', '26.7.0'],
] as const)('flavor of %j', (line, vendor, version) => {
  const flavor = readClientFlavor(line);
  expect(flavor?.vendor).toBe(vendor);
  expect(flavor?.version.join('.')).toBe(version);
});

test('what is not a version line has no flavor', () => {
  expect(readClientFlavor('usage: mysqldump-wrapper TARGET')).toBeUndefined();
});

describe('option names in --help', () => {
  const HELP = `mysqldump  Ver 8.4.7 for Linux on x86_64
Usage: mysqldump [OPTIONS] database [tables]
--no-login-paths        Don't read login paths from the login path file.
--defaults-file=#       Only read default options from the given file #.

  -A, --all-databases Dump all the databases. This will be same as --databases
                      with all databases selected.
  -?, --help          Display this help and exit.
  -#, --debug[=#]     This is a non-debug version. Catch this and exit.
  --max_allowed_packet=# The maximum packet length.
  --ssl-verify-server-cert
                      --skip-ssl is something else.
  --set-gtid-purged[=name]

Variables (--variable-name=value)
hex-blob                          FALSE
`;

  test('are read from the lines that list them, prose is not', () => {
    expect([...readOptionNames(HELP)]).toEqual([
      'no-login-paths',
      'defaults-file',
      'all-databases',
      'help',
      'debug',
      'max-allowed-packet',
      'ssl-verify-server-cert',
      'set-gtid-purged',
    ]);
  });

  test('of the real programs hold what every release has', () => {
    const dump = readOptionNames(
      execFileSync('mysqldump', ['--no-defaults', '--help'], { encoding: 'utf8' }),
    );
    for (const name of ['single-transaction', 'hex-blob', 'where', 'password', 'user'])
      expect(dump).toContain(name);
    expect(dump).not.toContain('opt.');
  });
});
