import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { createDumpEngine } from '../../../src/adapters/dump/dump-engine.js';
import { SyncError } from '../../../src/core/errors.js';
import type { CopyProgress } from '../../../src/core/run/run-event.js';
import type { CopyJob } from '../../../src/engine/ports/row-engine.js';
import { type CopyRig, copyRows, readRows, startCopyRig } from '../../contracts/copy-rig.js';
import { ROOT } from '../../support/servers.js';
import { type FakeClients, fakeClients } from './fake-clients.js';

let rig: CopyRig;
let temporaryFolder: string;
let clients: FakeClients | undefined;
beforeAll(async () => {
  temporaryFolder = mkdtempSync(join(tmpdir(), 'mysql-sync-dump-'));
  rig = await startCopyRig();
  await rig.source.query(
    `CREATE DATABASE shop; USE shop; CREATE TABLE a (id INT PRIMARY KEY, x CHAR(100)); CREATE TABLE b LIKE a; CREATE TABLE c (id INT);
     INSERT INTO a SELECT seq, REPEAT('a', 100) FROM numbers.n WHERE seq <= 20000; INSERT INTO b SELECT seq, REPEAT('b', 100) FROM numbers.n WHERE seq <= 20000`,
  );
});
afterAll(async () => {
  await rig.stop();
  rmSync(temporaryFolder, { recursive: true });
});
afterEach(() => {
  expect(readdirSync(temporaryFolder)).toEqual([]);
  clients?.remove();
  clients = undefined;
  vi.unstubAllEnvs();
});

const engineWith = (scripts: Parameters<typeof fakeClients>[0]): ReturnType<typeof createDumpEngine> => {
  clients = fakeClients(scripts);
  return createDumpEngine({ path: clients.path, temporaryFolder });
};

/** Copies `shop` with fakes in the place of the clients and returns what it failed with. */
const failWith = async (scripts: Parameters<typeof fakeClients>[0]): Promise<SyncError> => {
  const engine = engineWith(scripts);
  const failure: unknown = await copyRows(engine, await rig.stage('shop')).catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(SyncError);
  return failure as SyncError;
};

/** A loader that tells whether it was allowed to see the end of its input. */
const WATCHING_LOADER = `"$REAL" "$@" 3<&3; echo "$?" > "$FOLDER/loader-saw-the-end"`;

describe('a dump that is not whole is never taken for one', () => {
  const DUMP_BYTES = 4_300_000;
  const offsets = [0, 1, 30, 800, 1_000, 1_200, 1_500, 70_001, 1_048_576, 2_222_222, DUMP_BYTES - 1_000];

  test.each(offsets)('killed after %i bytes', async (bytes) => {
    const error = await failWith({
      dump: `"$REAL" "$@" 3<&3 2>/dev/null | head -c ${bytes}; kill -9 $$`,
      loader: WATCHING_LOADER,
    });
    expect(error).toMatchObject({ code: 'COPY_FAILED' });
    expect(error.message).toMatch(/^shop: mariadb-dump could not read .*prod: it was killed by SIGKILL$/);
    expect(clients?.list()).not.toContain('loader-saw-the-end');
  });

  test.each(offsets)('cut off after %i bytes, with exit code 0', async (bytes) => {
    const error = await failWith({
      dump: `"$REAL" "$@" 3<&3 2>/dev/null | head -c ${bytes}; exit 0`,
      loader: WATCHING_LOADER,
    });
    expect(error.message).toMatch(/^shop: the dump that mariadb-dump made of prod cannot be trusted: it /);
    expect(clients?.list()).not.toContain('loader-saw-the-end');
  });

  test.each([
    [
      'without its last line',
      `"$REAL" "$@" 3<&3 | head -n -1`,
      /it was cut off: its last line is not "-- Dump completed"/,
    ],
    ['with a line behind the trailer', `"$REAL" "$@" 3<&3; echo SELECT 1`, /no dump of rows has: "SELECT 1"/],
    [
      "with a line break in the server's version, and a statement behind it",
      `"$REAL" "$@" 3<&3 | sed 's/^-- Server version.*/&\\nDROP DATABASE victim;/'`,
      /no dump of rows has: "DROP DATABASE victim;"/,
    ],
    [
      'with a command of the client in it',
      `"$REAL" "$@" 3<&3 | sed 's/^-- Server version.*/&\\n\\\\! id/'`,
      /no dump of rows has: "\\! id"/,
    ],
    [
      'with a statement behind rows',
      `"$REAL" "$@" 3<&3 | sed 's/);$/); DROP DATABASE victim;/'`,
      /no dump of rows has: " DROP DATABASE victim;"/,
    ],
    [
      'with a query among rows',
      `"$REAL" "$@" 3<&3 | sed 's/^(\\([0-9]\\)/((SELECT \\1)/'`,
      /no list of rows has: "\(SELECT/,
    ],
    [
      'with header and trailer only',
      `"$REAL" "$@" 3<&3 | sed -e '/^INSERT/,/;$/d' -e '/Dumping data/d'`,
      /it leaves out a, b, c\./,
    ],
    ['without one table', `"$REAL" "\${@:1:$#-1}" 3<&3`, /it leaves out c/],
    [
      'with a table too many',
      `"$REAL" "$@" 3<&3 | sed 's/data for table .c./data for table \`d\`/'`,
      /not asked for: `d`/,
    ],
    [
      'in another character set',
      `"$REAL" "$@" 3<&3 | sed 's/SET NAMES utf8mb4/SET NAMES latin1/'`,
      /does not say SET NAMES utf8mb4/,
    ],
  ])('%s', async (_, dump, message) => {
    const error = await failWith({ dump, loader: WATCHING_LOADER });
    expect(error).toMatchObject({ code: 'COPY_FAILED', message: expect.stringMatching(message) as string });
    expect(clients?.list()).not.toContain('loader-saw-the-end');
  });

  test.each([
    [
      `"$REAL" "$@" 3<&3; exit 3`,
      // The table that was relayed last when its end was heard of.
      /mariadb-dump could not read [abc] on prod: it ended with exit code 3 before it was done/,
    ],
    [
      `"$REAL" "$@" 3<&3; echo "mysqldump: Error: 'Access denied (1227)' when trying to dump tablespaces" >&2`,
      /Access denied \(1227\)/,
    ],
    [`"$REAL" "$1" --no-such-flag 3<&3`, /unknown option '--no-such-flag'/],
    [`exit 0`, /cannot be trusted: it was cut off/],
  ])('whatever it says or returns (%#)', async (dump, message) => {
    const error = await failWith({ dump, loader: WATCHING_LOADER });
    expect(error).toMatchObject({ code: 'COPY_FAILED', message: expect.stringMatching(message) as string });
    expect(clients?.list()).not.toContain('loader-saw-the-end');
  });
});

describe('a loader that does not take everything', () => {
  test.each([
    [
      'head -c 1000000 > /dev/null; echo "ERROR 1114 (HY000) at line 30: The table is full" >&2; exit 1',
      /mariadb could not load rows of a into staging: The table is full \(error 1114\)$/,
    ],
    ['head -c 1000 > /dev/null; exit 0', /it ended with exit code 0 before it was done/],
    ['head -c 1000 > /dev/null; kill -9 $$', /it was killed by SIGKILL/],
    ['exit 1', /it ended with exit code 1/],
    ['cat > /dev/null; exit 4', /it ended with exit code 4/],
    ['cat > /dev/null; echo "something odd" >&2', /something odd/],
    ['"$REAL" "$@" --no-such-flag 3<&3', /unknown option '--no-such-flag'/],
  ])('is the cause, whatever becomes of the dump (%#)', async (loader, message) => {
    const error = await failWith({ loader });
    expect(error).toMatchObject({ code: 'COPY_FAILED', message: expect.stringMatching(message) as string });
  });

  // 4 MiB wait in this process, and a dump can be over before its loader has read them.
  test('a loader that is content before it has read what is left of a finished dump', async () => {
    const error = await failWith({
      dump: `echo $$ > "$FOLDER/dump"; exec "$REAL" "$@" 3<&3`,
      loader: `head -c 1000000 > /dev/null; while kill -0 "$(cat "$FOLDER/dump")"; do sleep 0.01; done 2> /dev/null; exit 0`,
    });
    expect(error.message).toContain('it ended with exit code 0 before it was done');
  });

  test('the end of the dump does not hide the cause', async () => {
    const error = await failWith({
      dump: `"$REAL" "$@" 3<&3 || { echo "mysqldump: Got errno 32 on write" >&2; exit 5; }`,
      loader: 'echo "ERROR 1064 (42000) at line 1: oops" >&2; exit 1',
    });
    expect(error.message).toBe('shop: mariadb could not load into staging: oops (error 1064)');
  });

  test('a program that cannot be started', async () => {
    const engine = engineWith({});
    const job = await rig.stage('shop');
    await engine.prepare(job.sourceFacts, job.targetFacts);
    clients?.remove();
    await expect(engine.copy(job, () => undefined, new AbortController().signal)).rejects.toMatchObject({
      code: 'COPY_FAILED',
      message: expect.stringMatching(/^shop: .*\/mariadb could not be started: .*ENOENT/) as string,
    });
  });
});

describe('errors of real clients', () => {
  const failCopy = async (
    job: CopyJob,
    report: (progress: CopyProgress) => void = () => undefined,
  ): Promise<SyncError> => {
    const engine = createDumpEngine({ path: '/usr/bin:/bin', temporaryFolder });
    const failure: unknown = await engine
      .copy(job, report, new AbortController().signal)
      .catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(SyncError);
    return failure as SyncError;
  };

  test('a row that the target refuses: table and number, but not the rows of the statement', async () => {
    const job = await rig.stage('shop');
    await rig.target.query(`INSERT INTO ${job.into}.b VALUES (19999, 'x')`);
    const error = await failCopy(job);
    expect(error.message).toBe(
      "shop: mariadb could not load rows of b into staging: Duplicate entry '19999' for key 'PRIMARY' (error 1062)",
    );
  });

  test('a table that went away', async () => {
    const job = await rig.stage('shop');
    const [first] = job.tables;
    if (!first) throw new Error('no tables');
    const error = await failCopy({
      ...job,
      tables: [{ ...first, table: { ...first.table, name: 'gone' as never } }],
    });
    expect(error.message).toMatch(/mariadb-dump could not read prod: Couldn't find table: "gone"/);
  });

  test('a condition that the source refuses', async () => {
    const error = await failCopy(await rig.stage('shop', { where: { a: 'nosuch = 1' } }));
    expect(error.message).toMatch(
      /mariadb-dump could not read a on prod: .*Unknown column 'nosuch' in .*1054/i,
    );
  });

  test.each(['source', 'target'] as const)('a wrong password at the %s', async (role) => {
    const job = await rig.stage('shop', { [role]: { user: 'stranger' } });
    const error = await failCopy(job);
    expect(error.message).toMatch(/^(?=.*1045).*Access denied for user 'stranger'/);
    expect(JSON.stringify([error.message, error.hints])).not.toContain(ROOT.password);
  });

  test('a target that stands still for longer than the source waits', async () => {
    await rig.source.query('SET GLOBAL net_write_timeout = 1');
    await rig.source.query(
      "CREATE DATABASE slow; USE slow; CREATE TABLE t (x CHAR(200)); INSERT INTO t SELECT REPEAT('x', 200) FROM numbers.n WHERE seq <= 300000",
    );
    const job = await rig.stage('slow');
    const isReading = async (): Promise<boolean> => {
      const sessions = await rig.source.query(
        "SELECT 1 FROM information_schema.PROCESSLIST WHERE DB = 'slow'",
      );
      return sessions.length > 0;
    };
    try {
      let isFrozen = false;
      const failing = failCopy(job, ({ bytes }) => {
        if (isFrozen || bytes === 0) return;
        isFrozen = true;
        rig.target.kill('SIGSTOP');
      });
      await expect.poll(isReading, { timeout: 30_000 }).toBe(true);
      await expect.poll(isReading, { timeout: 50_000 }).toBe(false);
      rig.target.kill('SIGCONT');
      const error = await failing;
      expect(error.message).toMatch(
        /^slow: mariadb-dump could not read t on prod: Error 2013: Lost connection/,
      );
      expect(error.hints.join('\n')).toMatch(/SET GLOBAL net_write_timeout/);
      expect(error.isTransient).toBe(true);
    } finally {
      rig.target.kill('SIGCONT');
      await rig.source.query('SET GLOBAL net_write_timeout = DEFAULT');
    }
  });

  test('a row larger than the target takes', async () => {
    await rig.source.query(
      "CREATE DATABASE fat; CREATE TABLE fat.t (b LONGBLOB); INSERT INTO fat.t VALUES (REPEAT('x', 12000000))",
    );
    const error = await failCopy(await rig.stage('fat'));
    expect(error.message).toMatch(/could not load .*(2006|1153|2013)/);
    expect(error.hints.join('\n')).toMatch(/max_allowed_packet/);
  });
});

describe('what a client gets to know', () => {
  test('no secret stands in argv or environment, and nothing of the person decides the job', async () => {
    const home = mkdtempSync(join(tmpdir(), 'mysql-sync-home-'));
    writeFileSync(
      join(home, '.my.cnf'),
      '[client]\nnosuchthing=1\nhost=nowhere\n[mysqldump]\nwhere="1=0"\ncompact\n',
    );
    writeFileSync(join(home, '.mylogin.cnf'), 'garbage');
    const variables = {
      HOME: home,
      MYSQL_HOST: 'nowhere',
      MYSQL_PWD: 'wrong',
      MYSQL_TCP_PORT: '1',
      MYSQL_UNIX_PORT: '/x',
      MYSQL_GROUP_SUFFIX: '_x',
      MARIADB_HOST: 'nowhere',
    };
    for (const [name, value] of Object.entries(variables)) vi.stubEnv(name, value);
    const spy = (role: string): string =>
      `tr '\\0' '\\n' < /proc/$$/cmdline > "$FOLDER/${role}.argv"; tr '\\0' '\\n' < /proc/$$/environ > "$FOLDER/${role}.env"; cut -d' ' -f5,6,7 /proc/$$/stat > "$FOLDER/${role}.group"; echo $$ >> "$FOLDER/${role}.group"; exec "$REAL" "$@"`;
    const engine = engineWith({ dump: spy('dump'), loader: spy('loader') });
    const { copied } = await copyRows(engine, await rig.stage('shop'));
    expect(copied.map(({ rows }) => rows)).toEqual([20_000, 20_000, 0]);
    for (const role of ['dump', 'loader']) {
      const [argv = '', environment = '', group = ''] = ['argv', 'env', 'group'].map((kind) =>
        clients?.read(`${role}.${kind}`),
      );
      expect(argv).toContain('--defaults-file=/dev/fd/3');
      expect(argv).not.toMatch(
        new RegExp(`canary|${ROOT.user}|127\\.0\\.0\\.1|${rig.source.port}|${rig.target.port}`),
      );
      expect(
        environment
          .split('\n')
          .map((line) => line.replace(/=.*/, ''))
          .filter(Boolean)
          .sort(),
      ).toEqual(['LANG', 'PATH']);
      // A process group and a session of its own, without a terminal: Ctrl-C goes to the tool alone.
      const [groupId, sessionId, terminal, pid] = group.trim().split(/\s+/);
      expect([groupId, sessionId, terminal]).toEqual([pid, pid, '0']);
    }
    rmSync(home, { recursive: true });
  });

  test('the rows arrive also when the option file goes by its path', async () => {
    const engine = createDumpEngine({ path: '/usr/bin:/bin', temporaryFolder, transport: 'path' });
    const job = await rig.stage('shop');
    await copyRows(engine, job);
    expect(await readRows(rig.target, job.into)).toEqual(await readRows(rig.source, 'shop'));
  });

  test.each(['/*!999999\\- enable the sandbox mode */', '/*M!999999\\- enable the sandbox mode */ '])(
    'the loader never sees %j',
    async (line) => {
      const engine = engineWith({
        dump: `printf '%s\\n' '${line}'; "$REAL" "$@" 3<&3 | grep -av '^/\\*M*!999999'`,
        loader: `tee "$FOLDER/stream" | "$REAL" "$@" 3<&3`,
      });
      await copyRows(engine, await rig.stage('shop', { only: ['c'] }));
      expect(clients?.read('stream')).toMatch(/^-- MariaDB dump/);
      expect(clients?.read('stream')).not.toContain('999999');
    },
  );
});

describe('an abort', () => {
  const isGroupGone = (group: number): boolean => {
    try {
      process.kill(-group, 0);
      return false;
    } catch {
      return true;
    }
  };

  /** Resolves when rows are on their way. */
  const abortWhileRunning = async (engine: ReturnType<typeof createDumpEngine>): Promise<unknown> => {
    const stopping = new AbortController();
    const job = await rig.stage('shop');
    return engine
      .copy(job, ({ bytes }) => (bytes > 0 ? stopping.abort() : undefined), stopping.signal)
      .catch((error: unknown) => error);
  };

  test('kills also what a wrapper script started', async () => {
    const engine = engineWith({
      dump: `sleep 1000 & "$REAL" "$@" 3<&3; wait`,
      loader: `echo $$ > "$FOLDER/group"; head -c 5000 >/dev/null; sleep 1000`,
    });
    expect(await abortWhileRunning(engine)).toMatchObject({
      code: 'INTERRUPTED',
      message: expect.stringMatching(/^shop: /) as string,
    });
    const group = Number(clients?.read('group'));
    expect(group).toBeGreaterThan(1);
    // Until init has buried them, the dead are there.
    await expect.poll(() => isGroupGone(group), { timeout: 5_000 }).toBe(true);
  });

  test('is not held up by a frozen server', async () => {
    const job = await rig.stage('shop');
    const stopping = new AbortController();
    rig.target.kill('SIGSTOP');
    try {
      const copying = createDumpEngine({ path: '/usr/bin:/bin', temporaryFolder }).copy(
        job,
        ({ bytes }) => (bytes > 100_000 ? stopping.abort() : undefined),
        stopping.signal,
      );
      await expect(copying).rejects.toMatchObject({ code: 'INTERRUPTED' });
    } finally {
      rig.target.kill('SIGCONT');
    }
  });
});

describe('what cannot be done is refused before anything runs', () => {
  test('no client of the vendor of the source', async () => {
    const job = await rig.stage('shop');
    const engine = createDumpEngine({ path: temporaryFolder, temporaryFolder });
    await expect(engine.prepare(job.sourceFacts, job.targetFacts)).rejects.toMatchObject({
      code: 'TOOL_MISSING',
    });
    const mysql = { ...job.sourceFacts, flavor: { vendor: 'mysql', version: [8, 4, 0] } } as const;
    const real = createDumpEngine({ path: '/usr/bin:/bin', temporaryFolder });
    await expect(real.prepare(mysql, job.targetFacts)).rejects.toMatchObject({
      message: expect.stringMatching(/needs MySQL's mysqldump/) as string,
    });
  });

  test('history that the target cannot take', async () => {
    await rig.source.query('CREATE DATABASE past; CREATE TABLE past.v (a INT) WITH SYSTEM VERSIONING');
    const job = await rig.stage('past');
    const old = { ...job.targetFacts, flavor: { vendor: 'mariadb', version: [10, 6, 0] } } as const;
    const engine = createDumpEngine({ path: '/usr/bin:/bin', temporaryFolder });
    await expect(copyRows(engine, { ...job, targetFacts: old })).rejects.toMatchObject({
      message: expect.stringMatching(
        /^past: v keeps the history of its rows .* the target \(MariaDB 10\.6\.0\) cannot take it/,
      ) as string,
    });
  });

  test('more names than one command can have', async () => {
    const job = await rig.stage('shop');
    const [first] = job.tables;
    if (!first) throw new Error('no tables');
    const tables = Array.from({ length: 20_000 }, (_, index) => ({
      ...first,
      table: {
        ...first.table,
        name: `table_with_a_rather_long_name_so_that_it_does_not_fit_${index}` as never,
      },
    }));
    const engine = createDumpEngine({ path: '/usr/bin:/bin', temporaryFolder });
    await expect(copyRows(engine, { ...job, tables })).rejects.toMatchObject({
      message: expect.stringMatching(/cannot be given \d+ bytes of table names/) as string,
    });
  });
});
