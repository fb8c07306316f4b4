import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { availableFlavors } from '../support/flavors.js';
import { type Rig, startRig } from '../support/rig.js';

/** A plan from a repository that others apply. Whatever it says, only rows of its own copy change. */
const ATTACKS: readonly (readonly [string, string])[] = [
  ['a second statement behind a semicolon', 'UPDATE t SET n = 1; DROP DATABASE other'],
  ['one in a comment that servers run', 'UPDATE t SET n = 1 /*! , other.t SET n = 1 */'],
  ['another database in a list of tables', 'UPDATE t, other.t SET t.n = 1, other.t.n = 9'],
  [
    'one behind the condition of a join',
    'UPDATE t JOIN t b ON t.id = b.id, other.t AS other SET other.n = 9',
  ],
  ['one behind comments', 'DELETE FROM other/* */./* */t'],
  ['one in quotes', 'DELETE FROM `other` . `t`'],
  ['rows of accounts', 'INSERT INTO t SELECT 9, COUNT(*) FROM mysql.user'],
  ['a file of the server', "UPDATE t SET n = LENGTH(LOAD_FILE('/etc/hostname'))"],
  ['a setting of the server', 'SET GLOBAL max_connections = 1'],
  ['a routine', 'CALL other.p()'],
  ['its database left', 'USE other'],
  ['structure', 'ALTER TABLE t ADD COLUMN m INT'],
];

const flavors = availableFlavors().filter(({ id }) => id === 'mariadb-10.11' || id === 'mysql-9.7');

describe.each(flavors)('$id', (flavor) => {
  let rig: Rig;
  beforeAll(async () => {
    rig = await startRig({ flavor });
    rig.source.load(
      'CREATE DATABASE shop; CREATE TABLE shop.t (id INT PRIMARY KEY, n INT); INSERT INTO shop.t VALUES (1, 1)',
    );
    rig.target.load(
      'CREATE DATABASE other; CREATE TABLE other.t (id INT PRIMARY KEY, n INT); INSERT INTO other.t VALUES (1, 1)',
    );
  });
  afterAll(async () => {
    await rig.stop();
  });

  test.each(ATTACKS)(
    'a hook of a plan reaches for %s: the plan is refused with its line, and nothing is written',
    async (_, sql) => {
      const file = rig.writePlan(
        `databases:\n  - name: shop\nhooks:\n  staged:\n    - ${JSON.stringify(sql)}`,
      );
      const { code, stderr } = await rig.run([
        'apply',
        file,
        '--confirm-target',
        'staging',
        '--auto-approve',
      ]);
      expect([code, stderr]).toEqual([5, expect.stringMatching(/:\d+:\d+: error\[PLAN_SCHEMA\]/)]);
      expect(await rig.contentOf('target', 'shop')).toBeUndefined();
      expect(await rig.target.query('SELECT n FROM other.t')).toEqual([{ n: 1 }]);
    },
  );

  test('what an assertion returns holds escapes of a terminal: they are shown, and not obeyed', async () => {
    const file = rig.writePlan(
      `databases:\n  - name: shop\nhooks:\n  assert:\n    - {none: "SELECT CONCAT(CHAR(27), '[2J') AS \`a\\eb\` FROM t"}`,
    );
    const { code, stdout, stderr } = await rig.run(['apply', file, '--auto-approve']);
    expect(code).not.toBe(0);
    expect(`${stdout}${stderr}`).toContain('\\x1b[2J');
    expect(`${stdout}${stderr}`).not.toContain('\u001b');
  });
});
