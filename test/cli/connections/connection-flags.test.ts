import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import {
  type ConnectionFlagValues,
  buildConnection,
  readConnectionName,
} from '../../../src/cli/connections/connection-flags.js';
import type { Connection } from '../../../src/core/server/connection.js';
import { toConnectionName } from '../../../src/core/names.js';
import { Secret } from '../../../src/core/secret.js';

const NAME = toConnectionName('prod');
const SAVED: Connection = {
  name: NAME,
  address: { kind: 'tcp', host: 'db', port: 3307 },
  user: 'sync',
  tls: { mode: 'verify-identity', ca: '/ca.pem' },
  access: 'read-write',
  isProtected: true,
  passwordCommand: 'pass show db',
};

test('a new connection has the safe defaults', () => {
  expect(buildConnection(NAME, { host: 'db', user: 'me' }, undefined, undefined)).toEqual({
    name: 'prod',
    address: { kind: 'tcp', host: 'db', port: 3306 },
    user: 'me',
    tls: { mode: 'preferred' },
    access: 'read-only',
    isProtected: false,
  });
});

test('replacing keeps what is left out', () => {
  expect(buildConnection(NAME, {}, undefined, SAVED)).toEqual(SAVED);
});

test.each<[ConnectionFlagValues, Partial<Connection>]>([
  [{ access: 'read-only' }, { access: 'read-only' }],
  [{ protected: false }, { isProtected: false }],
  [{ tls: 'required' }, { tls: { mode: 'required' } }],
  [{ ca: 'new.pem' }, { tls: { mode: 'verify-identity', ca: resolve('new.pem') } }],
  [{ 'password-command': 'x' }, { passwordCommand: 'x' }],
])('replacing with %j changes that alone', (flags, changed) => {
  expect(buildConnection(NAME, flags, undefined, SAVED)).toEqual({ ...SAVED, ...changed });
});

test.each<[ConnectionFlagValues, Partial<Connection>]>([
  [{ port: 3308 }, { address: { kind: 'tcp', host: 'db', port: 3308 } }],
  [{ host: 'other' }, { address: { kind: 'tcp', host: 'other', port: 3307 } }],
  [{ socket: '/s' }, { address: { kind: 'socket', path: '/s' } }],
  [{ user: 'root' }, { user: 'root' }],
])('replacing with %j leaves out the command, which is for the login of before', (flags, changed) => {
  const { passwordCommand: _, ...others } = SAVED;
  expect(buildConnection(NAME, flags, undefined, SAVED)).toEqual({ ...others, ...changed });
});

test.each<ConnectionFlagValues>([{ 'password-stdin': true }, { 'password-env': 'X' }])(
  'a password given with %j takes the place of the command',
  (flags) => {
    expect(buildConnection(NAME, flags, undefined, SAVED)).not.toHaveProperty('passwordCommand');
  },
);

test('the option file stands between flags and what was saved', () => {
  const file = {
    host: 'filehost',
    user: 'fileuser',
    password: new Secret('x'),
    tlsMode: 'required' as const,
    ignored: [],
  };
  expect(buildConnection(NAME, { user: 'flaguser' }, file, SAVED)).toEqual({
    name: 'prod',
    address: { kind: 'tcp', host: 'filehost', port: 3307 },
    user: 'flaguser',
    tls: { mode: 'required' },
    access: 'read-write',
    isProtected: true,
  });
  expect(buildConnection(NAME, {}, { socket: '/s', ignored: [] }, SAVED).address).toEqual({
    kind: 'socket',
    path: '/s',
  });
});

test.each<[ConnectionFlagValues, Connection['tls']]>([
  [{ host: 'h' }, { mode: 'preferred' }],
  [{ socket: '/s' }, { mode: 'disabled' }],
  [
    { host: 'h', ca: '/ca' },
    { mode: 'verify-ca', ca: '/ca' },
  ],
  [
    { host: 'h', ca: '/ca', tls: 'verify-identity' },
    { mode: 'verify-identity', ca: '/ca' },
  ],
  [{ host: 'h', tls: 'verify-ca' }, { mode: 'verify-ca' }],
])('%j has TLS %j', (flags, tls) => {
  expect(buildConnection(NAME, { user: 'u', ...flags }, undefined, undefined).tls).toEqual(tls);
});

test.each<[ConnectionFlagValues, string]>([
  [{ user: 'u' }, 'Say where the server is'],
  [{ user: 'u', port: 3307 }, 'Say where the server is'],
  [{ host: 'h' }, '--user USER'],
  [{ host: 'db:3307', user: 'u' }, '--host db --port 3307'],
  [{ host: ' ', user: 'u' }, '--host: the host is empty'],
  [{ host: 'h', user: 'u', ca: '/ca', tls: 'required' }, '--ca needs --tls verify-ca or verify-identity'],
])('%j is refused', (flags, message) => {
  expect(() => buildConnection(NAME, flags, undefined, undefined)).toThrow(message);
});

test('an IPv6 address is no host with a port', () => {
  expect(buildConnection(NAME, { host: '::1', user: 'u' }, undefined, undefined).address).toEqual({
    kind: 'tcp',
    host: '::1',
    port: 3306,
  });
});

test.each(['prod', 'db-1.example_x', '2024', 'é', '日本'])('%s can be a name', (name) => {
  expect(readConnectionName(name)).toBe(name);
});

test.each(['', '-x', '.x', 'a b', 'a/b', 'a\n', '$x', 'x'.repeat(65)])('%j cannot be a name', (name) => {
  expect(() => readConnectionName(name)).toThrow("cannot be a connection's name");
});
