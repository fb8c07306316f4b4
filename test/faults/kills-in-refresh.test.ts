import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { RunningCli } from '../support/cli.js';
import { availableFlavors } from '../support/flavors.js';
import { type Rig, startRig } from '../support/rig.js';
import { type StatementProxy, startStatementProxy } from '../support/statement-proxy.js';

/**
 * Real processes, killed while they move foreign keys between tables that stay and tables that are swapped, before each of the
 * statements: the target never hears of it. The next refresh goes on from there.
 */

/** `pets` stays between `owners` and `visits`, which are swapped. */
const SHOP = `CREATE DATABASE shop; USE shop;
  CREATE TABLE owners (id INT PRIMARY KEY, name VARCHAR(20));
  CREATE TABLE pets (id INT PRIMARY KEY, owner INT, CONSTRAINT pet_of FOREIGN KEY (owner) REFERENCES owners (id) ON DELETE CASCADE);
  CREATE TABLE visits (id INT PRIMARY KEY, pet INT, CONSTRAINT of_pet FOREIGN KEY (pet) REFERENCES pets (id) ON DELETE CASCADE);
  INSERT INTO owners VALUES (1, 'Anna'); INSERT INTO pets VALUES (1, 1); INSERT INTO visits VALUES (1, 1)`;

const MOMENTS: readonly (readonly [string, RegExp])[] = [
  ['the key of a table that stays is dropped', /^ALTER TABLE `shop`\.`pets` DROP FOREIGN KEY/],
  ['the key of a table that stays is made', /^ALTER TABLE `shop`\.`pets` ADD CONSTRAINT/],
  ['the key to the staging database is dropped', /^ALTER TABLE `shop`\.`visits` DROP FOREIGN KEY/],
  ['the key to a table that stays is made', /^ALTER TABLE `shop`\.`visits` ADD CONSTRAINT/],
  ['the key of what is kept is dropped', /^ALTER TABLE `mysql_sync_old_\w+`\.`visits` DROP FOREIGN KEY/],
];

const flavors = availableFlavors().filter(({ id }) => id === 'mariadb-10.11' || id === 'mysql-9.7');

describe.each(flavors)('$id', (flavor) => {
  let rig: Rig;
  let proxy: StatementProxy;
  let plan: string;
  beforeAll(async () => {
    rig = await startRig({ flavor });
    proxy = await startStatementProxy(rig.target.port);
    await rig.source.query(SHOP);
    plan = rig.writePlan('databases:\n  - name: shop\noptions: {refresh: auto}', {
      target: rig.inlineTarget(proxy.port),
    });
  });
  afterAll(async () => {
    await proxy.stop();
    await rig.stop();
  });

  beforeEach(async () => {
    await rig.clearTarget('shop');
    await rig.target.query(`${SHOP}; UPDATE owners SET name = 'Bert'; INSERT INTO visits VALUES (2, 1)`);
  });

  let cli: RunningCli | undefined;
  afterEach(async () => {
    cli?.child.kill('SIGKILL');
    await cli?.ended;
  });

  const identifyStaying = (): Promise<unknown> =>
    rig.target.query(
      `SELECT TABLE_ID FROM information_schema.${flavor.vendor === 'mysql' ? 'INNODB_TABLES' : 'INNODB_SYS_TABLES'} WHERE NAME = 'shop/pets'`,
    );

  test.each(MOMENTS)('SIGKILL of the tool before %s', async (_, statement) => {
    const staying = await identifyStaying();
    const isHeld = proxy.hold(statement);
    cli = rig.spawn(['apply', plan, '--confirm-target', 'staging']);
    const hasEnded = cli.ended.then(({ stdout, stderr }): never => {
      throw new Error(`it ended and sent nothing that matches ${String(statement)}:\n${stdout}${stderr}`);
    });
    await Promise.race([isHeld, hasEnded]);
    cli.child.kill('SIGKILL');
    await cli.ended;
    const { code, stdout, stderr } = await rig.run(['apply', plan, '--confirm-target', 'staging']);
    expect(code, stdout + stderr).toBe(0);
    expect(stdout + stderr).toContain('3 tables stayed');
    expect(await rig.contentOf('target', 'shop')).toEqual(await rig.contentOf('source', 'shop'));
    expect(await identifyStaying()).toEqual(staying);
    await rig.target.query('DELETE FROM shop.owners');
    expect(await rig.target.query('SELECT id FROM shop.visits')).toEqual([]);
  });
});
