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

  describe('databases that the target has, whose new views need what only the copy of the other brings', () => {
    const NEW = `CREATE DATABASE crm; CREATE DATABASE erp;
      CREATE TABLE crm.p (id INT PRIMARY KEY); CREATE TABLE erp.p (id INT PRIMARY KEY); CREATE TABLE crm.fresh (id INT PRIMARY KEY);
      CREATE TABLE crm.c (id INT PRIMARY KEY, CONSTRAINT k FOREIGN KEY (id) REFERENCES erp.p (id));
      CREATE TABLE erp.c (id INT PRIMARY KEY, name VARCHAR(9), CONSTRAINT k FOREIGN KEY (id) REFERENCES crm.p (id) ON DELETE CASCADE,
        CONSTRAINT l FOREIGN KEY (id) REFERENCES crm.fresh (id));
      INSERT INTO crm.p VALUES (1), (2); INSERT INTO erp.p VALUES (1), (2); INSERT INTO crm.fresh VALUES (1); INSERT INTO crm.c VALUES (2);
      INSERT INTO erp.c VALUES (1, 'new'); CREATE VIEW crm.v AS SELECT name FROM erp.c; CREATE VIEW erp.v AS SELECT id FROM crm.fresh`;
    const OLD = `CREATE DATABASE crm; CREATE DATABASE erp;
      CREATE TABLE crm.p (id INT PRIMARY KEY); CREATE TABLE erp.p (id INT PRIMARY KEY); CREATE TABLE erp.gone (id INT PRIMARY KEY);
      CREATE TABLE crm.c (id INT PRIMARY KEY, CONSTRAINT k FOREIGN KEY (id) REFERENCES erp.p (id) ON DELETE CASCADE,
        CONSTRAINT l FOREIGN KEY (id) REFERENCES erp.gone (id));
      CREATE TABLE erp.c (id INT PRIMARY KEY, CONSTRAINT k FOREIGN KEY (id) REFERENCES crm.p (id));
      INSERT INTO crm.p VALUES (7); INSERT INTO erp.p VALUES (7); INSERT INTO erp.gone VALUES (7); INSERT INTO crm.c VALUES (7);
      INSERT INTO erp.c VALUES (7); CREATE VIEW crm.v AS SELECT id FROM erp.gone; CREATE VIEW erp.v AS SELECT id FROM crm.v`;
    const DROP = 'SET FOREIGN_KEY_CHECKS = 0; DROP DATABASE IF EXISTS crm; DROP DATABASE IF EXISTS erp';
    const UNIT = 'databases: [{name: crm}, {name: erp}]';

    const read = (server: 'source' | 'target') =>
      Promise.all(['crm', 'erp'].map((name) => rig.contentOf(server, name)));
    const applyUnit = () => rig.run(['apply', rig.writePlan(UNIT), '--confirm-target', 'staging', '--json']);

    beforeAll(async () => rig.source.query(NEW));
    beforeEach(async () => {
      await rig.target.query(DROP);
      await rig.target.query(OLD);
    });
    afterAll(async () => rig.target.query(DROP));

    test('are overwritten together, brought back together, and their keys refer to live tables', async () => {
      const before = await read('target');
      const planned = await rig.run(['plan', rig.writePlan(UNIT), '--json']);
      expect(planned.stdout).toContain('these databases are swapped together');
      expect(await applyUnit()).toMatchObject({ code: 0 });
      expect(await read('target')).toEqual(await read('source'));
      await expect(rig.target.query('INSERT INTO crm.c VALUES (7)')).rejects.toThrow(/foreign key/);
      expect((await rollback()).code).toBe(0);
      expect(await read('target')).toEqual(before);
      await rig.target.query('DELETE FROM erp.p');
      expect(await rig.target.query('SELECT * FROM crm.c')).toEqual([]);
      expect((await rollback()).code).toBe(0);
      expect(await read('target')).toEqual(await read('source'));
    });

    test('one of which the target has: come together, and the rollback takes the new one away again', async () => {
      await rig.target.query(`${DROP}; CREATE DATABASE crm; CREATE TABLE crm.p (id INT PRIMARY KEY);
        CREATE TABLE crm.c (id INT PRIMARY KEY, CONSTRAINT k FOREIGN KEY (id) REFERENCES erp.gone (id)); CREATE VIEW crm.v AS SELECT id FROM crm.c`);
      const before = await read('target');
      expect(await applyUnit()).toMatchObject({ code: 0 });
      expect(await read('target')).toEqual(await read('source'));
      expect((await rollback()).stdout).toMatch(/crm +restored.*\n *erp +removed/);
      expect(await read('target')).toEqual(before);
      expect((await rollback()).code).toBe(0);
      expect(await read('target')).toEqual(await read('source'));
    });

    test('are as they were when a view of one cannot be created', async () => {
      const before = await read('target');
      await rig.source.query(
        'CREATE DATABASE elsewhere; CREATE FUNCTION elsewhere.one() RETURNS INT DETERMINISTIC RETURN 1; CREATE VIEW erp.failing AS SELECT elsewhere.one()',
      );
      const { code, stdout } = await applyUnit();
      await rig.source.query('DROP DATABASE elsewhere; DROP VIEW erp.failing');
      expect(stdout).toContain('view erp.failing cannot be created');
      expect(code).toBe(3);
      expect(await read('target')).toEqual(before);
      expect(await rig.scratchDatabases()).toEqual([]);
    });

    test('what is kept of one comes back without what was kept of the other, and its keys refer to what is live', async () => {
      await rig.target.query('DROP VIEW erp.v; DROP VIEW crm.v');
      const [crm] = await read('target');
      expect(await applyUnit()).toMatchObject({ code: 0 });
      const alone = ['--only', 'erp', '--confirm-target', 'staging', '--no-keep-previous'];
      expect(await rig.run(['apply', rig.writePlan(UNIT), ...alone])).toMatchObject({ code: 0 });
      expect(await rig.scratchDatabases()).toHaveLength(1);
      expect(await rollback()).toMatchObject({ code: 0 });
      expect((await read('target'))[0]).toEqual(crm);
      await expect(rig.target.query('INSERT INTO crm.c VALUES (8)')).rejects.toThrow(/foreign key/);
    });
  });
});
