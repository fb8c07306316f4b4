import {
  chmodSync,
  chownSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import knex from 'knex';
import { expect, onTestFinished, test } from 'vitest';
import { chooseDialect } from '../../../src/adapters/store/sqlite-dialect.js';
import { SyncError } from '../../../src/core/errors.js';
import { toConnectionName } from '../../../src/core/names.js';
import { Secret } from '../../../src/core/secret.js';
import { makeConnection, makeFolder, openScratchStore } from './scratch-store.js';

const modeOf = (path: string): string => (statSync(path).mode & 0o7777).toString(8);

const failureOf = async (promise: Promise<unknown>): Promise<SyncError> => {
  const error: unknown = await promise.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (error instanceof SyncError) return error;
  throw new Error('not refused', { cause: error });
};

/** A second process's connection to the file, closed after the test. */
const openRaw = async (file: string) => {
  const db = knex({
    client: await chooseDialect(),
    connection: { filename: file },
    useNullAsDefault: true,
    pool: { min: 1, max: 1 },
  });
  onTestFinished(async () => db.destroy());
  return db;
};

test('folder and files are private from the start, whatever the umask', async () => {
  const umask = process.umask(0);
  onTestFinished(() => {
    process.umask(umask);
  });
  const folder = join(makeFolder(), 'deep', 'state');
  const { connections, warnings } = await openScratchStore({ folder });
  await connections.save(makeConnection('a'), { password: new Secret('x'), storage: 'encrypted' });
  expect([folder, join(folder, 'state.db'), join(folder, 'state.key')].map(modeOf)).toEqual([
    '700',
    '600',
    '600',
  ]);
  expect(warnings).toEqual([]);
});

test('what others can read is made private, with a warning', async () => {
  const folder = makeFolder();
  const first = await openScratchStore({ folder });
  await first.connections.save(makeConnection('a'), { password: new Secret('x'), storage: 'encrypted' });
  chmodSync(folder, 0o755);
  chmodSync(join(folder, 'state.db'), 0o644);
  chmodSync(join(folder, 'state.key'), 0o660);
  const second = await openScratchStore({ folder });
  await second.connections.password(toConnectionName('a'));
  expect([folder, join(folder, 'state.db'), join(folder, 'state.key')].map(modeOf)).toEqual([
    '700',
    '600',
    '600',
  ]);
  expect(second.warnings.map((line) => /mode (\d+)/.exec(line)?.[1])).toEqual(['0755', '0644', '0660']);
});

test('a shared folder that holds other things is refused and not changed', async () => {
  const folder = makeFolder();
  writeFileSync(join(folder, 'index.html'), '');
  chmodSync(folder, 0o755);
  expect(await failureOf(openScratchStore({ folder }))).toMatchObject({
    code: 'STORE_INSECURE',
    message: `the state folder ${folder} is open to others (mode 0755) and holds other things`,
  });
  expect(modeOf(folder)).toBe('755');
});

test('symbolic links are refused: folder, database and key', async () => {
  const base = makeFolder();
  const real = join(base, 'real');
  const linked = join(base, 'linked');
  mkdirSync(real, { mode: 0o700 });
  symlinkSync(real, linked);
  expect(await failureOf(openScratchStore({ folder: linked }))).toMatchObject({ code: 'STORE_INSECURE' });

  writeFileSync(join(base, 'elsewhere'), '', { mode: 0o600 });
  symlinkSync(join(base, 'elsewhere'), join(real, 'state.db'));
  expect(await failureOf(openScratchStore({ folder: real }))).toMatchObject({
    code: 'STORE_INSECURE',
    message: expect.stringContaining(`${join(real, 'state.db')} is a symbolic link`) as string,
  });
  expect(readFileSync(join(base, 'elsewhere'), 'utf8')).toBe('');

  const other = await openScratchStore();
  symlinkSync(join(base, 'elsewhere'), join(other.folder, 'state.key'));
  const saving = other.connections.save(makeConnection('a'), {
    password: new Secret('x'),
    storage: 'encrypted',
  });
  expect(await failureOf(saving)).toMatchObject({ code: 'STORE_INSECURE' });
});

test.runIf(process.getuid?.() === 0)("somebody else's files are refused", async () => {
  const { folder } = await openScratchStore();
  chownSync(join(folder, 'state.db'), 12345, 12345);
  expect(await failureOf(openScratchStore({ folder }))).toMatchObject({
    code: 'STORE_INSECURE',
    message: `${join(folder, 'state.db')} belongs to another user (uid 12345; you are uid 0)`,
  });
});

test('a folder that cannot be made is named', async () => {
  const base = makeFolder();
  writeFileSync(join(base, 'file'), '');
  expect(await failureOf(openScratchStore({ folder: join(base, 'file', 'state') }))).toMatchObject({
    code: 'STORE_UNUSABLE',
    message: expect.stringContaining(join(base, 'file', 'state')) as string,
  });
});

test.each([
  ['text', Buffer.from('this is no database, and long enough to be looked at'.repeat(50))],
  ['a database that was cut and overwritten', undefined],
])('a damaged file (%s) is named and left as it is', async (_, content) => {
  const first = await openScratchStore();
  await first.connections.save(makeConnection('a'), undefined);
  await first.close();
  const file = join(first.folder, 'state.db');
  const damaged = content ?? Buffer.concat([readFileSync(file).subarray(0, 600), Buffer.alloc(5000, 0xff)]);
  writeFileSync(file, damaged);
  const reading = openScratchStore({ folder: first.folder }).then(({ connections }) => connections.list());
  expect(await failureOf(reading)).toMatchObject({
    code: 'STORE_UNUSABLE',
    message: expect.stringMatching(
      /state\.db is damaged and was left as it is \(SQLITE_(NOTADB 26|CORRUPT 11)\)$/,
    ) as string,
    hints: [expect.stringContaining(`mv ${file} ${file}.damaged`), expect.any(String)] as string[],
  });
  expect(readFileSync(file).equals(damaged)).toBe(true);
});

test('a locked file is waited for, then named', async () => {
  const { connections, folder } = await openScratchStore({ busyTimeoutMilliseconds: 100 });
  const file = join(folder, 'state.db');
  const other = await openRaw(file);
  await other.raw('BEGIN EXCLUSIVE');
  expect(await failureOf(connections.list())).toMatchObject({
    code: 'STORE_UNUSABLE',
    message: `${file} is locked by another process; waited 0.1 s (SQLITE_BUSY 5)`,
  });
  await other.raw('COMMIT');
  expect(await connections.list()).toEqual([]);
});

test('a failing statement never shows what was to be written', async () => {
  const { connections, folder } = await openScratchStore({ busyTimeoutMilliseconds: 10 });
  const other = await openRaw(join(folder, 'state.db'));
  await other.raw('BEGIN EXCLUSIVE');
  const password = new Secret('canary-in-statement');
  const failure = await failureOf(connections.save(makeConnection('a'), { password, storage: 'base64' }));
  const shown = [failure.message, ...failure.hints, String(failure.cause), failure.stack].join('\n');
  expect(shown).not.toContain(Buffer.from('canary-in-statement').toString('base64'));
  expect(shown).not.toContain('canary-in-statement');
});

test('the store of a newer version is refused', async () => {
  const store = await openScratchStore();
  await store.close();
  const file = join(store.folder, 'state.db');
  await (await openRaw(file)).raw('PRAGMA user_version = 99');
  expect(await failureOf(openScratchStore({ folder: store.folder }))).toMatchObject({
    code: 'STORE_UNUSABLE',
    message: expect.stringContaining(`${file} was written by a newer mysql-sync (store version 99`) as string,
  });
});

test('a store that was opened and closed leaves no other files', async () => {
  const store = await openScratchStore();
  await store.connections.save(makeConnection('a'), undefined);
  await store.close();
  expect(readdirSync(store.folder)).toEqual(['state.db']);
});
