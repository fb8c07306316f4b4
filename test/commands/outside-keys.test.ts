import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { availableFlavors } from '../support/flavors.js';
import { type Rig, startRig } from '../support/rig.js';

/** Foreign keys of tables that are not swapped: they follow a rename, and must be brought back. */

const PLAN = 'databases:\n  - name: shop';

const flavors = availableFlavors().filter(({ id }) => id === 'mariadb-10.11' || id === 'mysql-9.7');

describe.each(flavors)('$id', (flavor) => {
  let rig: Rig;
  beforeAll(async () => {
    rig = await startRig({ flavor });
    await rig.source.query(
      "CREATE DATABASE shop; CREATE TABLE shop.customers (id INT PRIMARY KEY, name VARCHAR(9)); INSERT INTO shop.customers VALUES (1, 'new')",
    );
  });
  afterAll(async () => rig.stop());

  const reset = async (): Promise<void> => {
    await rig.target.query(
      'SET FOREIGN_KEY_CHECKS = 0; DROP DATABASE IF EXISTS outside; DROP DATABASE IF EXISTS shop',
    );
    for (const name of await rig.scratchDatabases())
      await rig.target.query(`SET FOREIGN_KEY_CHECKS = 0; DROP DATABASE \`${name}\``);
  };

  const OUTSIDE = `SET FOREIGN_KEY_CHECKS = 0; CREATE DATABASE outside;
    CREATE TABLE outside.notes (id INT PRIMARY KEY, c INT, CONSTRAINT \`fk out\` FOREIGN KEY (c) REFERENCES shop.customers (id) ON DELETE CASCADE)`;

  const parentDatabase = async (): Promise<unknown> =>
    (
      await rig.target.query(
        "SELECT UNIQUE_CONSTRAINT_SCHEMA AS parent FROM information_schema.REFERENTIAL_CONSTRAINTS WHERE CONSTRAINT_SCHEMA = 'outside'",
      )
    )[0]?.['parent'];

  const apply = () => rig.run(['apply', rig.writePlan(PLAN), '--confirm-target', 'staging']);
  const rollback = () => rig.rollBackNewest();

  beforeEach(reset);

  test('after an overwrite they refer to the new tables, after a rollback to the old ones', async () => {
    await rig.target.query('CREATE DATABASE shop; CREATE TABLE shop.customers (id INT PRIMARY KEY)');
    await rig.target.query(OUTSIDE);
    const before = await rig.contentOf('target', 'outside');
    const { code, stdout, stderr } = await apply();
    expect(`${stdout}${stderr}`).not.toContain('error[');
    expect(code).toBe(0);
    expect(await rig.contentOf('target', 'outside')).toEqual(before);
    await expect(rig.target.query('INSERT INTO outside.notes VALUES (1, 7)')).rejects.toThrow(/foreign key/);
    await rig.target.query('INSERT INTO outside.notes VALUES (1, 1)');
    await rig.target.query('DELETE FROM outside.notes');
    expect((await rollback()).code).toBe(0);
    expect(await rig.contentOf('target', 'outside')).toEqual(before);
  });

  test('a table that the plan leaves out keeps its key', async () => {
    await rig.target.query(
      `CREATE DATABASE shop; CREATE TABLE shop.customers (id INT PRIMARY KEY);
       CREATE TABLE shop.log (c INT, CONSTRAINT fk_log FOREIGN KEY (c) REFERENCES shop.customers (id))`,
    );
    const before = (await rig.contentOf('target', 'shop'))?.tables['log'];
    const plan = rig.writePlan('databases:\n  - {name: shop, tables: {exclude: [log]}}');
    const planned = await rig.run(['plan', plan, '--json']);
    expect(planned.stdout).toContain('made again after the swap: log (fk_log)');
    expect((await rig.run(['apply', plan, '--confirm-target', 'staging'])).code).toBe(0);
    expect((await rig.contentOf('target', 'shop'))?.tables['log']).toEqual(before);
    await expect(rig.target.query('INSERT INTO shop.log VALUES (7)')).rejects.toThrow(/foreign key/);
    await rig.target.query('INSERT INTO shop.log VALUES (1)');
  });

  test('a key to a table that the copy does not have is refused in the plan', async () => {
    await rig.target.query('CREATE DATABASE shop; CREATE TABLE shop.gone (id INT PRIMARY KEY)');
    await rig.target.query(OUTSIDE.replace('shop.customers', 'shop.gone'));
    const { code, stderr } = await apply();
    expect(stderr).toMatch(/error\[DATABASE_BLOCKED\] shop: .*outside\.notes \(fk out\) to gone/);
    expect(code).toBe(9);
    expect(await rig.scratchDatabases()).toEqual([]);
  });

  test('a key that waited for its database finds it, and waits again after a rollback', async () => {
    await rig.target.query(OUTSIDE);
    expect((await apply()).code).toBe(0);
    expect(await parentDatabase()).toBe('shop');
    const rolled = await rollback();
    expect(rolled.stdout).toMatch(/shop +removed/);
    expect(await parentDatabase()).toBe('shop');
    expect((await apply()).code).toBe(0);
    await rig.target.query('INSERT INTO outside.notes VALUES (1, 1)');
  });
});
