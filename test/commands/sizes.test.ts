import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { availableFlavors } from '../support/flavors.js';
import { type Rig, startRig } from '../support/rig.js';

/** The largest things that servers can have, from the source to the target by the command line. */
// As a file each letter has three characters, and file names end at 255.
const LONGEST = 'é'.repeat(64);
const COLUMNS = Array.from({ length: 1000 }, (_, index) => `c${String(index)} INT DEFAULT ${String(index)}`);
const TABLES = Array.from(
  { length: 2000 },
  (_, index) => `CREATE TABLE t${String(index)} (id INT PRIMARY KEY)`,
);
const ROW_BYTES = 64 * 1024 * 1024;

/** Many times what it takes, on a machine that has much else to do. */
const PATIENCE_MILLISECONDS = 240_000;

const flavors = availableFlavors().filter(({ id }) => id === 'mariadb-10.11' || id === 'mysql-9.7');

describe.each(flavors)('$id', (flavor) => {
  let rig: Rig;
  beforeAll(async () => {
    const options = [
      '--max-allowed-packet=256M',
      ...(flavor.vendor === 'mysql' ? ['--innodb-redo-log-capacity=1G'] : []),
    ];
    rig = await startRig({ flavor, sourceOptions: options, targetOptions: options });
    await rig.source.query(
      `CREATE DATABASE ${LONGEST}; CREATE TABLE ${LONGEST}.${LONGEST} (${LONGEST} INT PRIMARY KEY);
       INSERT INTO ${LONGEST}.${LONGEST} VALUES (1); CREATE VIEW ${LONGEST}.v AS SELECT * FROM ${LONGEST}.${LONGEST};
       CREATE DATABASE wide; CREATE TABLE wide.t (${COLUMNS.join(', ')}); INSERT INTO wide.t () VALUES (), ();
       CREATE DATABASE large; CREATE TABLE large.t (id INT PRIMARY KEY, b LONGBLOB);
       INSERT INTO large.t VALUES (1, REPEAT(0x00FF275C0A0D1A22, ${String(ROW_BYTES / 8)})), (2, 'small')`,
    );
  }, PATIENCE_MILLISECONDS);
  afterAll(async () => rig.stop());

  const apply = async (database: string, engine: string): Promise<void> => {
    const plan = rig.writePlan(`databases: [{name: ${database}}]\noptions: {engine: ${engine}}`);
    const { code, stdout, stderr } = await rig.run([
      'apply',
      plan,
      '--no-input',
      '--confirm-target',
      'staging',
      '--no-keep-previous',
    ]);
    expect({ code, said: code === 0 ? '' : stdout + stderr }).toEqual({ code: 0, said: '' });
  };

  test.each<readonly [string, string, string]>([
    ['names of 64 characters', 'native', LONGEST],
    // MySQL's own dump client cannot read them: its SHOW TABLES LIKE fails (1054).
    ...(flavor.vendor === 'mysql' ? [] : [['names of 64 characters', 'dump', LONGEST] as const]),
    ['1,000 columns', 'native', 'wide'],
    ['1,000 columns', 'dump', 'wide'],
  ])(
    '%s, %s',
    async (_, engine, database) => {
      await apply(database, engine);
      expect(await rig.contentOf('target', database)).toEqual(await rig.contentOf('source', database));
    },
    PATIENCE_MILLISECONDS,
  );

  test(
    '2,000 tables',
    async () => {
      await rig.source.query(`CREATE DATABASE many; USE many; ${TABLES.join(';')}`);
      await apply('many', 'native');
      const sql =
        "SELECT COUNT(*) AS tables, SUM(ENGINE = 'InnoDB') AS of_innodb FROM information_schema.TABLES WHERE TABLE_SCHEMA = 'many'";
      expect((await rig.target.query(sql)).map(({ tables }) => Number(tables))).toEqual([2000]);
      expect(await rig.target.query(sql)).toEqual(await rig.source.query(sql));
    },
    PATIENCE_MILLISECONDS,
  );

  test.each(['native', 'dump'])(
    'a row of 64 MB, %s',
    async (engine) => {
      await apply('large', engine);
      const sql = 'SELECT id, LENGTH(b) AS bytes, SHA2(b, 256) AS hash FROM large.t ORDER BY id';
      const rows = await rig.target.query(sql);
      expect(rows.map(({ bytes }) => Number(bytes))).toEqual([ROW_BYTES, 5]);
      expect(rows).toEqual(await rig.source.query(sql));
    },
    PATIENCE_MILLISECONDS,
  );
});
