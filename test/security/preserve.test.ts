import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { availableFlavors } from '../support/flavors.js';
import { type Rig, startRig } from '../support/rig.js';

/** A plan from a repository that others apply. Whatever its conditions say, they only read, and only the live database. */
const ATTACKS: readonly (readonly [string, string])[] = [
  ['a second statement', 'id = 1; DROP DATABASE other'],
  ['its parentheses left', 'id = 1) OR (1 = 1'],
  ['a comment that servers run', 'id = 1 /*! OR 1 = 1 */'],
  ['a text without an end', "id = 1 OR n = 'x"],
  ['another database in a subquery', 'id IN (SELECT id FROM other.t)'],
  ['rows of accounts behind comments', 'id IN (SELECT COUNT(*) FROM mysql/* */./* */user)'],
  ['a function of another database', 'other.f(id)'],
  ['a file of the server', "n = LENGTH(LOAD_FILE('/etc/hostname'))"],
  ['rows handed elsewhere', "id IN (SELECT id FROM t INTO OUTFILE '/tmp/rows')"],
];

const flavors = availableFlavors().filter(({ id }) => id === 'mariadb-10.11' || id === 'mysql-9.7');

describe.each(flavors)('$id', (flavor) => {
  let rig: Rig;
  beforeAll(async () => {
    rig = await startRig({ flavor, targetOptions: ['--log-bin-trust-function-creators=1'] });
    const table = 'CREATE TABLE t (id INT PRIMARY KEY, n INT); INSERT INTO t VALUES (1, 1)';
    rig.source.load(`CREATE DATABASE shop; USE shop; ${table}`);
    rig.target.load(
      `CREATE DATABASE other; USE other; ${table}; CREATE DATABASE shop; USE shop; ${table};
       CREATE TABLE deeds (id INT)`,
    );
    await rig.target.query(
      'CREATE FUNCTION shop.harm(n INT) RETURNS INT MODIFIES SQL DATA BEGIN INSERT INTO shop.deeds VALUES (n); RETURN 1; END',
    );
  });
  afterAll(async () => {
    await rig.stop();
  });

  const applyWith = (condition: string) =>
    rig.run([
      'apply',
      rig.writePlan(
        `databases:\n  - name: shop\n    tables:\n      preserve:\n        t: ${JSON.stringify(condition)}`,
      ),
      '--confirm-target',
      'staging',
    ]);

  test.each(ATTACKS)(
    'a condition of tables.preserve reaches for %s: the plan is refused with its line, and nothing is written',
    async (_, condition) => {
      const before = await rig.contentOf('target', 'shop');
      const { code, stderr } = await applyWith(condition);
      expect([code, stderr]).toEqual([5, expect.stringMatching(/:\d+:\d+: error\[PLAN_SCHEMA\]/)]);
      expect(await rig.contentOf('target', 'shop')).toEqual(before);
    },
  );

  test('a condition of tables.preserve calls a function that writes: it is refused, and does not run', async () => {
    const before = await rig.contentOf('target', 'shop');
    const { code, stderr } = await applyWith('HARM(id) = 1');
    expect([code, stderr]).toEqual([9, expect.stringContaining('it calls harm')]);
    expect(await rig.contentOf('target', 'shop')).toEqual(before);
  });

  test('a key that points nowhere holds escapes of a terminal: they are shown, and not obeyed', async () => {
    const children = (values: string): string =>
      `SET FOREIGN_KEY_CHECKS = 0; DROP TABLE IF EXISTS c, p; CREATE TABLE p (id VARCHAR(20) PRIMARY KEY) ENGINE = InnoDB;
       CREATE TABLE c (id INT PRIMARY KEY, p VARCHAR(20), CONSTRAINT \`f\\\`\`k\` FOREIGN KEY (p) REFERENCES p (id)) ENGINE = InnoDB; ${values}`;
    rig.source.load(children(''), 'shop');
    rig.target.load(children("INSERT INTO c VALUES (1, CONCAT(CHAR(27), '[2J'))"), 'shop');
    const plan = 'databases:\n  - name: shop\n    tables: {preserve: {c: all}}';
    const { code, stdout, stderr } = await rig.run([
      'apply',
      rig.writePlan(plan),
      '--confirm-target',
      'staging',
    ]);
    expect(code).toBe(3);
    expect(`${stdout}${stderr}`).toContain('PRESERVE_FAILED');
    expect(`${stdout}${stderr}`).toContain('\\x1b[2J');
    expect(`${stdout}${stderr}`).not.toContain('\u001b');
  });
});
