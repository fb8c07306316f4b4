import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { availableFlavors } from '../support/flavors.js';
import { type Rig, startRig } from '../support/rig.js';
import type { TestServer } from '../support/servers.js';

/** The swap in every case that needs care, and the way back. */

const flavors = availableFlavors().filter(({ id }) => id === 'mariadb-10.11' || id === 'mysql-9.7');

/** Names of CHECK constraints are unique in a database of MySQL, and those of foreign keys in InnoDB. */
const NEW = `CREATE TABLE a (id INT PRIMARY KEY, b INT, v INT, CONSTRAINT ck CHECK (v > 0)) ENGINE = InnoDB;
  CREATE TABLE b (id INT PRIMARY KEY, a INT, CONSTRAINT fk_ba FOREIGN KEY (a) REFERENCES a (id)) ENGINE = InnoDB;
  ALTER TABLE a ADD CONSTRAINT fk_ab FOREIGN KEY (b) REFERENCES b (id);
  CREATE TABLE tree (id INT PRIMARY KEY, up INT, CONSTRAINT fk_up FOREIGN KEY (up) REFERENCES tree (id)) ENGINE = InnoDB;
  CREATE TABLE \`odd name.%\`\`日\` (\`select\` INT PRIMARY KEY) ENGINE = InnoDB;
  INSERT INTO a VALUES (1, NULL, 5); INSERT INTO b VALUES (1, 1); UPDATE a SET b = 1; INSERT INTO tree VALUES (1, 1);
  INSERT INTO \`odd name.%\`\`日\` VALUES (7);
  CREATE VIEW z_first AS SELECT id FROM a; CREATE VIEW a_second AS SELECT id FROM z_first;
  CREATE PROCEDURE p() SELECT 'new'; CREATE FUNCTION f() RETURNS INT DETERMINISTIC RETURN 2;
  CREATE TRIGGER t1 BEFORE INSERT ON tree FOR EACH ROW SET NEW.up = NEW.id;
  CREATE TRIGGER t0 BEFORE INSERT ON tree FOR EACH ROW SET NEW.up = NEW.id;
  CREATE EVENT e ON SCHEDULE EVERY 1 DAY STARTS '2030-01-01 00:00:00' DO DO 1`;

const OLD = `CREATE TABLE a (id INT PRIMARY KEY, w INT, CONSTRAINT ck CHECK (w < 0)) ENGINE = InnoDB;
  CREATE TABLE tree (id INT PRIMARY KEY, CONSTRAINT fk_up FOREIGN KEY (id) REFERENCES a (id)) ENGINE = InnoDB;
  CREATE TABLE only_here (id INT PRIMARY KEY, CONSTRAINT ck_2 CHECK (id > 1)) ENGINE = InnoDB;
  INSERT INTO a VALUES (3, -1); INSERT INTO tree VALUES (3); INSERT INTO only_here VALUES (2);
  CREATE VIEW b AS SELECT id FROM tree; CREATE VIEW z_first AS SELECT id FROM b;
  CREATE PROCEDURE p() SELECT 'old'; CREATE PROCEDURE gone() SELECT 1;
  CREATE TRIGGER t2 BEFORE INSERT ON tree FOR EACH ROW SET NEW.id = NEW.id;
  CREATE TRIGGER t1 BEFORE INSERT ON tree FOR EACH ROW SET NEW.id = NEW.id;
  CREATE EVENT e_gone ON SCHEDULE EVERY 1 DAY STARTS '2030-01-01 00:00:00' DO DO 1`;

describe.each(flavors)('$id', (flavor) => {
  let rig: Rig;
  beforeAll(async () => {
    rig = await startRig({ flavor });
    await rig.source.query('CREATE DATABASE shop CHARACTER SET utf8mb4');
    rig.source.load(NEW, 'shop');
  });
  afterAll(async () => rig.stop());
  beforeEach(async () => {
    for (const name of ['shop', 'bare', 'many', ...(await rig.scratchDatabases())])
      await rig.target.query(`SET FOREIGN_KEY_CHECKS = 0; DROP DATABASE IF EXISTS \`${name}\``);
  });

  const apply = (plan: string) => rig.run(['apply', plan, '--confirm-target', 'staging']);
  const rollBack = () => rig.rollBackNewest();

  test('tables, keys, checks and programs of both sides change places, and back', async () => {
    await rig.target.query('CREATE DATABASE shop CHARACTER SET latin1');
    rig.target.load(OLD, 'shop');
    const before = await rig.contentOf('target', 'shop');
    const applied = await apply(rig.writePlan('databases:\n  - name: shop'));
    expect(`${applied.stdout}${applied.stderr}`).not.toMatch(/error\[/);
    expect(applied.code).toBe(0);
    expect(await rig.contentOf('target', 'shop')).toEqual(await rig.contentOf('source', 'shop'));
    const rolled = await rollBack();
    expect(`${rolled.stdout}${rolled.stderr}`).not.toMatch(/error\[/);
    expect(await rig.contentOf('target', 'shop')).toEqual(before);
    expect((await rollBack()).code).toBe(0);
    expect(await rig.contentOf('target', 'shop')).toEqual(await rig.contentOf('source', 'shop'));
  });

  test('programs and no tables, on either side', async () => {
    await rig.source.query("CREATE DATABASE IF NOT EXISTS bare; CREATE PROCEDURE bare.p() SELECT 'new'");
    await rig.target.query(
      'CREATE DATABASE bare; CREATE TABLE bare.t (id INT); CREATE VIEW bare.v AS SELECT 1 AS x',
    );
    const before = await rig.contentOf('target', 'bare');
    const plan = rig.writePlan('databases:\n  - name: bare');
    expect((await apply(plan)).code).toBe(0);
    expect(await rig.contentOf('target', 'bare')).toEqual(await rig.contentOf('source', 'bare'));
    expect((await rollBack()).code).toBe(0);
    expect(await rig.contentOf('target', 'bare')).toEqual(before);
  });

  test.each([
    ['an empty database', ''],
    ['a database of views only', 'CREATE VIEW a AS SELECT 1 AS x; CREATE VIEW b AS SELECT x FROM a'],
  ])('%s replaces another, and comes where there was none', async (_, sql) => {
    await rig.source.query('DROP DATABASE IF EXISTS bare; CREATE DATABASE bare CHARACTER SET latin1');
    rig.source.load(sql, 'bare');
    await rig.target.query('CREATE DATABASE bare; CREATE TABLE bare.a (id INT)');
    const plan = rig.writePlan('databases:\n  - name: bare\n  - {name: bare, as: many}');
    expect((await apply(plan)).code).toBe(0);
    expect(await rig.contentOf('target', 'bare')).toEqual(await rig.contentOf('source', 'bare'));
    expect(await rig.contentOf('target', 'many')).toEqual(await rig.contentOf('source', 'bare'));
  });

  /** What tells the two sides apart, in a second instead of a minute. */
  const glance = async (server: TestServer): Promise<unknown> => [
    await server.query(
      "SELECT TABLE_NAME AS t, COLUMN_NAME AS c FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = 'many' ORDER BY 1, 2",
    ),
    await server.query('SELECT * FROM many.t7 UNION ALL SELECT * FROM many.t8'),
  ];

  test('200 tables move at once', async () => {
    const names = Array.from({ length: 200 }, (_, index) => `t${String(index)}`);
    const make = (column: string): string =>
      names.map((name) => `CREATE TABLE ${name} (id INT PRIMARY KEY, ${column} INT)`).join(';');
    await Promise.all([
      rig.source.query(`CREATE DATABASE many; USE many; ${make('a')}; INSERT INTO t7 VALUES (1, 2)`),
      rig.target.query(`CREATE DATABASE many; USE many; ${make('b')}; INSERT INTO t8 VALUES (3, 4)`),
    ]);
    const before = await glance(rig.target);
    const { code, stdout } = await apply(
      rig.writePlan('databases:\n  - name: many\noptions: {verify: counts}'),
    );
    expect(stdout).toMatch(/many +overwritten +[\d ]+00 tables/);
    expect(code).toBe(0);
    expect(await glance(rig.target)).toEqual(await glance(rig.source));
    expect((await rollBack()).code).toBe(0);
    expect(await glance(rig.target)).toEqual(before);
  }, 240_000);
});

test.each(flavors)('$id: servers that store names in lower case', async (flavor) => {
  const options = ['--lower-case-table-names=1'];
  const rig = await startRig({ flavor, sourceOptions: options, targetOptions: options });
  try {
    await rig.source.query(
      'CREATE DATABASE Shop; CREATE TABLE Shop.Orders (id INT PRIMARY KEY); INSERT INTO Shop.Orders VALUES (1)',
    );
    await rig.target.query(
      'CREATE DATABASE SHOP; CREATE TABLE SHOP.ORDERS (old INT); CREATE VIEW SHOP.V AS SELECT old FROM SHOP.Orders',
    );
    const before = await rig.contentOf('target', 'shop');
    const plan = rig.writePlan('databases:\n  - name: shop');
    expect((await rig.run(['apply', plan, '--confirm-target', 'staging'])).code).toBe(0);
    expect(await rig.contentOf('target', 'shop')).toEqual(await rig.contentOf('source', 'shop'));
    expect((await rig.rollBackNewest()).code).toBe(0);
    expect(await rig.contentOf('target', 'shop')).toEqual(before);
  } finally {
    await rig.stop();
  }
});
