import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  formatMaskLock,
  readMaskLock,
  writeMaskLock,
} from '../../../src/adapters/plan-file/mask-lock-file.js';
import { type MaskLock, lockPathOf } from '../../../src/core/mask/mask-lock.js';
import { InvalidFileError } from '../../../src/core/plan/diagnostic.js';
import { SyncError } from '../../../src/core/errors.js';

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'mysql-sync-lock-'));
  path = join(folder, 'shop.mask.lock.yaml');
});
afterEach(() => rmSync(folder, { recursive: true }));

const COLUMNS: MaskLock['columns'] = new Map([
  [
    'shop.users.nick',
    { decision: { kind: 'keep' }, type: 'varchar(9)', isUnique: false, reason: 'it\'s "public"\u202e' },
  ],
  ['shop.users.email', { decision: { kind: 'email' }, type: "enum('a','ö')", isUnique: true }],
  [
    's\\*op.a\\.b.c',
    {
      decision: { kind: 'json', paths: [{ path: '$.a', rule: { kind: 'null' } }] },
      type: 'json',
      isUnique: false,
    },
  ],
  ['shop.users.x', { decision: { kind: 'sql', sql: 'a\n  b' }, type: 'text', isUnique: false }],
]);

test('a lock is a sorted line a column, and reads as it was written', async () => {
  await writeMaskLock(path, COLUMNS);
  const lock = await readMaskLock(path);
  expect(lock?.columns).toEqual(COLUMNS);
  expect(lock?.digest).toMatch(/^[0-9a-f]{64}$/);
  const lines = formatMaskLock(COLUMNS).split('\n').slice(4, -1);
  expect(lines).toHaveLength(4);
  expect(lines[1]).toBe(`  "shop.users.email": {"mask":"email","type":"enum('a','ö')","unique":true}`);
  expect(lines.join('\n')).not.toMatch(/\u202e/);
});

test('a lock of many columns is read', async () => {
  const many: MaskLock['columns'] = new Map(
    Array.from({ length: 20_000 }, (_, index) => [
      `shop.t.c${index}`,
      { decision: { kind: 'keep' as const }, type: 'int', isUnique: true },
    ]),
  );
  await writeMaskLock(path, many);
  expect((await readMaskLock(path))?.columns.size).toBe(20_000);
});

test('no lock is none, and an empty one is no lock', async () => {
  expect(await readMaskLock(path)).toBeUndefined();
  await writeMaskLock(path, new Map());
  expect((await readMaskLock(path))?.columns.size).toBe(0);
});

test('a folder is no lock', async () => {
  await expect(readMaskLock(folder)).rejects.toBeInstanceOf(SyncError);
});

describe('a lock that somebody edited', () => {
  test.each([
    ['', 1, 'the file is empty'],
    ['version: 2\ncolumns: {}\n', 1, 'the version of a lock file is 1'],
    ['version: 1\ncolumns: []\n', 2, 'columns holds a line for each column'],
    ['version: 1\ncolumns: {}\nkeep: all\n', 3, 'this key is not known here'],
    ['version: 1\ncolumns:\n  a.b: {mask: keep, type: int}\n', 3, 'DATABASE.TABLE.COLUMN'],
    ['version: 1\ncolumns:\n  a.b.c: keep\n', 3, 'a column has a mask and a type'],
    ['version: 1\ncolumns:\n  a.b.c: {mask: kep, type: int}\n', 3, 'there is no mask "kep"'],
    ['version: 1\ncolumns:\n  a.b.c: {mask: keep}\n', 3, 'the type of the column is missing'],
    ['version: 1\ncolumns:\n  a.b.c: {type: int}\n', 3, 'the mask is missing'],
    ['version: 1\ncolumns:\n  a.b.c: {mask: keep, type: int, uniq: true}\n', 3, 'known here are'],
    ['version: 1\ncolumns:\n  a.b.c: {mask: keep, type: int, reason: 1}\n', 3, 'a reason is text'],
    [
      'version: 1\ncolumns:\n  a.b.c: {mask: keep, type: int}\n  a.b.c: {mask: email, type: int}\n',
      4,
      'second time',
    ],
    ['version: 1\ncolumns:\n<<<<<<< ours\n  a.b.c: {mask: keep, type: int}\n', 4, ''],
    ['root:x:0:0\nkey: hunter2\n', 2, 'this is not a lock file of masks'],
  ])('%j', async (text, line, message) => {
    writeFileSync(path, text);
    const error = await readMaskLock(path).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(InvalidFileError);
    const [first] = (error as InvalidFileError).diagnostics;
    expect(first?.line).toBe(line);
    expect(first?.message).toContain(message);
    expect(JSON.stringify(error)).not.toContain('hunter2');
  });
});

test.each([
  ['plans/shop.yaml', 'plans/shop.mask.lock.yaml'],
  ['shop.yml', 'shop.mask.lock.yaml'],
  ['plans/shop', 'plans/shop.mask.lock.yaml'],
  ['a/.yaml', 'a/.yaml.mask.lock.yaml'],
])('the lock of %s is %s', (plan, lock) => {
  expect(lockPathOf(plan)).toBe(lock);
});
