import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { availableFlavors } from '../support/flavors.js';
import { type Rig, startRig } from '../support/rig.js';

const NAMES = ['app_1', 'app_2', 'app_3', 'app_4', 'app_5'];

interface Told {
  readonly type: string;
  readonly database?: string;
}

describe.each(availableFlavors().filter(({ id }) => id === 'mariadb-10.11' || id === 'mysql-9.7'))(
  'a refresh of many small databases of $id',
  (flavor) => {
    let rig: Rig;
    let plan: string;
    let events: string;
    const apply = (...flags: readonly string[]) =>
      rig.run(['apply', plan, '--confirm-target', 'staging', '--json', '--events', events, ...flags]);
    /** The outcomes of one, and what was told of each database, in its order. */
    const refresh = async () => {
      const { code, stdout, stderr } = await apply('--refresh', 'auto');
      expect(code, stderr).toBe(0);
      const { outcomes } = JSON.parse(stdout) as {
        readonly outcomes: readonly { readonly to: string; readonly tables: number }[];
      };
      const told = readFileSync(events, 'utf8')
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as Told);
      const typesOf = (name: string): readonly string[] =>
        told.filter(({ database }) => database === name).map(({ type }) => type);
      return { tables: outcomes.map(({ to, tables }) => [to, tables]), typesOf };
    };
    /** How many statements either server got that begin like this, while `work` was done. */
    const count = async (beginning: string, work: () => Promise<unknown>): Promise<readonly number[]> => {
      const servers = [rig.source, rig.target];
      for (const server of servers)
        await server.query("SET GLOBAL log_output = 'TABLE', general_log = ON; TRUNCATE mysql.general_log");
      await work();
      return Promise.all(
        servers.map(async (server) => {
          await server.query('SET GLOBAL general_log = OFF');
          const [row] = await server.query(
            `SELECT COUNT(*) AS found FROM mysql.general_log WHERE argument LIKE '${beginning}%'`,
          );
          return Number(row?.['found']);
        }),
      );
    };
    const expectSame = async (): Promise<void> => {
      for (const name of NAMES)
        expect(await rig.contentOf('target', name)).toEqual(await rig.contentOf('source', name));
    };
    const provenance = async (): Promise<readonly string[]> =>
      (
        await rig.target.query(
          'SELECT CONVERT(body USING utf8mb4) AS body FROM mysqlsync.provenance ORDER BY live',
        )
      ).map(({ body }) => (JSON.parse(String(body)) as { content: { run: string } }).content.run);

    beforeAll(async () => {
      rig = await startRig({ flavor });
      events = join(rig.home, 'events.jsonl');
      for (const name of NAMES)
        await rig.source.query(
          `CREATE DATABASE ${name}; USE ${name};
           CREATE TABLE parents (id INT PRIMARY KEY, name VARCHAR(20)); INSERT INTO parents VALUES (1, 'Anna'), (2, 'Bert');
           CREATE TABLE children (id INT AUTO_INCREMENT PRIMARY KEY, parent INT, FOREIGN KEY (parent) REFERENCES parents (id));
           INSERT INTO children (parent) VALUES (1), (2);
           CREATE VIEW named AS SELECT name FROM parents`,
        );
      plan = rig.writePlan(
        `databases: [${NAMES.map((name) => `{name: ${name}}`).join(', ')}]\noptions: {max_concurrent: 1, parallel: 1}`,
      );
      expect((await apply()).code).toBe(0);
    });
    beforeEach(async () => {
      await refresh();
    });
    afterAll(() => rig.stop());

    test('compares them at one moment, and tells of each as if it were alone', async () => {
      let refreshed: Awaited<ReturnType<typeof refresh>> | undefined;
      const snapshots = await count('START TRANSACTION WITH CONSISTENT SNAPSHOT', async () => {
        refreshed = await refresh();
      });
      expect(snapshots).toEqual([1, 1]);
      expect(refreshed?.tables).toEqual(NAMES.map((name) => [name, 0]));
      for (const name of NAMES)
        expect(refreshed?.typesOf(name)).toEqual([
          'database-started',
          'phase-started',
          'refresh',
          'database-finished',
        ]);
      const { runs } = JSON.parse((await rig.run(['history', '--json'])).stdout) as {
        runs: readonly { id: string }[];
      };
      expect(await provenance()).toEqual(NAMES.map(() => runs[0]?.id));
      await expectSame();
    });

    test('one that differs has its own turn, and is told of once', async () => {
      await rig.source.query("UPDATE app_3.parents SET name = 'Cora' WHERE id = 2");
      const { tables, typesOf } = await refresh();
      expect(tables).toEqual(NAMES.map((name) => [name, name === 'app_3' ? 1 : 0]));
      for (const name of NAMES)
        for (const type of ['database-started', 'refresh', 'database-finished'])
          expect([name, type, typesOf(name).filter((one) => one === type).length]).toEqual([name, type, 1]);
      await expectSame();
    });

    test.each([
      ['a table that is new', 'CREATE TABLE app_2.more (id INT PRIMARY KEY)', 'DROP TABLE app_2.more'],
      [
        'a column that is new',
        'ALTER TABLE app_2.parents ADD more INT',
        'ALTER TABLE app_2.parents DROP more',
      ],
      [
        'a view that differs',
        'ALTER VIEW app_2.named AS SELECT id FROM app_2.parents',
        'ALTER VIEW app_2.named AS SELECT name FROM app_2.parents',
      ],
      [
        'another character set of the database',
        'ALTER DATABASE app_2 CHARACTER SET latin1',
        'ALTER DATABASE app_2 CHARACTER SET utf8mb4',
      ],
    ])('%s is copied', async (_, change, back) => {
      await rig.source.query(change);
      const { tables } = await refresh();
      expect(tables.map(([name]) => name)).toEqual(NAMES);
      await expectSame();
      await rig.source.query(back);
    });

    test('what is left of a saved plan counts as applied', async () => {
      const saved = join(rig.home, 'saved.json');
      const { code } = await rig.run(['plan', plan, '--refresh', 'auto', '--out', saved]);
      expect(code).toBe(0);
      const snapshots = await count('START TRANSACTION WITH CONSISTENT SNAPSHOT', async () => {
        expect((await rig.run(['apply', saved, '--confirm-target', 'staging'])).code).toBe(0);
      });
      expect(snapshots).toEqual([1, 1]);
      expect(await rig.target.query('SELECT 1 FROM mysqlsync.applied')).toHaveLength(NAMES.length);
    });

    test('masked ones are compared with what their masks make of the rows', async () => {
      const masked = ['masked_1', 'masked_2', 'masked_3'];
      for (const name of masked)
        await rig.source.query(
          `CREATE DATABASE ${name}; USE ${name}; CREATE TABLE people (id INT PRIMARY KEY, email VARCHAR(60), note VARCHAR(20));
           INSERT INTO people VALUES (1, 'anna@canary-mail.com', 'n'), (2, 'bert@canary-mail.com', 'm')`,
        );
      const file = rig.writePlan(
        `databases: [${masked.map((name) => `{name: ${name}}`).join(', ')}]
options: {refresh: auto, max_concurrent: 1, parallel: 1}
mask: {key: "\${MASK_KEY:?}", columns: {'people.email': email}}`,
      );
      const run = async (...argv: readonly string[]): Promise<string> => {
        const env = { MASK_KEY: 'canary-key-0123456789abcdef' };
        const { code, stdout, stderr } = await rig.start(argv, env).ended;
        expect(code, stderr).toBe(0);
        return stdout;
      };
      const tablesOf = async (): Promise<readonly number[]> => {
        const text = await run('apply', file, '--confirm-target', 'staging', '--json');
        return (JSON.parse(text) as { outcomes: readonly { tables: number }[] }).outcomes.map(
          ({ tables }) => tables,
        );
      };
      await run('mask', 'accept', file, '--all');
      expect(await tablesOf()).toEqual([1, 1, 1]);
      let tables: readonly number[] = [];
      const snapshots = await count('START TRANSACTION WITH CONSISTENT SNAPSHOT', async () => {
        tables = await tablesOf();
      });
      expect([tables, snapshots]).toEqual([
        [0, 0, 0],
        [1, 1],
      ]);
      await rig.target.query("UPDATE masked_2.people SET email = 'anna@canary-mail.com' WHERE id = 1");
      expect(await tablesOf()).toEqual([0, 1, 0]);
      expect(await rig.target.query("SELECT id FROM masked_2.people WHERE email LIKE '%canary%'")).toEqual(
        [],
      );
    });

    test('where most of them differ, no second round looks for those that do not', async () => {
      // Three of them are a round of 16 MiB.
      for (const name of NAMES)
        await rig.source.query(
          `CREATE TABLE ${name}.large (id INT PRIMARY KEY, filler VARBINARY(4000));
           INSERT INTO ${name}.large WITH RECURSIVE n AS (SELECT 1 AS i UNION ALL SELECT i + 1 FROM n WHERE i < 900) SELECT i, REPEAT('x', 4000) FROM n;
           ANALYZE TABLE ${name}.large`,
        );
      await refresh();
      for (const name of NAMES) await rig.source.query(`UPDATE ${name}.large SET filler = 'z' WHERE id = 2`);
      let refreshed: Awaited<ReturnType<typeof refresh>> | undefined;
      const [snapshots] = await count('START TRANSACTION WITH CONSISTENT SNAPSHOT', async () => {
        refreshed = await refresh();
      });
      expect(refreshed?.tables).toEqual(NAMES.map((name) => [name, 1]));
      expect(snapshots).toBe(1 + NAMES.length);
      await expectSame();
    });

    test('whatever ends a round, each has its own turn', async () => {
      const locker = await rig.source.connect();
      await locker.query('LOCK TABLES app_2.parents WRITE');
      const refreshing = refresh();
      await vi.waitFor(() => killWaiting(rig.source), { timeout: 20_000, interval: 50 });
      await locker.end();
      expect((await refreshing).tables).toEqual(NAMES.map((name) => [name, 0]));
      await expectSame();
    });

    test('a round does not wait for a lock for long', async () => {
      rmSync(events);
      const locker = await rig.target.connect();
      await locker.query('LOCK TABLES app_2.parents WRITE');
      const refreshing = refresh();
      // The first one of the plan.
      const isDone = (): void =>
        expect(readFileSync(events, 'utf8')).toMatch(/"type":"database-finished","database":"app_1"/);
      try {
        await vi.waitFor(isDone, { timeout: 40_000, interval: 200 });
      } finally {
        await locker.end();
      }
      expect((await refreshing).tables).toEqual(NAMES.map((name) => [name, 0]));
    });
  },
);

/** Ends a session that waits for a lock on a table. @throws where there is none */
const killWaiting = async (server: Rig['source']): Promise<void> => {
  const [row] = await server.query(
    "SELECT ID AS id FROM information_schema.PROCESSLIST WHERE STATE LIKE 'Waiting for table%lock'",
  );
  await server.query(`KILL ${String(row?.['id'])}`);
};
