import { describe, expect, test } from 'vitest';
import { quoteOption, refuseUnencrypted, renderOptionFile } from '../../../src/adapters/dump/option-file.js';
import type { Endpoint, TlsOptions } from '../../../src/core/server/connection.js';
import { parseFlavor } from '../../../src/core/flavor.js';
import { Secret } from '../../../src/core/secret.js';
import { anEndpoint } from '../../support/inventory.js';
import { DUMPS, LOADERS, without } from './option-lists.js';

const MARIADB = DUMPS['MariaDB 10.11'];
const MYSQL = DUMPS['MySQL 8.4'];
const SOCKET: Endpoint['address'] = { kind: 'socket', path: '/run/my sql.sock' };

const ON_MARIADB = { flavor: parseFlavor('10.11.6-MariaDB', ''), tlsVersion: undefined };
const ON_MYSQL = { flavor: parseFlavor('8.4.3', 'MySQL'), tlsVersion: 'TLSv1.3' };

const at = (tls: TlsOptions, overrides: Partial<Endpoint> = {}): Endpoint =>
  anEndpoint('source', 'prod', { tls, password: new Secret('s3cret'), ...overrides });

test('holds the whole connection', () => {
  expect(renderOptionFile(at({ mode: 'disabled' }), LOADERS['MariaDB 10.11'], ON_MARIADB)).toBe(`[client]
protocol="tcp"
host="db.example"
port="3306"
user="sync"
password="s3cret"
connect-timeout="30"
ssl="0"
plugin-dir="/dev/null"
`);
});

test('a socket, no password', () => {
  const endpoint = anEndpoint('source', 'prod', { address: SOCKET, tls: { mode: 'preferred' } });
  expect(renderOptionFile(endpoint, MARIADB, ON_MARIADB)).toBe(`[client]
protocol="socket"
socket="/run/my sql.sock"
user="sync"
ssl="0"
`);
});

test.each([
  ['plain', '"plain"'],
  [`#"\\' ;é`, `"#\\"\\\\' ;é"`],
  [' blanks ', '" blanks "'],
  ['line\nbreak\r\ttab', '"line\\nbreak\\r\\ttab"'],
  ['', '""'],
])('quotes %j', (value, expected) => {
  expect(quoteOption(value)).toBe(expected);
});

describe('TLS modes', () => {
  const tlsLines = (file: string): string =>
    file
      .split('\n')
      .filter((line) => /^(ssl|get-server|server-public|plugin-dir)/.test(line))
      .join(' ');

  test.each([
    ['disabled', 'ssl="0" plugin-dir="/dev/null"'],
    ['preferred', 'ssl="1" ssl-verify-server-cert="0" plugin-dir="/dev/null"'],
    ['required', 'ssl="1" ssl-verify-server-cert="0" plugin-dir="/dev/null"'],
    ['verify-ca', 'ssl="1" ssl-verify-server-cert="1" ssl-ca="/ca.pem"'],
    ['verify-identity', 'ssl="1" ssl-verify-server-cert="1" ssl-ca="/ca.pem"'],
  ] as const)('MariaDB: %s', (mode, expected) => {
    expect(tlsLines(renderOptionFile(at({ mode, ca: '/ca.pem' }), MARIADB, ON_MARIADB))).toBe(expected);
  });

  test.each([
    ['disabled', 'ssl-mode="DISABLED" get-server-public-key="1"'],
    ['preferred', 'ssl-mode="REQUIRED"'],
    ['required', 'ssl-mode="REQUIRED"'],
    ['verify-ca', 'ssl-mode="VERIFY_CA" ssl-ca="/ca.pem"'],
    ['verify-identity', 'ssl-mode="VERIFY_IDENTITY" ssl-ca="/ca.pem"'],
  ] as const)('MySQL: %s', (mode, expected) => {
    expect(tlsLines(renderOptionFile(at({ mode, ca: '/ca.pem' }), MYSQL, ON_MYSQL))).toBe(expected);
  });

  test('preferred is plain on a socket, verification stays', () => {
    const modes = ['preferred', 'verify-identity'] as const;
    const files = modes.map((mode) =>
      renderOptionFile(at({ mode, ca: '/ca.pem' }, { address: SOCKET }), MYSQL, ON_MYSQL),
    );
    expect(files.map(tlsLines)).toEqual([
      'ssl-mode="DISABLED"',
      'ssl-mode="VERIFY_IDENTITY" ssl-ca="/ca.pem"',
    ]);
  });

  test('what a client cannot do is refused without the password in the message', () => {
    const plain = without(MARIADB, 'ssl');
    expect(tlsLines(renderOptionFile(at({ mode: 'preferred' }), plain, ON_MARIADB))).toBe(
      'plugin-dir="/dev/null"',
    );
    for (const [endpoint, tool] of [
      [at({ mode: 'required' }), plain],
      [at({ mode: 'verify-identity' }), MYSQL],
    ] as const)
      expect(() => renderOptionFile(endpoint, tool, ON_MYSQL)).toThrow(
        expect.objectContaining({
          code: 'CONN_TLS',
          message: expect.not.stringContaining('s3cret') as string,
        }) as Error,
      );
  });

  test('no password under a key that nobody knows', () => {
    const noTls = { ...ON_MYSQL, tlsVersion: undefined };
    const pinned = { mode: 'preferred', serverPublicKey: '/server.pem' } as const;
    expect(() => renderOptionFile(at({ mode: 'preferred' }), MYSQL, noTls)).toThrow(/whatever key/);
    expect(tlsLines(renderOptionFile(at(pinned), MYSQL, noTls))).toBe(
      'ssl-mode="PREFERRED" server-public-key-path="/server.pem"',
    );
    // MySQL's accounts need the methods that are loaded, and switching TLS off permits them.
    expect(tlsLines(renderOptionFile(at({ mode: 'disabled' }), MARIADB, noTls))).toBe('ssl="0"');
    expect(tlsLines(renderOptionFile(at({ ...pinned, mode: 'disabled' }), MARIADB, noTls))).toBe(
      'ssl="0" plugin-dir="/dev/null"',
    );
  });

  test.each([
    ['MariaDB', MARIADB],
    ['MySQL', MYSQL],
  ])('a certificate of our own: %s', (_, tool) => {
    const tls = { cert: '/me.pem', key: '/me.key' };
    expect(tlsLines(renderOptionFile(at({ mode: 'required', ...tls }), tool, ON_MYSQL))).toContain(
      'ssl-cert="/me.pem" ssl-key="/me.key"',
    );
    expect(renderOptionFile(at({ mode: 'disabled', ...tls }), tool, ON_MYSQL)).not.toContain('me.pem');
  });

  test('required is refused where the tool itself got no TLS', () => {
    expect(() => refuseUnencrypted(at({ mode: 'required' }), MARIADB, undefined)).toThrow(
      /would connect without TLS/,
    );
    refuseUnencrypted(at({ mode: 'required' }), MARIADB, 'TLSv1.3');
    refuseUnencrypted(at({ mode: 'preferred' }), MARIADB, undefined);
  });
});
