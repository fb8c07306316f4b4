import { tmpdir } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createDumpEngine } from '../../src/adapters/dump/dump-engine.js';
import { createServers } from '../../src/adapters/mysql/servers.js';
import { toDatabaseName, toRunId } from '../../src/core/names.js';
import type { DatabaseOutcome } from '../../src/core/outcome.js';
import type { ResolvedPlan } from '../../src/core/resolved-plan.js';
import { Secret } from '../../src/core/secret.js';
import { applyChangeSet } from '../../src/engine/apply-change-set.js';
import { readScratch } from '../../src/engine/journal.js';
import { closeServers, openServers, planSync } from '../../src/engine/plan-sync.js';
import type { Ports, Servers, TargetServer } from '../../src/engine/ports.js';
import { planRecovery, recoverTarget } from '../../src/engine/recover.js';
import { listKept } from '../../src/engine/roll-back.js';
import { aPlan, anEndpoint, someRules } from '../support/inventory.js';
import { type DatabaseContent, readContent } from '../support/content.js';
import { ROOT, type TestServer, startServer } from '../support/servers.js';

/**
 * A process that is killed does nothing more: from step N on, every call to the target fails here, those that would
 * clean up included. Then the next run recovers. For every N the live database is exactly the old or exactly the new
 * one, and nothing of the dead run is left but what is kept for rollback.
 */

let source: TestServer;
let target: TestServer;
beforeAll(async () => {
  [source, target] = await Promise.all([startServer(), startServer()]);
  await source.query('CREATE DATABASE shop CHARACTER SET utf8mb4');
  source.load(
    `CREATE TABLE parent (id INT PRIMARY KEY); CREATE TABLE child (id INT PRIMARY KEY, p INT, CONSTRAINT fk FOREIGN KEY (p) REFERENCES parent (id));
     INSERT INTO parent VALUES (1), (2); INSERT INTO child VALUES (1, 1);
     CREATE VIEW v AS SELECT id FROM child; CREATE PROCEDURE p() SELECT 'new'; CREATE TRIGGER t BEFORE INSERT ON child FOR EACH ROW SET NEW.p = 1`,
    'shop',
  );
});
afterAll(async () => {
  await Promise.all([source.stop(), target.stop()]);
});

const OLD = `CREATE TABLE parent (id INT PRIMARY KEY, old INT); CREATE TABLE gone (id INT PRIMARY KEY);
  INSERT INTO parent VALUES (9, 9);
  CREATE VIEW child AS SELECT id FROM parent; CREATE PROCEDURE p() SELECT 'old'; CREATE FUNCTION f() RETURNS INT RETURN 1;
  CREATE TRIGGER t_old BEFORE INSERT ON parent FOR EACH ROW SET NEW.old = 2;
  CREATE EVENT e ON SCHEDULE EVERY 1 DAY STARTS '2030-01-01 00:00:00' DO DO 1`;

/** A key from a table that is never swapped: it must refer to the live database at every end. */
const OUTSIDE = `SET FOREIGN_KEY_CHECKS = 0; CREATE DATABASE outside;
  CREATE TABLE outside.notes (id INT PRIMARY KEY, p INT, CONSTRAINT fk_out FOREIGN KEY (p) REFERENCES shop.parent (id))`;

const resetTarget = async (begin: 'overwrite' | 'create'): Promise<DatabaseContent | undefined> => {
  await target.query('DROP DATABASE IF EXISTS outside');
  for (const row of await target.query(
    "SELECT SCHEMA_NAME AS name FROM information_schema.SCHEMATA WHERE SCHEMA_NAME LIKE 'mysql\\_sync\\_%' OR SCHEMA_NAME = 'shop'",
  ))
    await target.query(`SET FOREIGN_KEY_CHECKS = 0; DROP DATABASE \`${String(row['name'])}\``);
  await target.query(OUTSIDE);
  if (begin === 'create') return undefined;
  await target.query('CREATE DATABASE shop CHARACTER SET latin1');
  target.load(OLD, 'shop');
  return readContent(target, 'shop');
};

const endpointOf = (role: 'source' | 'target', { port }: TestServer) =>
  anEndpoint(role, role, {
    address: { kind: 'tcp', host: '127.0.0.1', port },
    user: ROOT.user,
    password: new Secret(ROOT.password),
    tls: { mode: 'disabled' },
  });

const makePlan = (): ResolvedPlan =>
  aPlan({
    source: endpointOf('source', source),
    target: endpointOf('target', target),
    selections: [{ kind: 'named', name: toDatabaseName('shop'), as: toDatabaseName('shop'), ...someRules() }],
  });

const CHANGES: ReadonlySet<string | symbol> = new Set([
  'createDatabase',
  'alterDatabase',
  'dropDatabase',
  'createTables',
  'dropTables',
  'createPrograms',
  'dropPrograms',
  'renameTables',
  'writeJournal',
]);

/** Lets the first calls that change the target through; from then on nothing gets through at all. */
const dyingServers = (
  survivingCalls: number,
): { readonly servers: Servers; readonly hasDied: () => boolean } => {
  const servers = createServers();
  let calls = 0;
  const wrap = (server: TargetServer): TargetServer =>
    new Proxy(server, {
      get: (real, key) => {
        const member: unknown = Reflect.get(real, key);
        if (typeof member !== 'function' || key === 'close') return member;
        return async (...words: unknown[]): Promise<unknown> => {
          if (CHANGES.has(key)) calls += 1;
          if (calls > survivingCalls) throw new Error('the process is dead');
          return (member as (...all: unknown[]) => Promise<unknown>).apply(real, words);
        };
      },
    });
  return {
    servers: { ...servers, openTarget: async (endpoint) => wrap(await servers.openTarget(endpoint)) },
    hasDied: () => calls > survivingCalls,
  };
};

const makePorts = (servers: Servers): Ports => ({
  servers,
  rowEngine: createDumpEngine({ path: process.env['PATH'] ?? '', temporaryFolder: tmpdir() }),
  history: { open: () => Promise.resolve(), record: () => Promise.resolve(), close: () => Promise.resolve() },
  events: () => undefined,
  clock: {
    now: () => new Date(),
    monotonic: () => performance.now(),
    sleep: async (milliseconds, signal) => sleep(milliseconds, undefined, { signal }),
  },
});

interface End {
  readonly hasDied: boolean;
  /** What the recap says of the live database. */
  readonly said: DatabaseOutcome['targetState'] | undefined;
}

/** Applies until the process dies after so many changes. */
const applyUntilDeath = async (survivingCalls: number): Promise<End> => {
  const plan = makePlan();
  const { servers, hasDied } = dyingServers(survivingCalls);
  const open = await openServers(plan, createServers());
  const narrowing = { only: [], exclude: [] };
  const never = new AbortController().signal;
  try {
    const { changeSet } = await planSync(plan, open, narrowing);
    const { outcomes } = await applyChangeSet(
      {
        run: toRunId('aaaaaa'),
        savedPlan: undefined,
        plan,
        changeSet,
        narrowing,
        onFailure: 'continue',
        signals: { drain: never, abort: never },
        keep: 'previous',
        lockWaitMilliseconds: 0,
        maxRetries: 0,
        startedBy: 'test',
        processId: process.pid,
        logPath: undefined,
      },
      open,
      makePorts(servers),
    );
    return { hasDied: hasDied(), said: outcomes[0]?.targetState };
  } finally {
    await closeServers(open);
  }
};

const recover = async (): Promise<readonly string[]> => {
  const server = await createServers().openTarget(endpointOf('target', target));
  try {
    await recoverTarget(server, (await planRecovery(server, await readScratch(server))).steps);
    const left = await readScratch(server);
    return left
      .filter(({ database }) => !listKept(left, []).some(({ retired }) => retired === database))
      .map(({ database }) => database);
  } finally {
    await server.close();
  }
};

test.each(['overwrite', 'create'] as const)(
  '%s: old or new after a death at any step',
  async (begin) => {
    const fresh = await readContent(source, 'shop');
    const ends: string[] = [];
    for (let step = 0; ; step += 1) {
      const old = await resetTarget(begin);
      const { hasDied, said } = await applyUntilDeath(step);
      const left = JSON.stringify(await readContent(target, 'shop'));
      if (said !== 'unsure')
        expect([step, left === JSON.stringify(said === 'old' ? old : fresh)]).toEqual([step, true]);
      const leftOvers = await recover();
      expect((await readContent(target, 'outside'))?.tables['notes']?.definition).toContain(
        'REFERENCES `shop`.`parent` (`id`)',
      );
      const now = await readContent(target, 'shop');
      const isOld = JSON.stringify(now) === JSON.stringify(old);
      const isNew = JSON.stringify(now) === JSON.stringify(fresh);
      ends.push(
        isOld ? 'old' : isNew ? 'new' : `neither after ${String(step)} changes: ${JSON.stringify(now)}`,
      );
      expect(leftOvers).toEqual([]);
      if (!hasDied) break;
    }
    expect(ends.filter((end) => end !== 'old' && end !== 'new')).toEqual([]);
    expect(ends.at(-1)).toBe('new');
    expect(ends.filter((end) => end === 'old').length).toBeGreaterThan(5);
    expect(ends.filter((end) => end === 'new').length).toBeGreaterThan(3);
  },
  300_000,
);
