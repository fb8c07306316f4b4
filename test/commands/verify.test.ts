import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Rig, startRig } from '../support/rig.js';
import { ROOT } from '../support/servers.js';

const SHOP = readFileSync(join(import.meta.dirname, '../support/shop.sql'), 'utf8');
const PLAN =
  'databases:\n  - name: shop\n    tables: {exclude: ["log_*"], structure_only: [audit], where: {orders: "id < 5500"}}\n  - name: crm';

let rig: Rig;
let plan: string;
beforeAll(async () => {
  rig = await startRig();
  await rig.source.query(
    'CREATE DATABASE shop CHARACTER SET utf8mb4; CREATE DATABASE crm CHARACTER SET utf8mb4; CREATE TABLE crm.t (id INT PRIMARY KEY)',
  );
  rig.source.load(SHOP, 'shop');
  plan = rig.writePlan(PLAN);
  expect((await rig.run(['apply', plan, '--auto-approve'])).code).toBe(0);
});
afterAll(async () => rig.stop());

const verify = async (...flags: readonly string[]) => rig.run(['verify', plan, ...flags]);

test('after an apply all that the plan copies is the same', async () => {
  await rig.target.query(
    "CREATE TABLE shop.log_web (id INT); INSERT INTO shop.audit (what) VALUES ('here only')",
  );
  const { code, stdout } = await verify();
  expect(stdout).toBe('same\tshop\tshop\t2\t503\t0\nsame\tcrm\tcrm\t1\t0\t0\n');
  expect(code).toBe(0);
  expect((await rig.run(['plan', plan, '-v'])).stdout.match(/^(object|diff)\t.*$/gm)).toEqual([
    'object\tshop\ttable\tlog_web\tkeep',
  ]);
});

test('a target that may only be read is enough', async () => {
  const target = `{name: staging, host: 127.0.0.1, port: ${String(rig.target.port)}, user: ${ROOT.user}, password: "\${DB_PASSWORD}"}`;
  expect((await rig.run(['verify', rig.writePlan(PLAN, { target })])).code).toBe(0);
});

/** Statement on the target, and what is then said of it. */
const CHANGES: readonly (readonly [string, string])[] = [
  [
    'UPDATE shop.orders SET total = 1 WHERE id = 5001',
    'shop\ttable\torders\thas as many rows as the source, but different ones',
  ],
  ['INSERT INTO crm.t VALUES (9)', 'crm\ttable\tt\thas 1 row, and the source has 0'],
  [
    'ALTER TABLE shop.audit ADD COLUMN more INT',
    'shop\ttable\taudit\thas a different structure: the copy has "`more` int(11) DEFAULT NULL"',
  ],
  ['CREATE TABLE shop.extra (id INT)', 'shop\ttable\textra\tis only on the target'],
  ['DROP VIEW shop.pairs', 'shop\tview\tpairs\tis missing on the target'],
  [
    'DROP FUNCTION shop.with_tax; CREATE FUNCTION shop.with_tax(a INT) RETURNS INT RETURN a',
    'shop\tfunction\twith_tax\tdiffers',
  ],
  ['CREATE PROCEDURE shop.mine() SELECT 1', 'shop\tprocedure\tmine\tis only on the target'],
  [
    'ALTER DATABASE crm CHARACTER SET greek',
    'crm\tdatabase\tcrm\thas a different charset: greek instead of utf8mb4',
  ],
];

test('every difference is found and named, and nothing is changed', async () => {
  await rig.run(['apply', plan, '--confirm-target', 'staging']);
  for (const [change] of CHANGES) await rig.target.query(change);
  const before = await rig.contentOf('target', 'shop');
  const { code, stdout } = await verify('--detail');
  expect(code).toBe(3);
  expect(stdout).toMatch(/^different\tshop\tshop\t.*\ndifferent\tcrm\t/);
  for (const [, difference] of CHANGES) expect(stdout).toContain(`difference\t${difference}\n`);
  // A charset brings its collation along.
  expect(stdout.match(/^difference\t/gm)).toHaveLength(CHANGES.length + 1);
  expect(await rig.contentOf('target', 'shop')).toEqual(before);
});

test('--rows names the rows that differ, in text, in a pipe and as JSON, and keeps nothing of them', async () => {
  const piped = await verify('--rows', '2', '--only', 'shop');
  expect(piped.code).toBe(3);
  const lines = piped.stdout.split('\n').filter((line) => /^(differing|row)\t/.test(line));
  expect(lines).toEqual(['differing\tshop\torders\t0\t0\t1\t', 'row\tshop\torders\tchanged\tid=5001']);
  await rig.target.query(
    "INSERT INTO crm.t VALUES (10), (11); CREATE TABLE crm.names (name VARCHAR(40) PRIMARY KEY, x INT) CHARSET ascii; INSERT INTO crm.names VALUES (CONCAT('ada', CHAR(27), '@example.org'), 1)",
  );
  await rig.source.query(
    'CREATE TABLE crm.names (name VARCHAR(40) PRIMARY KEY, x INT) CHARSET ascii; CREATE TABLE crm.keyless (x INT) CHARSET ascii; INSERT INTO crm.keyless VALUES (1)',
  );
  await rig.target.query('CREATE TABLE crm.keyless (x INT) CHARSET ascii');
  const { code, stdout } = await verify('--rows', '2', '--only', 'crm', '--json');
  expect(code).toBe(3);
  const { databases } = JSON.parse(stdout) as {
    readonly databases: readonly { readonly compared: unknown }[];
  };
  expect(databases[0]?.compared).toEqual([
    {
      table: 'keyless',
      is_same: false,
      source: 1,
      target: 0,
      differing: { untold: 'it has no key that tells its rows' },
    },
    {
      table: 'names',
      is_same: false,
      source: 0,
      target: 1,
      differing: {
        missing: 0,
        extra: 1,
        changed: 0,
        key_columns: ['name'],
        keys: [{ is: 'extra', key: ['ada\u001b@example.org'] }],
      },
    },
    {
      table: 't',
      is_same: false,
      source: 0,
      target: 3,
      differing: {
        missing: 0,
        extra: 3,
        changed: 0,
        key_columns: ['id'],
        keys: [
          { is: 'extra', key: ['9'] },
          { is: 'extra', key: ['10'] },
        ],
      },
    },
  ]);
  expect((await verify('--rows', '2', '--only', 'crm')).stdout).toContain(
    'row\tcrm\tnames\textra\tname=ada\\x1b@example.org\n',
  );
  const files = readdirSync(rig.home, { recursive: true, withFileTypes: true }).filter((one) => one.isFile());
  expect(files.length).toBeGreaterThan(1);
  for (const { parentPath, name } of files)
    expect(readFileSync(join(parentPath, name)).includes('@example.org')).toBe(false);
  await rig.source.query('DROP TABLE crm.names, crm.keyless');
  await rig.target.query('DROP TABLE crm.names, crm.keyless');
});

test('verify --detail and plan -v show the lines of definitions that differ', async () => {
  await rig.target.query(
    `ALTER TABLE shop.audit AUTO_INCREMENT = 999; CREATE OR REPLACE VIEW shop.pairs AS SELECT id, total FROM shop.orders`,
  );
  const { stdout } = await verify('--detail', '--only', 'shop');
  const planned = await rig.run(['plan', plan, '--only', 'shop', '-v']);
  for (const shown of [stdout, planned.stdout]) {
    expect(shown.match(/^diff\tshop\ttable\t.*$/gm)).toEqual([
      'diff\tshop\ttable\taudit\t- `more` int(11) DEFAULT NULL',
    ]);
    expect(shown).toMatch(/^diff\tshop\tfunction\twith_tax\t- RETURN a$/m);
    expect(shown).toMatch(/^diff\tshop\tfunction\twith_tax\t\+ RETURN amount \* 1.2$/m);
    expect(shown).toMatch(/^diff\tshop\tview\tpairs\t- `orders`.`total` AS `total`$/m);
    expect(shown).not.toMatch(/^diff\t.*(AUTO_INCREMENT|character set)/m);
  }
  expect(planned.stdout.match(/^object\t.*$/gm)).toEqual([
    'object\tshop\ttable\textra\tdrop',
    'object\tshop\tprocedure\tmine\tdrop',
    'object\tshop\ttable\taudit\tchange',
    'object\tshop\tfunction\twith_tax\tchange',
    'object\tshop\tview\tpairs\tchange',
    'object\tshop\ttable\tlog_web\tkeep',
  ]);
  const saved = `${rig.home}/saved.json`;
  expect((await rig.run(['plan', plan, '--only', 'shop', '--out', saved])).code).toBe(0);
  expect((await rig.run(['show', saved, '-v'])).stdout).toBe(planned.stdout);
});

test('tables that are large are compared beside each other, and told in their order', async () => {
  const tables = ['a', 'b', 'c', 'd'].map(
    (name) =>
      `CREATE TABLE big.${name} (id INT PRIMARY KEY, x VARCHAR(4000)); INSERT INTO big.${name} SELECT seq, REPEAT('x', 3000) FROM seq_1_to_800; ANALYZE TABLE big.${name}`,
  );
  for (const server of [rig.source, rig.target])
    await server.query(`CREATE DATABASE big CHARACTER SET ascii; USE big; ${tables.join('; ')}`);
  await rig.target.query("UPDATE big.c SET x = 'y' WHERE id = 700; DELETE FROM big.a WHERE id > 798");
  const { code, stdout } = await rig.run([
    'verify',
    rig.writePlan('databases:\n  - name: big\noptions: {parallel: 3}'),
    '--detail',
    '--rows',
    '5',
  ]);
  expect(code).toBe(3);
  expect(stdout.split('\n').filter((line) => /^(rows|differing|row)\t/.test(line))).toEqual([
    'rows\tbig\ta\tdifferent\t800\t798',
    'rows\tbig\tb\tsame\t800\t800',
    'rows\tbig\tc\tdifferent\t800\t800',
    'rows\tbig\td\tsame\t800\t800',
    'differing\tbig\ta\t2\t0\t0\t',
    'row\tbig\ta\tmissing\tid=799',
    'row\tbig\ta\tmissing\tid=800',
    'differing\tbig\tc\t0\t0\t1\t',
    'row\tbig\tc\tchanged\tid=700',
  ]);
});

test('a database that is missing, and --json', async () => {
  await rig.target.query('DROP DATABASE crm');
  const { code, stdout } = await verify('--only', 'crm', '--json');
  expect(JSON.parse(stdout)).toMatchObject({
    kind: 'verify',
    ok: true,
    same: false,
    databases: [
      { to: 'crm', differences: [{ kind: 'database', name: 'crm', what: 'is missing on the target' }] },
    ],
  });
  expect(code).toBe(3);
});

test('--only that matches nothing is no success', async () => {
  const { code, stdout, stderr } = await verify('--only', 'crn');
  expect([code, stdout]).toEqual([5, '']);
  expect(stderr).toContain('--only "crn" matches no database of the plan; did you mean "crm"?');
});

test('--exclude: a name that the source does not have is refused, a glob that matches nothing is told', async () => {
  const { stderr } = await verify('--exclude', 'crn*', '--exclude', 'shop');
  expect(stderr).toContain('warning: --exclude "crn*" matches no database of the plan');
  expect(stderr).not.toContain('--exclude "shop"');
  const mistyped = await verify('--exclude', 'shpo');
  expect(mistyped.code).toBe(5);
  expect(mistyped.stderr).toContain(
    'error[SELECTION_INVALID] --exclude "shpo": the source has no such database; did you mean "shop"?',
  );
});

test('a trigger that names its own database writes into the copy of another name, and is the same there', async () => {
  const forum =
    'CREATE DATABASE forum; CREATE TABLE forum.post (id INT PRIMARY KEY); CREATE TABLE forum.log (id INT PRIMARY KEY)';
  await rig.source.query(
    `${forum}; CREATE TRIGGER forum.logs AFTER INSERT ON forum.post FOR EACH ROW INSERT INTO forum.log VALUES (NEW.id)`,
  );
  await rig.target.query(forum);
  const renamed = rig.writePlan('databases:\n  - {name: forum, as: forum_copy}');
  expect((await rig.run(['plan', renamed])).stderr).toContain(
    'in the copy, these programs name forum_copy instead of forum: trigger logs (forum.log)',
  );
  expect((await rig.run(['apply', renamed, '--auto-approve'])).code).toBe(0);
  expect((await rig.run(['verify', renamed])).code).toBe(0);
  await rig.target.query('INSERT INTO forum_copy.post VALUES (1)');
  expect(
    await rig.target.query(
      'SELECT (SELECT COUNT(*) FROM forum.log) AS original, (SELECT COUNT(*) FROM forum_copy.log) AS copy',
    ),
  ).toEqual([{ original: 0, copy: 1 }]);
});
