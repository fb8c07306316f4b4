import { describe, expect, test } from 'vitest';
import { quoteOption, refuseUnencrypted, renderOptionFile } from '../../../src/adapters/dump/option-file.js';
import type { Endpoint, TlsOptions } from '../../../src/core/connection.js';
import { Secret } from '../../../src/core/secret.js';
import { anEndpoint } from '../../support/inventory.js';
import { DUMPS, LOADERS, without } from './option-lists.js';

const MARIADB = DUMPS['MariaDB 10.11'];
const MYSQL = DUMPS['MySQL 8.4'];
const SOCKET: Endpoint['address'] = { kind: 'socket', path: '/run/my sql.sock' };

const at = (tls: TlsOptions, overrides: Partial<Endpoint> = {}): Endpoint =>
  anEndpoint('source', 'prod', { tls, password: new Secret('s3cret'), ...overrides });

test('holds the whole connection', () => {
  expect(renderOptionFile(at({ mode: 'disabled' }), LOADERS['MariaDB 10.11'])).toBe(`[client]
protocol="tcp"
host="db.example"
port="3306"
user="sync"
password="s3cret"
connect-timeout="30"
ssl="0"
`);
});

test('a socket, no password', () => {
  const endpoint = anEndpoint('source', 'prod', { address: SOCKET, tls: { mode: 'preferred' } });
  expect(renderOptionFile(endpoint, MARIADB)).toBe(`[client]
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
      .filter((line) => /^(ssl|get-server)/.test(line))
      .join(' ');

  test.each([
    ['disabled', 'ssl="0"'],
    ['preferred', 'ssl="1" ssl-verify-server-cert="0"'],
    ['required', 'ssl="1" ssl-verify-server-cert="0"'],
    ['verify-ca', 'ssl="1" ssl-verify-server-cert="1" ssl-ca="/ca.pem"'],
    ['verify-identity', 'ssl="1" ssl-verify-server-cert="1" ssl-ca="/ca.pem"'],
  ] as const)('MariaDB: %s', (mode, expected) => {
    expect(tlsLines(renderOptionFile(at({ mode, ca: '/ca.pem' }), MARIADB))).toBe(expected);
  });

  test.each([
    ['disabled', 'ssl-mode="DISABLED" get-server-public-key="1"'],
    ['preferred', 'ssl-mode="PREFERRED" get-server-public-key="1"'],
    ['required', 'ssl-mode="REQUIRED"'],
    ['verify-ca', 'ssl-mode="VERIFY_CA" ssl-ca="/ca.pem"'],
    ['verify-identity', 'ssl-mode="VERIFY_IDENTITY" ssl-ca="/ca.pem"'],
  ] as const)('MySQL: %s', (mode, expected) => {
    expect(tlsLines(renderOptionFile(at({ mode, ca: '/ca.pem' }), MYSQL))).toBe(expected);
  });

  test('preferred is plain on a socket, verification stays', () => {
    const modes = ['preferred', 'verify-identity'] as const;
    const files = modes.map((mode) =>
      renderOptionFile(at({ mode, ca: '/ca.pem' }, { address: SOCKET }), MYSQL),
    );
    expect(files.map(tlsLines)).toEqual([
      'ssl-mode="DISABLED" get-server-public-key="1"',
      'ssl-mode="VERIFY_IDENTITY" ssl-ca="/ca.pem"',
    ]);
  });

  test('what a client cannot do is refused without the password in the message', () => {
    const plain = without(MARIADB, 'ssl');
    expect(tlsLines(renderOptionFile(at({ mode: 'preferred' }), plain))).toBe('');
    for (const [endpoint, tool] of [
      [at({ mode: 'required' }), plain],
      [at({ mode: 'verify-identity' }), MYSQL],
    ] as const)
      expect(() => renderOptionFile(endpoint, tool)).toThrow(
        expect.objectContaining({
          code: 'CONN_TLS',
          message: expect.not.stringContaining('s3cret') as string,
        }) as Error,
      );
  });

  test('required is refused where the tool itself got no TLS', () => {
    expect(() => refuseUnencrypted(at({ mode: 'required' }), MARIADB, undefined)).toThrow(
      /would connect without TLS/,
    );
    refuseUnencrypted(at({ mode: 'required' }), MARIADB, 'TLSv1.3');
    refuseUnencrypted(at({ mode: 'preferred' }), MARIADB, undefined);
  });
});
