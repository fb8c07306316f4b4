import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type DatabaseContent, readContent } from '../support/content.js';
import { dyingFlavors, refreshUntilDeath } from '../support/dying-refresh.js';
import { recoverRun } from '../support/dying-run.js';
import type { TestServer } from '../support/servers.js';

/**
 * A refresh swaps some tables of a database and leaves others. Its process dies at every step in turn; then the next run
 * recovers. The database is the old or the new one each time, and the tables that stay are the very same ones.
 */

const EVERY_STEP_MILLISECONDS = process.env['MYSQL_SYNC_TEST_LINK'] ? 900_000 : 300_000;

/**
 * On both servers: `colours` and `logs` are equal and stay, with the trigger and the view of `logs`. So does `pets`, between
 * `owners` and `visits`, which are swapped and refer to each other by way of it. Indexes of keys are
 * written out, as in every copy: one that the server made by itself is made again with its key, behind the others.
 */
const SHARED = `CREATE DATABASE shop CHARACTER SET utf8mb4; USE shop;
  CREATE TABLE colours (name VARCHAR(20) PRIMARY KEY); INSERT INTO colours VALUES ('red'), ('blue');
  CREATE TABLE logs (id INT AUTO_INCREMENT PRIMARY KEY, line VARCHAR(80)); INSERT INTO logs VALUES (1, 'a'), (2, 'b');
  CREATE TRIGGER stamp BEFORE INSERT ON logs FOR EACH ROW SET NEW.line = CONCAT(NEW.line, '!');
  CREATE VIEW entries AS SELECT line FROM logs;
  CREATE TABLE owners (id INT PRIMARY KEY, name VARCHAR(20));
  CREATE TABLE pets (id INT PRIMARY KEY, owner INT, CONSTRAINT pet_of FOREIGN KEY (owner) REFERENCES owners (id) ON DELETE CASCADE);
  CREATE TABLE visits (id INT PRIMARY KEY, pet INT, owner INT, KEY of_pet (pet), KEY by_owner (owner), CONSTRAINT of_pet FOREIGN KEY (pet) REFERENCES pets (id) ON DELETE CASCADE,
    CONSTRAINT by_owner FOREIGN KEY (owner) REFERENCES owners (id), CONSTRAINT of_log FOREIGN KEY (id) REFERENCES logs (id));
  INSERT INTO owners VALUES (1, 'Anna'), (2, 'Bert'); INSERT INTO pets VALUES (1, 1), (2, 2); INSERT INTO visits VALUES (1, 1, 1)`;

const NEW = `${SHARED}; CREATE TABLE notes (id INT PRIMARY KEY); INSERT INTO notes VALUES (1);
  CREATE VIEW names AS SELECT name FROM owners JOIN notes USING (id); CREATE PROCEDURE p() SELECT 'new';
  CREATE TRIGGER t BEFORE INSERT ON owners FOR EACH ROW SET NEW.name = 'new'`;

const OLD = `${SHARED}; UPDATE owners SET name = 'Cora' WHERE id = 1; INSERT INTO visits VALUES (2, 2, 2); CREATE TABLE gone (id INT PRIMARY KEY);
  CREATE VIEW names AS SELECT name FROM owners JOIN logs USING (id); CREATE VIEW notes AS SELECT id FROM gone;
  CREATE PROCEDURE p() SELECT 'old'; CREATE TRIGGER t_old BEFORE INSERT ON owners FOR EACH ROW SET NEW.name = 'old'`;

const STAYING = ['colours', 'logs', 'pets'];

describe.each(dyingFlavors())('$id', (flavor) => {
  let source: TestServer;
  let target: TestServer;
  let fresh: DatabaseContent | undefined;
  beforeAll(async () => {
    [source, target] = await Promise.all([flavor.start(), flavor.start()]);
    source.load(NEW);
    fresh = await readContent(source, 'shop');
  });
  afterAll(async () => {
    await Promise.all([source.stop(), target.stop()]);
  });

  const resetTarget = async (): Promise<DatabaseContent | undefined> => {
    for (const row of await target.query(
      "SELECT SCHEMA_NAME AS name FROM information_schema.SCHEMATA WHERE SCHEMA_NAME LIKE 'mysql\\_sync\\_%' OR SCHEMA_NAME = 'shop'",
    ))
      await target.query(`SET FOREIGN_KEY_CHECKS = 0; DROP DATABASE \`${String(row['name'])}\``);
    target.load(OLD);
    return readContent(target, 'shop');
  };

  const apply = (survivingCalls: number, death?: Parameters<typeof refreshUntilDeath>[2]) =>
    refreshUntilDeath([source, target], survivingCalls, death);

  /** What the server calls them: a table that was made again is another one. */
  const identifyStaying = (): Promise<unknown> =>
    target.query(
      `SELECT NAME, TABLE_ID FROM information_schema.${flavor.vendor === 'mysql' ? 'INNODB_TABLES' : 'INNODB_SYS_TABLES'}
       WHERE NAME IN (${STAYING.map((name) => `'shop/${name}'`).join(', ')}) ORDER BY NAME`,
    );

  /** Foreign keys of what is kept for a rollback that could refuse deletes in what is live. */
  const listKeysFromScratch = () =>
    target.query(
      "SELECT TABLE_NAME FROM information_schema.REFERENTIAL_CONSTRAINTS WHERE CONSTRAINT_SCHEMA LIKE 'mysql\\_sync\\_%' AND UNIQUE_CONSTRAINT_SCHEMA = 'shop'",
    );

  test(
    'a refresh of some tables: old or new after a death at any step, and what stays is never touched',
    async () => {
      const ends: string[] = [];
      for (let step = 0; ; step += 1) {
        const old = await resetTarget();
        const staying = await identifyStaying();
        expect(staying).toHaveLength(STAYING.length);
        const { hasDied, said } = await apply(step);
        const left = await readContent(target, 'shop');
        if (said !== 'unsure') expect([step, left]).toEqual([step, said === 'old' ? old : fresh]);
        expect([step, await identifyStaying()]).toEqual([step, staying]);
        expect([step, await recoverRun(target)]).toEqual([step, []]);
        const now = JSON.stringify(await readContent(target, 'shop'));
        const end = [old, fresh].findIndex((content) => JSON.stringify(content) === now);
        ends.push(['old', 'new'][end] ?? `neither after ${String(step)} changes: ${now}`);
        expect([step, await identifyStaying()]).toEqual([step, staying]);
        expect([step, await listKeysFromScratch()]).toEqual([step, []]);
        if (!hasDied) break;
      }
      expect(ends.filter((end) => end !== 'old' && end !== 'new')).toEqual([]);
      expect(ends.at(-1)).toBe('new');
      expect(ends.filter((end) => end === 'old').length).toBeGreaterThan(5);
      expect(ends.filter((end) => end === 'new').length).toBeGreaterThan(3);
    },
    EVERY_STEP_MILLISECONDS,
  );

  test(
    'a strict refresh: old or new after a death at any step, and nothing is locked afterwards',
    async () => {
      const ends: string[] = [];
      for (let step = 0; ; step += 2) {
        const old = await resetTarget();
        const { hasDied } = await apply(step, { rule: 'strict' });
        await target.query(
          'SET SESSION lock_wait_timeout = 5; UPDATE shop.colours SET name = name; UPDATE shop.logs SET id = id',
        );
        expect([step, await recoverRun(target)]).toEqual([step, []]);
        const now = JSON.stringify(await readContent(target, 'shop'));
        const end = [old, fresh].findIndex((content) => JSON.stringify(content) === now);
        ends.push(['old', 'new'][end] ?? `neither after ${String(step)} changes: ${now}`);
        if (!hasDied) break;
      }
      expect(ends.filter((end) => end !== 'old' && end !== 'new')).toEqual([]);
      expect(ends.at(-1)).toBe('new');
      expect(ends.filter((end) => end === 'old').length).toBeGreaterThan(3);
    },
    EVERY_STEP_MILLISECONDS,
  );

  test(
    'all is as it was, keys included, after a death at any step of the undo of a refresh',
    async () => {
      const ELSEWHERE = 'CREATE DATABASE elsewhere; CREATE TABLE elsewhere.t (id INT PRIMARY KEY)';
      await source.query(`${ELSEWHERE}; CREATE VIEW shop.failing AS SELECT id FROM elsewhere.t`);
      // It could be made when it was tried, and cannot after the rename.
      const beforeRename = () => target.query('DROP DATABASE IF EXISTS elsewhere');
      try {
        for (let step = 0; ; step += 1) {
          const old = await resetTarget();
          const staying = await identifyStaying();
          await target.query(`DROP DATABASE IF EXISTS elsewhere; ${ELSEWHERE}`);
          const { said } = await apply(step, { from: 'failure', beforeRename });
          expect([step, await recoverRun(target)]).toEqual([step, []]);
          expect([step, await readContent(target, 'shop')]).toEqual([step, old]);
          expect([step, await identifyStaying()]).toEqual([step, staying]);
          if (said === 'old') return;
        }
      } finally {
        await source.query('DROP VIEW shop.failing; DROP DATABASE elsewhere');
      }
    },
    EVERY_STEP_MILLISECONDS,
  );
});
