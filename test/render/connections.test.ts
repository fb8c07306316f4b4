import { expect, test } from 'vitest';
import type { SavedConnection } from '../../src/core/server/connection.js';
import { SyncError } from '../../src/core/errors.js';
import { toConnectionName, toDatabaseName } from '../../src/core/names.js';
import {
  describePassword,
  renderConnectionTests,
  renderConnections,
  renderGrants,
  toConnectionDocument,
} from '../../src/render/connections.js';
import type { Look } from '../../src/render/paint.js';

const TERMINAL: Look = { isTerminal: true, hasColor: false, columns: 120 };
const PIPE: Look = { isTerminal: false, hasColor: false, columns: 80 };
const NOW = new Date('2026-11-22T12:00:00Z');

const PROD: SavedConnection = {
  name: toConnectionName('prod'),
  address: { kind: 'tcp', host: 'db-prod-1', port: 3306 },
  user: 'sync_ro',
  tls: { mode: 'verify-identity', ca: '/etc/ca.pem' },
  access: 'read-only',
  isProtected: true,
  hasPassword: true,
  passwordStorage: 'encrypted',
  createdAt: '2026-01-01T00:00:00.000Z',
  lastUsedAt: '2026-11-22T10:00:00.000Z',
  lastSeenServer: 'MySQL 8.4.3',
};
const STAGING: SavedConnection = {
  name: toConnectionName('staging'),
  address: { kind: 'socket', path: '/run/mysqld.sock' },
  user: 'root',
  tls: { mode: 'disabled' },
  access: 'read-write',
  isProtected: false,
  hasPassword: false,
  passwordCommand: 'pass show staging',
  createdAt: '2026-01-01T00:00:00.000Z',
};

test('connections on a terminal', () => {
  expect(renderConnections([PROD, STAGING], TERMINAL, NOW)).toEqual([
    'NAME     ADDRESS                 SERVER       ACCESS                LAST USED  PASSWORD',
    'prod     sync_ro@db-prod-1:3306  MySQL 8.4.3  read-only, protected  2 h ago    kept (encrypted)',
    'staging  root@/run/mysqld.sock                read-write            never      command',
  ]);
});

test('connections in a pipe', () => {
  expect(renderConnections([PROD, STAGING], PIPE, NOW)).toEqual([
    'prod\tsync_ro@db-prod-1:3306\tMySQL 8.4.3\tread-only, protected\t2026-11-22T10:00:00.000Z\tkept (encrypted)',
    'staging\troot@/run/mysqld.sock\t\tread-write\t\tcommand',
  ]);
});

test('connections in JSON', () => {
  expect([PROD, STAGING].map(toConnectionDocument)).toEqual([
    {
      name: 'prod',
      host: 'db-prod-1',
      port: 3306,
      user: 'sync_ro',
      tls: { mode: 'verify-identity', ca: '/etc/ca.pem' },
      access: 'read-only',
      protected: true,
      password: 'encrypted',
      created_at: '2026-01-01T00:00:00.000Z',
      last_used_at: '2026-11-22T10:00:00.000Z',
      last_seen_server: 'MySQL 8.4.3',
    },
    {
      name: 'staging',
      socket: '/run/mysqld.sock',
      user: 'root',
      tls: { mode: 'disabled' },
      access: 'read-write',
      protected: false,
      password: 'command',
      created_at: '2026-01-01T00:00:00.000Z',
      last_used_at: null,
      last_seen_server: null,
    },
  ]);
});

test('base64 is never called safe', () => {
  expect(describePassword({ ...PROD, passwordStorage: 'base64' })).toBe('kept (base64, not encrypted)');
});

const MYSQL = {
  server: 'MySQL 8.4.3',
  identity: 'one',
  isPasswordless: false,
  isExposed: false,
  flavor: { vendor: 'mysql', version: [8, 4, 3] },
  account: "o'sync@%",
} as const;
const MARIADB = {
  server: 'MariaDB 11.8.2',
  identity: 'two',
  isPasswordless: false,
  isExposed: false,
  flavor: { vendor: 'mariadb', version: [11, 8, 2] },
  account: 'root@%',
} as const;

test('the privileges that a connection needs are SQL', () => {
  const timing = { tlsVersion: undefined, milliseconds: 1 };
  const databases = [toDatabaseName('shop'), toDatabaseName('a`b')];
  expect(renderGrants({ ...PROD, result: { ...MYSQL, ...timing } }, databases)).toEqual([
    '-- prod, read-only:',
    "GRANT SELECT, SHOW VIEW, TRIGGER, EVENT, LOCK TABLES ON `shop`.* TO 'o''sync'@'%';",
    "GRANT SELECT, SHOW VIEW, TRIGGER, EVENT, LOCK TABLES ON `a``b`.* TO 'o''sync'@'%';",
    "GRANT SHOW_ROUTINE ON *.* TO 'o''sync'@'%';",
  ]);
  const [title, ...target] = renderGrants({ ...STAGING, result: { ...MARIADB, ...timing } }, databases);
  expect(title).toBe('-- staging, read-write:');
  expect(target.map((grant) => / ON (.*) TO /.exec(grant)?.[1])).toEqual([
    ...['`shop`.*', '`a``b`.*', '`mysql\\_sync\\_%`.*', '`mysqlsync`.*'],
    ...['`shop`.*', '`a``b`.*', '`mysql\\_sync\\_%`.*', '*.*'],
  ]);
});

test('a test is one row, a failure too', () => {
  const tests = [
    { ...PROD, result: { ...MYSQL, tlsVersion: 'TLSv1.3', milliseconds: 12 } },
    { ...STAGING, result: { ...MARIADB, tlsVersion: undefined, milliseconds: 1200 } },
    {
      ...PROD,
      name: toConnectionName('old'),
      result: new SyncError('CONN_REFUSED', { message: 'old: refused' }),
    },
  ];
  expect(renderConnectionTests(tests, TERMINAL)).toEqual([
    'NAME     RESULT               SERVER          TLS      TIME',
    'prod     ok                   MySQL 8.4.3     TLSv1.3  12 ms',
    'staging  ok                   MariaDB 11.8.2  no TLS   1s',
    'old      FAILED CONN_REFUSED',
  ]);
  expect(renderConnectionTests(tests, PIPE)).toEqual([
    'prod\tok\tMySQL 8.4.3\tTLSv1.3\t12',
    'staging\tok\tMariaDB 11.8.2\tno TLS\t1200',
    'old\tFAILED CONN_REFUSED\t\t\t',
  ]);
});
