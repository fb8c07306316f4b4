import { createNativeEngine } from '../../src/adapters/mysql/native/native-engine.js';
import { toDatabaseName } from '../../src/core/names.js';
import type { RefreshRule } from '../../src/core/plan/sync-plan.js';
import { type Death, type End, applyPlanUntilDeath, endpointIn } from './dying-run.js';
import { type TestFlavor, availableFlavors } from './flavors.js';
import { aPlan, someRules } from './inventory.js';
import type { TestServer } from './servers.js';

/** One of each vendor: each step of a death is several copies. */
export const dyingFlavors = (): readonly TestFlavor[] =>
  availableFlavors().filter(({ id }) => id === 'mariadb-10.11' || id === 'mysql-9.7');

/** A refresh of the database `shop`, until its process dies after so many changes. */
export const refreshUntilDeath = async (
  [source, target]: readonly [source: TestServer, target: TestServer],
  survivingCalls: number,
  { rule = 'auto', ...death }: Death & { readonly rule?: RefreshRule } = {},
): Promise<End> => {
  const name = toDatabaseName('shop');
  const plan = aPlan({
    source: endpointIn('source', source),
    target: endpointIn('target', target),
    options: { ...aPlan().options, engine: 'native', refresh: rule },
    selections: [{ kind: 'named', name, as: name, ...someRules() }],
  });
  const engine = createNativeEngine({ lanes: 2, proof: 'digest', onConditions: () => undefined });
  try {
    return await applyPlanUntilDeath(plan, engine, survivingCalls, death);
  } finally {
    await engine.close();
  }
};

const SHOP = `CREATE DATABASE shop CHARACTER SET utf8mb4; USE shop;
  CREATE TABLE colours (name VARCHAR(20) PRIMARY KEY); INSERT INTO colours VALUES ('red'), ('blue');
  CREATE TABLE owners (id INT AUTO_INCREMENT PRIMARY KEY, name VARCHAR(20)); INSERT INTO owners VALUES (1, 'a'), (2, 'b'), (3, 'c'), (4, 'd');
  CREATE TABLE pets (id INT PRIMARY KEY, owner INT, colour VARCHAR(20), KEY pet_of (owner), KEY of_colour (colour),
    CONSTRAINT pet_of FOREIGN KEY (owner) REFERENCES owners (id) ON DELETE CASCADE, CONSTRAINT of_colour FOREIGN KEY (colour) REFERENCES colours (name));
  INSERT INTO pets VALUES (1, 1, 'red'), (2, 2, 'blue'), (3, 3, NULL), (4, 4, 'red');
  CREATE TRIGGER t BEFORE INSERT ON owners FOR EACH ROW SET NEW.name = CONCAT(NEW.name, '!');
  CREATE VIEW names AS SELECT name, colour FROM owners JOIN pets ON owner = owners.id`;

export interface Shops {
  readonly source: TestServer;
  readonly target: TestServer;
  /** Each run has an id of its own. */
  readonly refresh: (survivingCalls: number, death?: Death) => Promise<End>;
  /** Changes two tables of the source. */
  readonly change: (round: number) => Promise<unknown>;
}

/** Two servers with the same shop. */
export const startShops = async (flavor: TestFlavor): Promise<Shops> => {
  const [source, target] = await Promise.all([flavor.start(), flavor.start()]);
  for (const server of [source, target]) server.load(SHOP);
  let runs = 0;
  return {
    source,
    target,
    refresh: (survivingCalls, death = {}) => {
      const run = (runs += 1).toString(8).padStart(6, '0').replaceAll('0', '8').replaceAll('1', '9');
      return refreshUntilDeath([source, target], survivingCalls, { ...death, run });
    },
    change: (round) =>
      source.query(
        `UPDATE shop.owners SET name = 'round ${String(round)}' WHERE id = 1; DELETE FROM shop.pets WHERE id = 2;
         INSERT INTO shop.pets VALUES (2, ${String((round % 4) + 1)}, 'blue')`,
      ),
  };
};
