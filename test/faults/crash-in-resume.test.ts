import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createNativeEngine } from '../../src/adapters/mysql/native/native-engine.js';
import { toDatabaseName } from '../../src/core/names.js';
import type { ResolvedPlan } from '../../src/core/plan/resolved-plan.js';
import { type DatabaseContent, readContent } from '../support/content.js';
import {
  type Death,
  applyPlanUntilDeath,
  endpointIn,
  recoverAll,
  recoverRun,
  withTarget,
} from '../support/dying-run.js';
import { availableFlavors } from '../support/flavors.js';
import { aPlan, someRules } from '../support/inventory.js';
import type { TestServer } from '../support/servers.js';

/**
 * A refresh goes on from the copy that a run before was killed in. Its process dies at every other step in turn, of each vendor
 * at those between the other's; then one more refresh goes on from what is left by then, and makes the target what the source is.
 */

const EVERY_STEP_MILLISECONDS = 900_000;

const SHOP = `CREATE DATABASE shop CHARACTER SET utf8mb4; USE shop;
  CREATE TABLE colours (name VARCHAR(20) PRIMARY KEY); INSERT INTO colours VALUES ('red'), ('blue');
  CREATE TABLE owners (id INT AUTO_INCREMENT PRIMARY KEY, name VARCHAR(20)); INSERT INTO owners VALUES (1, 'a'), (2, 'b'), (3, 'c'), (4, 'd');
  CREATE TABLE pets (id INT PRIMARY KEY, owner INT, colour VARCHAR(20), KEY pet_of (owner), KEY of_colour (colour),
    CONSTRAINT pet_of FOREIGN KEY (owner) REFERENCES owners (id) ON DELETE CASCADE, CONSTRAINT of_colour FOREIGN KEY (colour) REFERENCES colours (name));
  INSERT INTO pets VALUES (1, 1, 'red'), (2, 2, 'blue'), (3, 3, NULL), (4, 4, 'red');
  CREATE TRIGGER t BEFORE INSERT ON owners FOR EACH ROW SET NEW.name = CONCAT(NEW.name, '!');
  CREATE VIEW names AS SELECT name, colour FROM owners JOIN pets ON owner = owners.id`;

const flavors = availableFlavors().filter(({ id }) => id === 'mariadb-10.11' || id === 'mysql-9.7');

const WENT_ON = / started from a copy that was not finished/;

describe.each(flavors)('$id', (flavor) => {
  let source: TestServer;
  let target: TestServer;
  beforeAll(async () => {
    [source, target] = await Promise.all([flavor.start(), flavor.start()]);
    source.load(SHOP);
    target.load(SHOP);
  });
  afterAll(async () => {
    await Promise.all([source.stop(), target.stop()]);
  });

  const makePlan = (): ResolvedPlan =>
    aPlan({
      source: endpointIn('source', source),
      target: endpointIn('target', target),
      options: { ...aPlan().options, engine: 'native', refresh: 'auto' },
      selections: [
        { kind: 'named', name: toDatabaseName('shop'), as: toDatabaseName('shop'), ...someRules() },
      ],
    });

  let runs = 0;
  const apply = async (survivingCalls: number, death: Death = {}) => {
    const engine = createNativeEngine({ lanes: 2, proof: 'digest', onConditions: () => undefined });
    const run = (runs += 1).toString(8).padStart(6, '0').replaceAll('0', '8').replaceAll('1', '9');
    try {
      return await applyPlanUntilDeath(makePlan(), engine, survivingCalls, { ...death, run });
    } finally {
      await engine.close();
    }
  };

  const change = (round: number): Promise<unknown> =>
    source.query(
      `UPDATE shop.owners SET name = 'round ${String(round)}' WHERE id = 1; DELETE FROM shop.pets WHERE id = 2;
       INSERT INTO shop.pets VALUES (2, ${String((round % 4) + 1)}, 'blue')`,
    );

  const readTarget = (): Promise<DatabaseContent | undefined> => readContent(target, 'shop');

  test(
    'old or new after a death at any step of a refresh that goes on from an unfinished copy',
    async () => {
      await change(1);
      await apply(Infinity);
      const ends: string[] = [];
      let goneOn = 0;
      for (let step = flavor.id === 'mysql-9.7' ? 1 : 0; ; step += 2) {
        await change(2 * step + 2);
        expect(await apply(Infinity, { before: 'setCounters' })).toMatchObject({
          hasDied: true,
          said: 'old',
        });
        await change(2 * step + 3);
        const [old, fresh] = [await readTarget(), await readContent(source, 'shop')];
        const { hasDied, said, notes } = await apply(step);
        if (said !== 'unsure')
          expect([step, await readTarget()]).toEqual([step, said === 'old' ? old : fresh]);
        await withTarget(target, (server) => recoverAll(server, () => true));
        const now = JSON.stringify(await readTarget());
        const end = [old, fresh].findIndex((content) => JSON.stringify(content) === now);
        ends.push(['old', 'new'][end] ?? `neither after ${String(step)} changes: ${now}`);
        await change(step + 1000);
        const last = await apply(Infinity);
        expect([step, last.said]).toEqual([step, 'new']);
        if (end === 0 && WENT_ON.test(last.notes.join())) goneOn += 1;
        expect([step, await readTarget()]).toEqual([step, await readContent(source, 'shop')]);
        expect([step, await recoverRun(target)]).toEqual([step, []]);
        if (hasDied) continue;
        expect(notes.join()).toMatch(WENT_ON);
        break;
      }
      expect(ends.filter((end) => end !== 'old' && end !== 'new')).toEqual([]);
      expect(ends.at(-1)).toBe('new');
      const olds = ends.filter((end) => end === 'old').length;
      expect(olds).toBeGreaterThan(5);
      // What a swap that was undone had is dropped.
      expect(goneOn).toBeGreaterThan(olds / 2);
      expect(ends.filter((end) => end === 'new').length).toBeGreaterThan(1);
    },
    EVERY_STEP_MILLISECONDS,
  );
});
