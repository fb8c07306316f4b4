import { readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Connection } from '../../../src/core/server/connection.js';
import { SyncError } from '../../../src/core/errors.js';
import { type ConnectionName, toConnectionName } from '../../../src/core/names.js';
import { Secret } from '../../../src/core/secret.js';
import { makeConnection, makeFolder, openScratchStore } from './scratch-store.js';

const PASSWORD = `canary#"\\' ;é-at-rest`;
const PROD = toConnectionName('prod');
const encrypted = (text: string) => ({ password: new Secret(text), storage: 'encrypted' }) as const;

const readFolder = (folder: string): string =>
  readdirSync(folder)
    .map((entry) => readFileSync(join(folder, entry), 'latin1'))
    .join('\n');

const CONNECTIONS: readonly Connection[] = [
  makeConnection('prod'),
  makeConnection('local', {
    address: { kind: 'socket', path: '/run/mysqld.sock' },
    access: 'read-write',
    isProtected: true,
  }),
  makeConnection('日本-é.1', {
    tls: { mode: 'verify-identity', ca: '/etc/ssl/ca.pem' },
    passwordCommand: 'pass show "db"',
  }),
];

test.each(CONNECTIONS)('$name comes back as it was saved', async (connection) => {
  const { connections } = await openScratchStore({ now: () => new Date('2026-11-22T12:00:00Z') });
  await connections.save(connection, undefined);
  expect(await connections.find(connection.name)).toEqual({
    ...connection,
    hasPassword: false,
    createdAt: '2026-11-22T12:00:00.000Z',
  });
  expect(await connections.password(connection.name)).toBeUndefined();
});

test('what one store saved, the next one finds', async () => {
  const folder = makeFolder();
  const first = await openScratchStore({ folder });
  await first.connections.save(makeConnection('prod'), encrypted(PASSWORD));
  const second = await openScratchStore({ folder });
  expect((await second.connections.password(PROD))?.reveal()).toBe(PASSWORD);
  expect(await second.connections.find(toConnectionName('PROD'))).toBeUndefined();
});

const MYSQL = { server: 'MySQL 8.4.3', identity: 'one' };
const MARIADB = { server: 'MariaDB 11.8.2', identity: 'two' };

test('what is known of a server goes when the connection leads elsewhere', async () => {
  const { connections } = await openScratchStore();
  const files = { cert: '/me.pem', key: '/me.key', serverPublicKey: '/server.pem' };
  const tls = { mode: 'required', ...files } as const;
  await connections.save(makeConnection('prod', { tls }), undefined);
  await connections.touch(PROD, MYSQL);
  expect(await connections.find(PROD)).toMatchObject({ tls, serverIdentity: 'one' });
  const address = { kind: 'tcp', host: 'elsewhere', port: 3306 } as const;
  await connections.save(makeConnection('prod', { address }), undefined);
  const moved = await connections.find(PROD);
  expect(moved).not.toHaveProperty('serverIdentity');
  expect(moved).not.toHaveProperty('lastSeenServer');
});

test('the most recently used is listed first, then by name', async () => {
  let time = Date.parse('2026-11-22T12:00:00Z');
  const { connections } = await openScratchStore({ now: () => new Date((time += 1000)) });
  for (const name of ['never-b', 'old', 'never-a', 'new'])
    await connections.save(makeConnection(name), undefined);
  await connections.touch(toConnectionName('old'), MYSQL);
  await connections.touch(toConnectionName('new'), MARIADB);
  const listed = await connections.list();
  expect(listed.map(({ name, lastSeenServer }) => [name, lastSeenServer])).toEqual([
    ['new', 'MariaDB 11.8.2'],
    ['old', 'MySQL 8.4.3'],
    ['never-a', undefined],
    ['never-b', undefined],
  ]);
});

test('saving again replaces everything but when it was made and used', async () => {
  let time = Date.parse('2026-11-22T12:00:00Z');
  const { connections, folder } = await openScratchStore({ now: () => new Date((time += 1000)) });
  await connections.save(makeConnection('prod', { passwordCommand: 'x' }), encrypted('first-password'));
  await connections.touch(PROD, MYSQL);
  const sealed = readFolder(folder);
  await connections.save(makeConnection('prod', { user: 'other' }), undefined);
  expect(await connections.find(PROD)).toEqual({
    ...makeConnection('prod', { user: 'other' }),
    hasPassword: false,
    createdAt: '2026-11-22T12:00:01.000Z',
    lastUsedAt: '2026-11-22T12:00:02.000Z',
    lastSeenServer: 'MySQL 8.4.3',
    serverIdentity: 'one',
  });
  const [, ciphertext = 'none'] = /encrypted([A-Za-z0-9+/]{40,})/.exec(sealed) ?? [];
  expect(sealed).toContain(ciphertext);
  expect(readFolder(folder)).not.toContain(ciphertext);
});

test('under another name the password can still be read, and the old name is free', async () => {
  const { connections } = await openScratchStore();
  await connections.save(makeConnection('prod'), encrypted(PASSWORD));
  await connections.touch(PROD, MYSQL);
  const before = await connections.find(PROD);
  const [other, double] = ['other', 'double'].map(toConnectionName) as [ConnectionName, ConnectionName];
  await connections.rename(PROD, other);
  expect(await connections.find(PROD)).toBeUndefined();
  expect(await connections.find(other)).toEqual({ ...before, name: other });
  expect((await connections.password(other))?.reveal()).toBe(PASSWORD);
  await connections.duplicate(other, double);
  expect(await connections.find(double)).toMatchObject({
    passwordStorage: 'encrypted',
    serverIdentity: 'one',
  });
  expect(await connections.find(double)).not.toHaveProperty('lastUsedAt');
  expect((await connections.password(double))?.reveal()).toBe(PASSWORD);
  for (const give of ['rename', 'duplicate'] as const) {
    await expect(connections[give](other, double)).rejects.toMatchObject({ code: 'CONN_EXISTS' });
    await expect(connections[give](PROD, toConnectionName('free'))).rejects.toMatchObject({
      code: 'CONN_UNKNOWN',
    });
  }
});

test('an account that was let in without a password is known to have none, until one is saved', async () => {
  const { connections } = await openScratchStore();
  const passwordless = { ...MYSQL, isPasswordless: true };
  await connections.save(makeConnection('prod'), undefined);
  await connections.touch(PROD, MYSQL);
  expect(await connections.password(PROD)).toBeUndefined();
  await connections.touch(PROD, passwordless);
  expect((await connections.password(PROD))?.reveal()).toBe('');
  expect(await connections.find(PROD)).toMatchObject({ hasPassword: false, passwordStorage: 'none' });
  await connections.save(makeConnection('prod'), encrypted(PASSWORD));
  await connections.touch(PROD, passwordless);
  expect((await connections.password(PROD))?.reveal()).toBe(PASSWORD);
  await connections.save(makeConnection('prod'), encrypted(''));
  expect(await connections.find(PROD)).toMatchObject({ hasPassword: false, passwordStorage: 'none' });
});

test('several are deleted at once, or none when a name is unknown', async () => {
  const { connections } = await openScratchStore();
  for (const name of ['a', 'b', 'c']) await connections.save(makeConnection(name), undefined);
  const deletion = connections.delete(['a', 'x', 'y'].map(toConnectionName));
  await expect(deletion).rejects.toThrow('no connection is called "x", "y"');
  expect(await connections.list()).toHaveLength(3);
  await connections.delete(['a', 'c'].map(toConnectionName));
  expect((await connections.list()).map(({ name }) => name)).toEqual(['b']);
  expect(await connections.clear()).toBe(1);
  expect(await connections.list()).toEqual([]);
});

test('a password rests encrypted, and nothing in the folder shows it', async () => {
  const { connections, folder } = await openScratchStore();
  await connections.save(makeConnection('prod'), encrypted(PASSWORD));
  const written = readFolder(folder);
  for (const encoding of ['utf8', 'base64', 'hex'] as const)
    expect(written).not.toContain(Buffer.from(PASSWORD).toString(encoding));
  expect(await connections.find(PROD)).toMatchObject({ hasPassword: true, passwordStorage: 'encrypted' });
});

test('the same password is encrypted differently each time', async () => {
  const { connections, folder } = await openScratchStore();
  await connections.save(makeConnection('a'), encrypted(PASSWORD));
  await connections.save(makeConnection('b'), encrypted(PASSWORD));
  const sealed = [...readFolder(folder).matchAll(/encrypted([A-Za-z0-9+/]{20,}=*)/g)].map(
    (match) => match[1],
  );
  expect(new Set(sealed).size).toBe(2);
});

test('base64 storage is readable by whoever can read the file, and needs no key', async () => {
  const { connections, folder } = await openScratchStore();
  await connections.save(makeConnection('prod'), { password: new Secret(PASSWORD), storage: 'base64' });
  expect(readFolder(folder)).toContain(Buffer.from(PASSWORD).toString('base64'));
  expect(readdirSync(folder)).toEqual(['state.db']);
  expect((await connections.password(PROD))?.reveal()).toBe(PASSWORD);
});

const codeAndHints = async (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => 'resolved',
    (error: unknown) => (error instanceof SyncError ? [error.code, error.message, ...error.hints] : error),
  );

test.each<[string, (keyFile: string) => void, RegExp]>([
  [
    'missing',
    (keyFile) => rmSync(keyFile),
    /^prod: the kept password cannot be read: its key .* is missing$/,
  ],
  [
    'another one',
    (keyFile) => writeFileSync(keyFile, Buffer.alloc(32, 7)),
    /^prod: the kept password cannot be read: it was encrypted with another key than /,
  ],
])('a key that is %s asks for the password again', async (_, damage, message) => {
  const { connections, folder } = await openScratchStore();
  await connections.save(makeConnection('prod'), encrypted(PASSWORD));
  damage(join(folder, 'state.key'));
  expect(await codeAndHints(connections.password(PROD))).toEqual([
    'CONN_PASSWORD',
    expect.stringMatching(message),
    'Enter it again:      mysql-sync connections add prod --replace',
    'Without a terminal:  mysql-sync connections add prod --replace --password-stdin',
  ]);
  await connections.save(makeConnection('prod'), encrypted('the new one'));
  expect((await connections.password(PROD))?.reveal()).toBe('the new one');
});

test('a cut-off key is neither used nor overwritten', async () => {
  const { connections, folder } = await openScratchStore();
  await connections.save(makeConnection('prod'), encrypted(PASSWORD));
  writeFileSync(join(folder, 'state.key'), 'short');
  expect(await codeAndHints(connections.password(PROD))).toEqual(
    expect.arrayContaining(['CONN_PASSWORD', expect.stringContaining('has 5 bytes, not 32')]),
  );
  await expect(connections.save(makeConnection('b'), encrypted(PASSWORD))).rejects.toThrow('damaged');
  expect(readFileSync(join(folder, 'state.key'), 'utf8')).toBe('short');
});

test('one connection cannot be given the password of another', async () => {
  const { connections, folder } = await openScratchStore();
  await connections.save(makeConnection('prod'), encrypted(PASSWORD));
  const database = join(folder, 'state.db');
  // A rename inside the file, as somebody with write access could do.
  const bytes = readFileSync(database);
  for (let at = bytes.indexOf('proddb'); at !== -1; at = bytes.indexOf('proddb', at + 1))
    bytes.write('evil', at);
  for (let at = bytes.indexOf('prod'); at !== -1; at = bytes.indexOf('prod', at + 1)) bytes.write('evil', at);
  writeFileSync(database, bytes);
  const changed = await openScratchStore({ folder });
  expect(await codeAndHints(changed.connections.password(toConnectionName('evil')))).toEqual(
    expect.arrayContaining(['CONN_PASSWORD']),
  );
});

test('two stores that keep their first password at once agree on one key', async () => {
  const folder = makeFolder();
  const stores = [await openScratchStore({ folder }), await openScratchStore({ folder })] as const;
  await Promise.all(
    stores.map(({ connections }, index) =>
      connections.save(makeConnection(`c${index}`), encrypted(`password ${index}`)),
    ),
  );
  for (const index of [0, 1])
    expect((await stores[0].connections.password(toConnectionName(`c${index}`)))?.reveal()).toBe(
      `password ${index}`,
    );
  expect(readdirSync(folder).sort()).toEqual(['state.db', 'state.key']);
});
