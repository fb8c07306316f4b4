import { type SpawnSyncReturns, execFile, spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import knex from 'knex';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { type Rig, startRig } from '../support/rig.js';
import { mountSmallDisk } from '../support/small-disk.js';

/** What a machine can be like. Each condition ends with a code, a message and a fix, and never with BUG or a stack. */

interface Expected {
  readonly code: string;
  readonly exit: number;
  readonly message: RegExp;
  /** In one of the lines below the message. */
  readonly fix: RegExp;
}

type Result = Pick<SpawnSyncReturns<string>, 'stdout' | 'stderr' | 'status'>;

const expectCondition = (
  { stdout, stderr, status }: Result,
  { code, exit, message, fix }: Expected,
): void => {
  const text = `${stdout}${stderr}`;
  expect(text).not.toContain('BUG');
  expect(text).not.toMatch(/^ +at .*:\d+:\d+/m);
  const [first = '', ...below] = text.slice(text.indexOf(`error[${code}]`)).split('\n');
  expect(first).toContain(`error[${code}]`);
  expect(first).toMatch(message);
  expect(below.join('\n')).toMatch(fix);
  expect(status).toBe(exit);
};

const scratch = mkdtempSync(join(tmpdir(), 'mysql-sync-conditions-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

const BIN = resolve(import.meta.dirname, '../../bin/run.js');

/** Through a shell, for streams that Node itself cannot open like that. */
const run = (
  argv: readonly string[],
  {
    home,
    stdin = '</dev/null',
    env = {},
  }: { readonly home: string; readonly stdin?: string; readonly env?: Readonly<Record<string, string>> },
): Promise<Result> =>
  // Not waited for in one piece: the link to a server that is far away runs in this process.
  new Promise((resolve) => {
    const child = execFile(
      '/bin/sh',
      ['-c', `exec "$0" "$@" ${stdin}`, process.execPath, BIN, ...argv],
      {
        cwd: scratch,
        env: { PATH: process.env['PATH'] ?? '', HOME: home, MYSQL_SYNC_HOME: home, ...env },
        timeout: 60_000,
      },
      (_, stdout, stderr) => resolve({ stdout, stderr, status: child.exitCode }),
    );
  });

const makeHome = (): string => {
  const home = mkdtempSync(join(scratch, 'home-'));
  onTestFinished(() => rmSync(home, { recursive: true, force: true }));
  return home;
};

const ADD = ['connections', 'add', 'prod', '--host', '127.0.0.1', '--user', 'u', '--no-test'];
const PASSWORD_OF = [...ADD, '--password-env', 'PW'];
const PW = { PW: 'secret' };

describe('stdin that cannot be read', () => {
  const unreadable = `0>>${join(scratch, 'written')}`;
  const expected = { code: 'INPUT_INVALID', exit: 5, message: /cannot read stdin \(EBADF\)/, fix: /< FILE/ };
  test.each<[string, readonly string[]]>([
    ['a plan', ['plan', '-']],
    ['a password', [...ADD, '--password-stdin']],
  ])('%s', async (_, argv) =>
    expectCondition(await run(argv, { home: makeHome(), stdin: unreadable }), expected),
  );
});

describe('a state folder', () => {
  const disk = mountSmallDisk(256 * 1024, 'a state folder on a full disk and on one that is read-only');
  afterAll(() => disk?.unmount());
  const unusable = { code: 'STORE_UNUSABLE', exit: 5, fix: /MYSQL_SYNC_HOME/ };

  test.runIf(disk)('on a disk that became full: no password is kept', async () => {
    const home = join(disk?.folder ?? '', 'full');
    expect((await run(['history'], { home })).status).toBe(0);
    disk?.fill();
    const result = await run(PASSWORD_OF, { home, env: PW });
    disk?.empty();
    expectCondition(result, { ...unusable, message: /cannot make .*state\.key: ENOSPC/ });
  });

  test.runIf(disk)('on a disk that became read-only', async () => {
    const home = join(disk?.folder ?? '', 'read-only');
    expect((await run(['history'], { home })).status).toBe(0);
    disk?.makeReadOnly();
    expectCondition(await run(PASSWORD_OF, { home, env: PW }), {
      ...unusable,
      message: /cannot make .*state\.key: EROFS/,
    });
    expectCondition(await run(['config', 'set', 'batch.max_concurrent', '2'], { home }), {
      code: 'INPUT_INVALID',
      exit: 5,
      message: /cannot write the config file .*config\.yaml \(EROFS\)/,
      fix: /MYSQL_SYNC_HOME/,
    });
  });

  test.runIf(disk).each(['never-made', 'never-made/deeper'])(
    '%s on a disk that is read-only: it says so and ends',
    async (folder) => {
      const home = join(disk?.folder ?? '', folder);
      for (const argv of [['history'], ['connections', 'list']])
        expectCondition(await run(argv, { home }), {
          ...unusable,
          message: /cannot make .*never-made.*: EROFS/,
        });
    },
  );

  test.each<[string, string, RegExp]>([
    ['without its tables', 'DROP TABLE outcomes; DROP TABLE runs', /state\.db is damaged.*no such table/],
    [
      'of another program',
      'DROP TABLE outcomes; PRAGMA user_version = 0',
      /state\.db is damaged.*already exists/,
    ],
    [
      'with a row that is cut off',
      `INSERT INTO runs VALUES ('a', '2026-01-01T00:00:00.000Z', NULL, NULL, 'p', 'p', '{"id": "a')`,
      /state\.db is damaged.*JSON/,
    ],
    [
      'with a row that another program wrote',
      `INSERT INTO runs VALUES ('a', '2026-01-01T00:00:00.000Z', NULL, NULL, 'p', 'p', '{"id": "a", "plan": "p", "source": {}, "target": {}, "databases": []}')`,
      /state\.db is damaged.*a run in it is not as mysql-sync writes it/,
    ],
  ])('%s', async (_, sql, message) => {
    const home = makeHome();
    await run(['history'], { home });
    const connection = { filename: join(home, 'state.db') };
    const db = knex({ client: 'sqlite3', connection, useNullAsDefault: true });
    for (const statement of sql.split('; ')) await db.raw(statement);
    await db.destroy();
    expectCondition(await run(['history'], { home }), { ...unusable, message, fix: /mv .*state\.db/ });
  });
});

describe('an apply of the dump engine', () => {
  let rig: Rig;
  let plan: string;
  beforeAll(async () => {
    rig = await startRig();
    await rig.source.query('CREATE DATABASE shop; CREATE TABLE shop.t (id INT PRIMARY KEY)');
    await rig.source.query('INSERT INTO shop.t VALUES (1)');
    plan = rig.writePlan('databases:\n  - name: shop\noptions: {engine: dump}');
  });
  afterAll(async () => rig.stop());

  const apply = (env: Readonly<Record<string, string>>): Promise<Result> =>
    run(['apply', plan, '--no-input', '--auto-approve', '--confirm-target', 'staging'], {
      home: rig.home,
      env: { ...rig.env, MYSQL_SYNC_CONNECTIONS_MAX_RETRIES: '0', ...env },
    });
  const failed = { code: 'COPY_FAILED', exit: 3 };

  const disk = mountSmallDisk(64 * 1024, 'a folder of temporary files on a full disk');
  afterAll(() => disk?.unmount());
  const file = join(scratch, 'no-folder');
  writeFileSync(file, '');
  test.each<[string, string, RegExp]>([
    ['is not there', join(scratch, 'missing'), /ENOENT/],
    ['is a file', file, /ENOTDIR/],
    ...(disk ? [['is on a full disk', disk.folder, /ENOSPC/] as [string, string, RegExp]] : []),
  ])('whose TMPDIR %s', async (_, folder, reason) => {
    if (folder === disk?.folder) disk.fill();
    const result = await apply({ TMPDIR: folder });
    expectCondition(result, { ...failed, message: /option file .* cannot be written in/, fix: /TMPDIR/ });
    expect(result.stdout).toMatch(reason);
  });

  /** A program that answers as mariadb-dump does what it can do, and then does this. */
  const fakeDump = (body: string): string => {
    const folder = mkdtempSync(join(scratch, 'bin-'));
    const real = spawnSync('/bin/sh', ['-c', 'command -v mariadb-dump'], { encoding: 'utf8' }).stdout.trim();
    const path = join(folder, 'mariadb-dump');
    writeFileSync(path, `#!/bin/sh\ncase "$*" in *--version*|*--help*) exec ${real} "$@";; esac\n${body}\n`);
    chmodSync(path, 0o755);
    return `${folder}:${process.env['PATH'] ?? ''}`;
  };

  test.each<[string, string, RegExp]>([
    ['is killed', 'kill -SEGV $$', /mariadb-dump could not read prod: it was killed by SIGSEGV/],
    ['ends without a word', 'exit 1', /mariadb-dump could not read prod: it ended with exit code 1/],
    ['writes garbage', 'head -c 100000 /dev/urandom', /cannot be trusted/],
    ['writes without end', 'exec yes', /cannot be trusted/],
  ])('whose program %s', async (_, body, message) => {
    expectCondition(await apply({ PATH: fakeDump(body) }), { ...failed, message, fix: /engine: native/ });
  });

  test.each<[string, (path: string) => void]>([
    ['a folder', (path) => mkdirSync(path)],
    ['not executable', (path) => writeFileSync(path, 'x')],
    ['no program of this machine', (path) => writeFileSync(path, '\x7fELF garbage', { mode: 0o755 })],
    [
      'a script for a shell that is not there',
      (path) => writeFileSync(path, '#!/no/such\n', { mode: 0o755 }),
    ],
    ['another program', (path) => writeFileSync(path, '#!/bin/sh\necho hello\n', { mode: 0o755 })],
  ])('where mariadb-dump is %s', async (_, make) => {
    const folder = mkdtempSync(join(scratch, 'bin-'));
    make(join(folder, 'mariadb-dump'));
    expectCondition(await apply({ PATH: folder }), {
      code: 'TOOL_MISSING',
      exit: 5,
      message: /Neither mariadb-dump nor mysqldump is in PATH/,
      fix: /apt install[^]*engine: native/,
    });
  });
});
