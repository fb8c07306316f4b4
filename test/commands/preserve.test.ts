import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { availableFlavors } from '../support/flavors.js';
import { type Rig, startRig } from '../support/rig.js';

const SOURCE = `
CREATE DATABASE shop CHARACTER SET utf8mb4; USE shop;
CREATE TABLE users (
  id INT AUTO_INCREMENT PRIMARY KEY, email VARCHAR(100) NOT NULL, phone VARCHAR(20), name VARCHAR(50),
  shout VARCHAR(50) AS (UPPER(name)) STORED, UNIQUE KEY by_email (email), UNIQUE KEY by_phone (phone)
) ENGINE=InnoDB;
INSERT INTO users (id, email, phone, name) VALUES
  (1, 'ann@x.example', '1', 'ann'), (2, 'BOB@qa.example.com', NULL, 'bob of prod'), (3, 'carl@x.example', '33', 'carl');
CREATE TABLE orders (
  id INT PRIMARY KEY, user_id INT NOT NULL, CONSTRAINT of_user FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
) ENGINE=InnoDB;
INSERT INTO orders VALUES (1, 1), (2, 3);
CREATE TABLE oauth_clients (id INT PRIMARY KEY, secret VARCHAR(20)) ENGINE=InnoDB;
INSERT INTO oauth_clients VALUES (1, 'of prod');
CREATE TABLE log (line VARCHAR(20)) ENGINE=InnoDB; INSERT INTO log VALUES ('from prod');
CREATE TABLE odd (id INT PRIMARY KEY, \`a\`\`b
c\` VARCHAR(20)) ENGINE=InnoDB;
RENAME TABLE odd TO \`o\`\`d
d\`;`;

/** What people made there since the last copy. */
const LIVE = `
CREATE DATABASE copy CHARACTER SET utf8mb4; USE copy;
CREATE TABLE users (
  id INT AUTO_INCREMENT PRIMARY KEY, email VARCHAR(100) NOT NULL, phone VARCHAR(20), name VARCHAR(50),
  shout VARCHAR(50) AS (UPPER(name)) STORED, UNIQUE KEY by_email (email), UNIQUE KEY by_phone (phone)
) ENGINE=InnoDB;
SET SESSION sql_mode = 'NO_AUTO_VALUE_ON_ZERO';
INSERT INTO users (id, email, phone, name) VALUES
  (0, 'zero@qa.example.com', NULL, 'zero'), (2, 'two@qa.example.com', '1', 'two'), (70, 'bob@qa.example.com', NULL, 'bob of qa'), (71, 'left@x.example', '71', 'left');
CREATE TABLE orders (
  id INT PRIMARY KEY, user_id INT NOT NULL, CONSTRAINT of_user FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
) ENGINE=InnoDB;
INSERT INTO orders VALUES (9, 70), (10, 71);
CREATE TABLE oauth_clients (id INT PRIMARY KEY, secret VARCHAR(20)) ENGINE=InnoDB;
INSERT INTO oauth_clients VALUES (1, 'of qa'), (2, 'of qa too');
CREATE TABLE log (line VARCHAR(20)) ENGINE=InnoDB; INSERT INTO log VALUES ('from qa');
CREATE TABLE \`o\`\`d
d\` (id INT PRIMARY KEY, \`a\`\`b
c\` VARCHAR(20)) ENGINE=InnoDB;
INSERT INTO \`o\`\`d
d\` VALUES (1, 'odd'), (2, 'even');`;

const QA = "email LIKE '%@qa.example.com'";

/** YAML of one table a line. */
const plan = (preserve: readonly string[], more = ''): string =>
  `databases:\n  - name: shop\n    as: copy\n    tables:\n      preserve:\n${preserve.map((line) => `        ${line}\n`).join('')}${more}`;

interface Outcome {
  readonly status: string;
  readonly preserved?: readonly {
    readonly table: string;
    readonly rows: number;
    readonly replaced: number;
  }[];
  readonly hooks?: readonly { readonly rows: number | null }[];
  readonly error: {
    readonly code: string;
    readonly message: string;
    readonly hints: readonly string[];
  } | null;
}

const all = availableFlavors().filter(({ id }) => id === 'mariadb-10.11' || id === 'mysql-9.7');
const pairs = all.flatMap((from) => all.map((to) => ({ name: `${from.id} to ${to.id}`, from, to })));

describe.each(pairs)('$name', ({ from, to }) => {
  let rig: Rig;
  beforeAll(async () => {
    rig = await startRig({ flavor: from, targetFlavor: to });
    rig.source.load(SOURCE);
  });
  beforeEach(async () => {
    await rig.target.query('SET FOREIGN_KEY_CHECKS = 0; DROP DATABASE IF EXISTS copy');
    rig.target.load(LIVE);
  });
  afterAll(async () => {
    await rig.stop();
  });

  const apply = async (file: string) => {
    const { code, stdout, stderr } = await rig.run(['apply', file, '--confirm-target', 'staging', '--json']);
    const { outcomes } = JSON.parse(stdout) as { readonly outcomes: readonly Outcome[] };
    return { code, stderr, copy: outcomes[0] };
  };
  const readLines = async (sql: string): Promise<readonly string[]> =>
    (await rig.target.query(sql)).map((row) => Object.values(row).map(String).join(' '));
  const USERS = 'SELECT id, email, name, shout FROM copy.users ORDER BY id';

  const engines = from === to ? ['native', 'dump'] : ['native'];
  test.each(engines)('by the %s engine: rows of the target stay, with their ids', async (engine) => {
    const file = rig.writePlan(
      plan(
        [`users: "${QA}"`, 'oauth_clients: all', `"o\`d\\nd": "\`a\`\`b\\nc\` = 'odd'"`],
        `options: {engine: ${engine}}\nhooks: {staged: ["UPDATE users SET name = 'hooked' WHERE id = 70"], assert: [SELECT COUNT(*) = 1 FROM users WHERE name = 'hooked']}`,
      ),
    );
    await rig.target.query('DELETE FROM copy.users WHERE id = 2');
    const { code, stderr, copy } = await apply(file);
    expect([code, copy?.error], stderr).toEqual([0, null]);
    expect(copy?.preserved).toEqual([
      { table: 'users', rows: 2, replaced: 1 },
      { table: 'oauth_clients', rows: 2, replaced: 1 },
      { table: 'o`d\nd', rows: 1, replaced: 0 },
    ]);
    expect(await readLines(USERS)).toEqual([
      '0 zero@qa.example.com zero ZERO',
      '1 ann@x.example ann ANN',
      '3 carl@x.example carl CARL',
      '70 bob@qa.example.com hooked HOOKED',
    ]);
    expect(await readLines('SELECT * FROM copy.oauth_clients ORDER BY id')).toEqual([
      '1 of qa',
      '2 of qa too',
    ]);
    expect(await readLines('SELECT * FROM copy.`o``d\nd`')).toEqual(['1 odd']);
    await rig.target.query("INSERT INTO copy.users (email) VALUES ('next')");
    expect(await readLines("SELECT id FROM copy.users WHERE email = 'next'")).toEqual(['71']);
  });

  test('several rows of the copy give way to one that stays, and rows that refer to them are named', async () => {
    const before = await rig.contentOf('target', 'copy');
    const { code, copy } = await apply(rig.writePlan(plan([`users: "${QA}"`])));
    expect([code, copy?.error?.code]).toEqual([3, 'PRESERVE_FAILED']);
    expect(copy?.error?.message).toContain(
      'orders (of_user): 1 copied row refers to rows of users in whose place preserved ones came',
    );
    expect(copy?.error?.hints).toContain('orders: the first values of user_id: 1');
    expect(await rig.contentOf('target', 'copy')).toEqual(before);
    expect((await rig.scratchDatabases()).filter((name) => name.startsWith('mysql_sync_new'))).toEqual([]);
  });

  test('rows that stay and refer to rows that do not are named, and nothing goes live', async () => {
    const before = await rig.contentOf('target', 'copy');
    const { code, copy } = await apply(rig.writePlan(plan(['orders: all'])));
    expect([code, copy?.error?.code]).toEqual([3, 'PRESERVE_FAILED']);
    expect(copy?.error?.message).toContain(
      'orders (of_user): 2 preserved rows refer to rows that users does not have',
    );
    expect(copy?.error?.hints).toContain('orders: the first values of user_id: 70; 71');
    expect(await rig.contentOf('target', 'copy')).toEqual(before);
  });

  test('rows that refer to each other stay together, by a condition with a subquery over the live database', async () => {
    const file = rig.writePlan(
      plan(['users: "id = 70"', 'orders: "user_id IN (SELECT id FROM users WHERE users.id = 70)"']),
    );
    const { code, copy } = await apply(file);
    expect([code, copy?.error]).toEqual([0, null]);
    expect(await readLines('SELECT * FROM copy.orders ORDER BY id')).toEqual(['1 1', '2 3', '9 70']);
  });

  test('structure only: the rows that stay are the only ones', async () => {
    const { code, copy } = await apply(rig.writePlan(plan(['log: all'], '      structure_only: [log]\n')));
    expect([code, copy?.error]).toEqual([0, null]);
    expect(await readLines('SELECT * FROM copy.log')).toEqual(['from qa']);
  });

  test('a first copy preserves nothing, and the plan says so', async () => {
    await rig.target.query('DROP DATABASE copy');
    const file = rig.writePlan(plan([`users: "${QA}"`]));
    expect((await rig.run(['plan', file, '-v'])).stdout).toContain(`preserve\tcopy\tusers\t${QA}\t\n`);
    const { code, copy } = await apply(file);
    expect([code, copy?.preserved]).toEqual([0, undefined]);
    expect(await readLines('SELECT COUNT(*) FROM copy.users')).toEqual(['3']);
  });

  test('an account needs no more rights than for a copy', async () => {
    await rig.target.query("DROP USER IF EXISTS poor@'%'; CREATE USER poor@'%' IDENTIFIED BY 'pw-of-poor'");
    const tables = 'SELECT, INSERT, CREATE, DROP, ALTER, INDEX, REFERENCES';
    await rig.target.query(
      `GRANT ${tables} ON copy.* TO poor@'%'; GRANT ${tables}, DELETE ON \`mysql\\_sync\\_%\`.* TO poor@'%';
       GRANT SELECT, INSERT, CREATE, DELETE ON mysqlsync.* TO poor@'%'`,
    );
    const account = `{name: staging, host: 127.0.0.1, port: ${String(rig.target.port)}, user: poor, password: "\${POOR_PASSWORD}", access: read-write}`;
    const file = rig.writePlan(
      plan(['users: "id IN (2, 70)"', 'oauth_clients: all'], 'options: {verify: digest}'),
      {
        target: account,
      },
    );
    await rig.target.query("UPDATE copy.users SET phone = '2' WHERE id = 2");
    const { code, copy, stderr } = await apply(file);
    expect([code, copy?.error], stderr).toEqual([0, null]);
    expect(copy?.preserved).toEqual([
      { table: 'users', rows: 2, replaced: 1 },
      { table: 'oauth_clients', rows: 2, replaced: 1 },
    ]);
  });

  test('a rollback brings back what was', async () => {
    const before = await rig.contentOf('target', 'copy');
    expect((await apply(rig.writePlan(plan(['users: "id = 70"'])))).code).toBe(0);
    expect(await rig.contentOf('target', 'copy')).not.toEqual(before);
    const { code, stderr } = await rig.rollBackNewest();
    expect(code, stderr).toBe(0);
    expect(await rig.contentOf('target', 'copy')).toEqual(before);
  });

  test('verify compares the other tables, and plan knows rows that stay from other rules', async () => {
    const file = rig.writePlan(plan(['users: "id = 70"']));
    expect((await apply(file)).code).toBe(0);
    const verified = await rig.run(['verify', file, '--json']);
    const [database] = (
      JSON.parse(verified.stdout) as {
        readonly databases: readonly {
          readonly preserved?: readonly string[];
          readonly compared: readonly { readonly table: string }[];
        }[];
      }
    ).databases;
    expect([verified.code, database?.preserved]).toEqual([0, ['users']]);
    expect(database?.compared.map(({ table }) => table)).not.toContain('users');
    expect((await rig.run(['verify', file, '--detail'])).stdout).toContain(
      'rows\tcopy\tusers\tpreserve\t\t\n',
    );
    const readVerdict = async (path: string, ...flags: readonly string[]) => {
      const { stdout } = await rig.run(['plan', path, '--json', ...flags]);
      const { databases } = JSON.parse(stdout) as {
        readonly databases: readonly {
          readonly sameness?: { readonly verdict: string; readonly reasons: readonly string[] };
        }[];
      };
      return databases[0]?.sameness;
    };
    // Within the second of the swap nobody can tell.
    expect(['unwritten', 'not-compared']).toContain((await readVerdict(file))?.verdict);
    expect(await readVerdict(file, '--rows')).toMatchObject({
      verdict: 'not-compared',
      reasons: ['rows of users stay by tables.preserve'],
    });
    expect(await readVerdict(rig.writePlan(plan(['users: "id = 71"'])))).toMatchObject({
      verdict: 'different',
      reasons: ['its tables.preserve is not that of the last copy'],
    });
    const history = await rig.run(['history', 'show']);
    expect(history.stdout).toContain('preserved 1 row of users');
  });

  test('plan lists what stays, and a saved plan pins it', async () => {
    const file = rig.writePlan(plan([`users: "${QA}"`, 'oauth_clients: all']));
    const text = await rig.run(['plan', file, '-v']);
    expect(text.stdout).toContain(`preserve\tcopy\tusers\t${QA}\tusers\n`);
    expect(text.stdout).toContain('preserve\tcopy\toauth_clients\tall\toauth_clients\n');
    const saved = join(rig.home, `saved-${String(Math.random())}.json`);
    expect((await rig.run(['plan', file, '--out', saved])).code).toBe(0);
    expect((await rig.run(['show', saved])).stdout).toContain('copy');
    writeFileSync(file, readFileSync(file, 'utf8').replace('qa.example', 'other.example'));
    const stale = await rig.run(['apply', saved, '--confirm-target', 'staging']);
    expect(stale.stderr).toContain('PLAN_STALE');
    expect(stale.stderr).toContain('tables.preserve changed');
  });

  /** What the live table has become, and what of its rows the copy has then; an error in place of rows. */
  const STRUCTURES: readonly (readonly [string, string, readonly string[] | RegExp])[] = [
    [
      'columns in another order and case, one more, one less',
      'ALTER TABLE users DROP COLUMN phone, ADD COLUMN note INT FIRST, CHANGE email Email VARCHAR(100) NOT NULL AFTER name',
      ['70 bob@qa.example.com bob of qa BOB OF QA'],
    ],
    [
      'another character set',
      'ALTER TABLE users CONVERT TO CHARACTER SET latin1',
      ['70 bob@qa.example.com bob of qa BOB OF QA'],
    ],
    [
      'wider columns',
      'ALTER TABLE users MODIFY name VARCHAR(200)',
      ['70 bob@qa.example.com bob of qa BOB OF QA'],
    ],
    [
      'a generated column that is stored now',
      'ALTER TABLE users DROP COLUMN shout',
      ['70 bob@qa.example.com bob of qa BOB OF QA'],
    ],
    [
      'a value that is too long',
      "ALTER TABLE users DROP COLUMN shout, MODIFY name VARCHAR(200); UPDATE users SET name = REPEAT('x', 51) WHERE id = 70",
      /PRESERVE_FAILED/,
    ],
    [
      'spaces that would be cut off',
      "ALTER TABLE users DROP COLUMN shout, MODIFY name VARCHAR(200); UPDATE users SET name = CONCAT('x', SPACE(60)) WHERE id = 70",
      /PRESERVE_FAILED/,
    ],
    [
      'NULL where none may be',
      'ALTER TABLE users MODIFY email VARCHAR(100) NULL; UPDATE users SET email = NULL WHERE id = 70',
      /PRESERVE_FAILED/,
    ],
    [
      'rows that are one to the new collation',
      "ALTER TABLE users MODIFY email VARCHAR(100) COLLATE utf8mb4_bin NOT NULL; INSERT INTO users (id, email) VALUES (72, 'bob@QA.example.com')",
      /PRESERVE_FAILED/,
    ],
    [
      'a type that would change values',
      'ALTER TABLE users MODIFY phone DOUBLE',
      /would have other values in the types of the copy: phone|cannot stay as they are in the new structure: phone/,
    ],
    [
      'no value for a column that needs one',
      'ALTER TABLE users DROP COLUMN email',
      /have no value for email/,
    ],
  ];
  test.each(STRUCTURES)('the structure differs: %s', async (_, sql, expected) => {
    rig.target.load(sql, 'copy');
    const before = await rig.contentOf('target', 'copy');
    const file = rig.writePlan(plan(['users: "id IN (70, 72)"']));
    const { code, stdout, stderr } = await rig.run(['apply', file, '--confirm-target', 'staging', '--json']);
    if (!(expected instanceof RegExp)) {
      expect(code, stderr).toBe(0);
      expect(await readLines(USERS.replace('ORDER', 'WHERE id > 3 ORDER'))).toEqual(expected);
      return;
    }
    expect(code).not.toBe(0);
    expect(`${stdout}${stderr}`).toMatch(expected);
    expect(await rig.contentOf('target', 'copy')).toEqual(before);
  });
});
