import { tmpdir } from 'node:os';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createDumpEngine } from '../../src/adapters/dump/dump-engine.js';
import { toDatabaseName, toRunId } from '../../src/core/names.js';
import { type LiveRecord, writeProvenance } from '../../src/core/run/provenance.js';
import { judgeRecord } from '../../src/core/run/provenance-standing.js';
import type { ResolvedPlan } from '../../src/core/plan/resolved-plan.js';
import { readScratch } from '../../src/engine/journal.js';
import { listMarks, parseFound } from '../../src/engine/provenance.js';
import { aPlan, someRules } from '../support/inventory.js';
import { type DatabaseContent, readContent } from '../support/content.js';
import { type End, applyPlanUntilDeath, endpointIn, recoverRun, withTarget } from '../support/dying-run.js';
import { type TestServer, startServer } from '../support/servers.js';

/**
 * A process that is killed does nothing more: from step N on, every call to the target fails here, those that would
 * clean up included. Then the next run recovers. For every N the live database is exactly the old or exactly the new
 * one, and nothing of the dead run is left but what is kept for rollback.
 */

/** A hundred runs and more; through a link that delays each of them takes longer. */
const EVERY_STEP_MILLISECONDS = process.env['MYSQL_SYNC_TEST_LINK'] ? 900_000 : 300_000;

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
  await source.query('CREATE DATABASE crm; CREATE DATABASE erp');
  source.load(CIRCLE);
});
afterAll(async () => {
  await Promise.all([source.stop(), target.stop()]);
});

/** Two databases that no order can create: views and foreign keys go both ways. */
const CIRCLE = `CREATE TABLE crm.p (id INT PRIMARY KEY); CREATE TABLE erp.p (id INT PRIMARY KEY);
  CREATE TABLE crm.c (id INT PRIMARY KEY, CONSTRAINT k FOREIGN KEY (id) REFERENCES erp.p (id));
  CREATE TABLE erp.c (id INT PRIMARY KEY, CONSTRAINT k FOREIGN KEY (id) REFERENCES crm.p (id));
  INSERT INTO crm.p VALUES (1); INSERT INTO erp.p VALUES (1); INSERT INTO crm.c VALUES (1); INSERT INTO erp.c VALUES (1);
  CREATE VIEW crm.v AS SELECT id FROM erp.c; CREATE VIEW erp.v AS SELECT id FROM crm.v; CREATE VIEW crm.w AS SELECT id FROM erp.v`;

/** Of one or both of them on the target: without tables and columns that the new views read, with keys of their own. */
const OLD_CIRCLES = {
  create: '',
  overwrite: `CREATE DATABASE crm; CREATE DATABASE erp CHARACTER SET latin1;
    CREATE TABLE crm.p (id INT PRIMARY KEY, old INT); CREATE TABLE erp.p (id INT PRIMARY KEY); CREATE TABLE erp.d (id INT PRIMARY KEY);
    CREATE TABLE crm.c (id INT PRIMARY KEY, CONSTRAINT k FOREIGN KEY (id) REFERENCES erp.p (id) ON DELETE CASCADE,
      CONSTRAINT only_old FOREIGN KEY (id) REFERENCES erp.d (id));
    ALTER TABLE erp.d ADD CONSTRAINT k FOREIGN KEY (id) REFERENCES crm.p (id);
    INSERT INTO crm.p VALUES (1, 9); INSERT INTO erp.p VALUES (1); INSERT INTO erp.d VALUES (1); INSERT INTO crm.c VALUES (1);
    CREATE VIEW crm.v AS SELECT d.id FROM erp.d; CREATE VIEW erp.v AS SELECT id FROM crm.v; CREATE VIEW crm.w AS SELECT id FROM erp.v;
    CREATE VIEW erp.gone AS SELECT id FROM crm.w; CREATE FUNCTION erp.f() RETURNS INT RETURN 1;
    CREATE TRIGGER crm.t BEFORE INSERT ON crm.p FOR EACH ROW SET NEW.old = 2`,
  'overwrite one': `SET FOREIGN_KEY_CHECKS = 0; CREATE DATABASE crm; CREATE TABLE crm.p (id INT PRIMARY KEY, old INT);
    CREATE TABLE crm.c (id INT PRIMARY KEY, CONSTRAINT waiting FOREIGN KEY (id) REFERENCES erp.p (id));
    INSERT INTO crm.p VALUES (1, 9); INSERT INTO crm.c VALUES (7); CREATE VIEW crm.v AS SELECT id, old FROM crm.p`,
};

const OLD = `CREATE TABLE parent (id INT PRIMARY KEY, old INT); CREATE TABLE gone (id INT PRIMARY KEY);
  INSERT INTO parent VALUES (2, 2), (9, 9);
  CREATE VIEW child AS SELECT id FROM parent; CREATE PROCEDURE p() SELECT 'old'; CREATE FUNCTION f() RETURNS INT RETURN 1;
  CREATE TRIGGER t_old BEFORE INSERT ON parent FOR EACH ROW SET NEW.old = 2;
  CREATE EVENT e ON SCHEDULE EVERY 1 DAY STARTS '2030-01-01 00:00:00' DO DO 1`;

/** A key from a table that is never swapped: it must refer to the live database at every end. */
const OUTSIDE = `SET FOREIGN_KEY_CHECKS = 0; CREATE DATABASE outside;
  CREATE TABLE outside.notes (id INT PRIMARY KEY, p INT, CONSTRAINT fk_out FOREIGN KEY (p) REFERENCES shop.parent (id))`;

const CIRCLE_NAMES = ['crm', 'erp'];

const readCircle = (server: TestServer): Promise<readonly (DatabaseContent | undefined)[]> =>
  Promise.all(CIRCLE_NAMES.map((name) => readContent(server, name)));

const dropCircle = async (): Promise<void> => {
  await target.query('SET FOREIGN_KEY_CHECKS = 0; DROP DATABASE IF EXISTS crm; DROP DATABASE IF EXISTS erp');
};

const resetTarget = async (begin: 'overwrite' | 'create'): Promise<DatabaseContent | undefined> => {
  await target.query('DROP DATABASE IF EXISTS outside');
  await dropCircle();
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

const makePlan = (names: readonly string[]): ResolvedPlan =>
  aPlan({
    source: endpointIn('source', source),
    target: endpointIn('target', target),
    selections: names.map(toDatabaseName).map((name) => ({
      kind: 'named',
      name,
      as: name,
      ...(name === 'shop'
        ? someRules({ hooks: HOOKS.shop, tables: { ...someRules().tables, preserve: PRESERVE } })
        : someRules({ hooks: HOOKS.circle })),
    })),
  });

/** A row that the source has too, so that what is new is what the source has; before it is put in, the copy is without it. */
const PRESERVE = { parent: 'id = 2' };

/** What the first does the second takes back: whatever goes live between them is neither old nor new. */
const HOOKS = {
  shop: [
    { kind: 'staged', sql: 'UPDATE child SET p = 2' },
    { kind: 'staged', sql: 'UPDATE child SET p = 1' },
    { kind: 'assert', sql: 'SELECT COUNT(*) = 1 FROM child WHERE p = 1' },
  ],
  circle: [
    { kind: 'staged', sql: 'INSERT INTO p (id) VALUES (5)' },
    { kind: 'staged', sql: 'DELETE FROM p WHERE id = 5' },
  ],
} as const;

/** Applies until the process dies after so many changes. */
const applyUntilDeath = (
  survivingCalls: number,
  names: readonly string[],
  from: 'start' | 'failure' = 'start',
): Promise<End> => {
  const engine = createDumpEngine({ path: process.env['PATH'] ?? '', temporaryFolder: tmpdir() });
  return applyPlanUntilDeath(makePlan(names), engine, survivingCalls, { from });
};

/** What was written down of the old content, by a run before. */
const EARLIER: LiveRecord = {
  phase: 'live',
  run: toRunId('bbbbbb'),
  kind: 'apply',
  startedAt: '2026-11-01T10:00:00.000Z',
  liveAt: '2026-11-01T10:00:01Z',
  content: {
    run: toRunId('bbbbbb'),
    plan: { name: 'nightly', digest: '00' },
    source: { name: 'prod', identity: 'x', server: 'MariaDB 10.11.19', database: toDatabaseName('shop') },
    asOf: '2026-11-01T09:59:00.000Z',
    positions: [],
    engine: 'dump',
    verification: { digested: 1, counted: 1, moved: 0 },
    preserved: 0,
    masks: null,
    hooks: null,
    by: 'me@here',
  },
  previous: null,
};

const plantEarlier = (names: readonly string[], text: string | null): Promise<void> =>
  withTarget(target, async (server) => {
    await server.makeProvenance();
    await server.writeProvenance(names.map((name) => ({ live: toDatabaseName(name), text })));
  });

/** The run that made what is live, as far as the target tells, to whoever asks now. */
const askStanding = (name: string): Promise<string> =>
  withTarget(target, async (server) => {
    const found = parseFound(await server.readProvenance()).find(({ live }) => live === name);
    const marks = listMarks(await readScratch(server)).filter(({ live }) => live === name);
    const standing = judgeRecord(found?.record, marks);
    return standing.kind === 'known' ? standing.record.run : standing.kind;
  });

const recover = (): Promise<readonly string[]> => recoverRun(target);

test.each(['overwrite', 'create'] as const)(
  '%s: old or new after a death at any step',
  async (begin) => {
    const fresh = await readContent(source, 'shop');
    const ends: string[] = [];
    for (let step = 0; ; step += 1) {
      const old = await resetTarget(begin);
      await plantEarlier(['shop'], begin === 'create' ? null : writeProvenance(EARLIER));
      const { hasDied, said } = await applyUntilDeath(step, ['shop']);
      const left = JSON.stringify(await readContent(target, 'shop'));
      const [oldRun, newRun] = [begin === 'create' ? 'none' : 'bbbbbb', 'aaaaaa'];
      const truth = left === JSON.stringify(old) ? oldRun : left === JSON.stringify(fresh) ? newRun : '';
      expect([step, [truth, 'unsettled']]).toEqual([
        step,
        expect.arrayContaining([await askStanding('shop')]),
      ]);
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
      expect([step, await askStanding('shop')]).toEqual([step, isOld ? oldRun : newRun]);
      expect(leftOvers).toEqual([]);
      if (!hasDied) break;
    }
    expect(ends.filter((end) => end !== 'old' && end !== 'new')).toEqual([]);
    expect(ends.at(-1)).toBe('new');
    expect(ends.filter((end) => end === 'old').length).toBeGreaterThan(5);
    expect(ends.filter((end) => end === 'new').length).toBeGreaterThan(3);
  },
  EVERY_STEP_MILLISECONDS,
);

test.each(['create', 'overwrite', 'overwrite one'] as const)(
  '%s, databases that are swapped together: all or none after a death at any step',
  async (begin) => {
    const fresh = JSON.stringify(await readCircle(source));
    const ends: string[] = [];
    for (let step = 0; ; step += 1) {
      await resetTarget('create');
      target.load(OLD_CIRCLES[begin]);
      await plantEarlier(CIRCLE_NAMES, writeProvenance(EARLIER));
      const old = JSON.stringify(await readCircle(target));
      const { hasDied, said } = await applyUntilDeath(step, CIRCLE_NAMES);
      if (said !== 'unsure')
        expect([step, JSON.stringify(await readCircle(target))]).toEqual([
          step,
          said === 'old' ? old : fresh,
        ]);
      const leftOvers = await recover();
      const now = JSON.stringify(await readCircle(target));
      ends.push(
        now === old ? 'none' : now === fresh ? 'all' : `neither after ${String(step)} changes: ${now}`,
      );
      const told = now === old ? 'bbbbbb' : 'aaaaaa';
      expect([step, await askStanding('crm'), await askStanding('erp')]).toEqual([step, told, told]);
      expect([step, leftOvers]).toEqual([step, []]);
      if (!hasDied) break;
    }
    expect(ends.filter((end) => end !== 'none' && end !== 'all')).toEqual([]);
    expect(ends.at(-1)).toBe('all');
    expect(ends.filter((end) => end === 'none').length).toBeGreaterThan(5);
    expect(ends.filter((end) => end === 'all').length).toBeGreaterThan(3);
  },
  EVERY_STEP_MILLISECONDS,
);

/** One of the circle has a view that the target cannot create, which is found after the rename. */
const withFailingView = async (work: () => Promise<void>): Promise<void> => {
  await source.query('CREATE DATABASE elsewhere');
  source.load('CREATE FUNCTION one() RETURNS INT RETURN 1', 'elsewhere');
  await source.query('CREATE VIEW erp.failing AS SELECT elsewhere.one() AS one FROM erp.p');
  try {
    await work();
  } finally {
    await source.query('DROP VIEW erp.failing; DROP DATABASE elsewhere');
  }
};

test('databases that are swapped together: a view of one that cannot be created leaves none, and no staging', async () => {
  await resetTarget('create');
  await target.query(
    'SET FOREIGN_KEY_CHECKS = 0; ALTER TABLE outside.notes ADD CONSTRAINT to_crm FOREIGN KEY (p) REFERENCES crm.p (id)',
  );
  await withFailingView(async () => {
    expect((await applyUntilDeath(Infinity, CIRCLE_NAMES)).said).toBe('old');
  });
  const left = await target.query(
    "SELECT SCHEMA_NAME FROM information_schema.SCHEMATA WHERE SCHEMA_NAME LIKE 'mysql\\_sync\\_%' OR SCHEMA_NAME IN ('crm', 'erp')",
  );
  expect(left).toEqual([]);
  expect((await readContent(target, 'outside'))?.tables['notes']?.definition).toContain(
    'FOREIGN KEY (`p`) REFERENCES `crm`.`p` (`id`)',
  );
});

test(
  'databases that are swapped together: all are as they were after a death at any step of their undo',
  async () => {
    await withFailingView(async () => {
      for (let step = 0; ; step += 1) {
        await resetTarget('create');
        target.load(OLD_CIRCLES.overwrite);
        await plantEarlier(CIRCLE_NAMES, writeProvenance(EARLIER));
        const old = await readCircle(target);
        const { said } = await applyUntilDeath(step, CIRCLE_NAMES, 'failure');
        expect([step, await recover()]).toEqual([step, []]);
        expect([step, await readCircle(target)]).toEqual([step, old]);
        expect([step, await askStanding('crm'), await askStanding('erp')]).toEqual([
          step,
          'bbbbbb',
          'bbbbbb',
        ]);
        if (said === 'old') break;
      }
    });
  },
  EVERY_STEP_MILLISECONDS,
);
