import { expect, test } from 'vitest';
import { hidePassword, readConnectionUrl } from '../../../src/core/server/connection-url.js';

test.each([
  ['mysql://db.example', { host: 'db.example' }],
  ['mariadb://sync_ro@db.example:3307/shop', { host: 'db.example', port: 3307, user: 'sync_ro' }],
  ['MySQL://u%40x@[::1]:3307/', { host: '::1', port: 3307, user: 'u@x' }],
  [
    'mysql://u@h?ssl-mode=VERIFY_CA&ssl-ca=/ca.pem',
    { host: 'h', user: 'u', tlsMode: 'verify-ca', ca: '/ca.pem' },
  ],
  ['mysql://u@h/?sslMode=required&charset=utf8', { host: 'h', user: 'u', tlsMode: 'required' }],
  ['jdbc:mysql://h:1/db?user=u&useSSL=false', { host: 'h', port: 1, user: 'u' }],
  ['mysql://u@h?ssl=true', { host: 'h', user: 'u', tlsMode: 'required' }],
  [
    'mysql://u@h?requireSSL=true&ssl-mode=VERIFY_IDENTITY',
    { host: 'h', user: 'u', tlsMode: 'verify-identity' },
  ],
  ['mysql://u@h?sslaccept=strict', { host: 'h', user: 'u', ignored: ['sslaccept'] }],
  ['mysql://u@localhost?socket=%2Frun%2Fmysqld.sock', { socket: '/run/mysqld.sock', user: 'u' }],
])('%s', (text, url) => {
  expect(readConnectionUrl(text)).toEqual({ url });
});

test('a password is a secret, wherever it stands', () => {
  for (const text of ['mysql://u:p%40ss@h', 'jdbc:mariadb://h/x?user=u&password=p%40ss']) {
    const reading = readConnectionUrl(text);
    expect(reading && 'url' in reading && reading.url.password?.reveal()).toBe('p@ss');
    expect(JSON.stringify(reading)).not.toContain('p@ss');
  }
});

test.each(['h', '127.0.0.1', 'postgres://h', '/run/x.sock', 'mysql:h'])('%s is none', (text) => {
  expect(readConnectionUrl(text)).toBeUndefined();
});

test.each([
  'mysql://u:s3cret%zz@h',
  'mysql://u:s3cret@h:99999',
  'mysql://u:s3cret@h?ssl-mode=maybe',
  'mysql://u:s3cret@a b',
])('%s cannot be read, and what is said of it holds no password', (text) => {
  const reading = readConnectionUrl(text);
  expect(reading).toHaveProperty('problem');
  expect(JSON.stringify(reading)).not.toContain('s3cret');
});

test.each([
  ['mysql://u:p@ss@h:3306/x', 'mysql://u:****@h:3306/x'],
  [' jdbc:mysql://u:pass', ' jdbc:mysql://u:****'],
  ['mysql://u:p/a?s#s@h', 'mysql://u:*******@h'],
  ['mysql://h/x?user=u&password=p%40ss&ssl=true', 'mysql://h/x?user=u&password=******&ssl=true'],
  ['mysql://u:p/a?s', 'mysql://u:*****'],
  ['mysql://h/x?password=one&password=two', 'mysql://h/x?password=***&password=***'],
  ['mysql://[::1]:3306/x', 'mysql://[::1]:3306/x'],
  ['mysql://u@h:3306/x', 'mysql://u@h:3306/x'],
  ['mysql://h:3306/x', 'mysql://h:3306/x'],
  ['db.example', 'db.example'],
])('%s is shown as %s', (text, shown) => {
  expect(hidePassword(text)).toBe(shown);
});
