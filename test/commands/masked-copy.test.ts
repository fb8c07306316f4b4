import { readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { availableFlavors } from '../support/flavors.js';
import { type Rig, startRig } from '../support/rig.js';

const KEY = 'canary-key-0123456789abcdef';
/** Of a domain that somebody may own, so that the search finds it. */
const PERSON = 'canary.person@canary-mail.com';

const SOURCE = `CREATE DATABASE shop CHARACTER SET utf8mb4; USE shop;
  CREATE TABLE users (id INT AUTO_INCREMENT PRIMARY KEY, email VARCHAR(100) NOT NULL UNIQUE, name VARCHAR(60), born DATE, note TEXT);
  CREATE TABLE orders (id INT PRIMARY KEY, user_id INT NOT NULL, referrer INT, FOREIGN KEY (user_id) REFERENCES users (id));
  CREATE TABLE contacts (email VARCHAR(100) CHARACTER SET latin1, kind VARCHAR(9));
  INSERT INTO users VALUES (1, '${PERSON}', 'Canary Person', '1980-05-17', 'likes tea'), (2, 'tester@example.com', 'Tester', '1990-01-01', NULL), (3, 'third@canary-mail.com', '', NULL, '');
  INSERT INTO orders VALUES (1, 1, 3), (2, 3, NULL), (3, 1, 1);
  INSERT INTO contacts VALUES ('${PERSON}', 'home'), (NULL, 'none'), ('tester@example.com', 'test');`;

const RULES = `databases: [{name: shop}]
mask:
  key: "\${MASK_KEY:?}"
  columns:
    users.id: id
    orders.referrer: {follows: users.id}
    '*email*': email
    users.name: name
    born: {date: year}
  unless: {contacts: "kind = 'test'"}`;

const readTree = (folder: string): string =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((path) => statSync(path).isFile())
    .map((path) => readFileSync(path, 'latin1'))
    .join('');

interface Outcome {
  readonly status: string;
  readonly masks?: Record<string, unknown>;
  readonly error: { readonly code: string; readonly hints: readonly string[] } | null;
}

const flavors = availableFlavors().filter(({ id }) => id === 'mariadb-10.11' || id === 'mysql-9.7');

describe.each(flavors)('a masked copy on $id', (flavor) => {
  let rig: Rig;
  let plan: string;
  const printed: string[] = [];
  beforeAll(async () => {
    rig = await startRig({ flavor, targetOptions: ['--log-bin=binlog', '--server-id=7'] });
    rig.source.load(SOURCE);
    plan = rig.writePlan(RULES);
    expect((await run(['mask', 'accept', plan, '--all'])).code).toBe(0);
  });
  afterAll(async () => rig.stop());

  const run = async (argv: readonly string[], key = KEY) => {
    const ended = await rig.start(argv, { MASK_KEY: key }).ended;
    printed.push(ended.stdout, ended.stderr);
    return ended;
  };

  const apply = async (...flags: readonly string[]) => {
    const argv = ['apply', plan, '--auto-approve', '--confirm-target', 'staging', '--json', ...flags];
    const { code, stdout, stderr } = await run(argv);
    const { outcomes } = JSON.parse(stdout) as { readonly outcomes: readonly Outcome[] };
    return { code, stderr, shop: outcomes[0] };
  };

  const read = (sql: string) => rig.target.query(sql);

  test('replaces values in every table alike, and keeps what belongs together', async () => {
    const { code, stderr, shop } = await apply();
    expect(code, stderr).toBe(0);
    expect(shop?.masks).toMatchObject({ columns: 7, scan: 'full', scanned_rows: 9 });
    const status = await run(['status', plan, '--json']);
    const { databases } = JSON.parse(status.stdout) as {
      readonly databases: readonly { readonly origin: { readonly masks: Record<string, unknown> } }[];
    };
    expect(databases[0]?.origin.masks).toEqual({
      columns: 7,
      scan: 'full',
      fingerprint: shop?.masks?.['fingerprint'],
      searched: expect.stringMatching(/^[0-9a-f]{64}$/) as unknown,
    });
    const users = await read(
      'SELECT id, email, name, YEAR(born) AS year, note FROM shop.users ORDER BY email',
    );
    expect(users.every(({ year }) => year === null || Number(year) >= 1980)).toBe(true);
    expect(users.map(({ name }) => name === '')).toContain(true);
    expect(await read("SELECT email FROM shop.contacts WHERE kind = 'test'")).toEqual([
      { email: 'tester@example.com' },
    ]);
    const [pair] = await read(
      'SELECT COUNT(*) AS n FROM shop.users u JOIN shop.contacts c ON CONVERT(c.email USING utf8mb4) = u.email',
    );
    expect(pair).toEqual({ n: 1 });
    expect(
      await read('SELECT COUNT(*) AS n FROM shop.orders o JOIN shop.users u ON u.id = o.user_id'),
    ).toEqual([{ n: 3 }]);
    expect(
      await read('SELECT COUNT(*) AS n FROM shop.orders o JOIN shop.users u ON u.id = o.referrer'),
    ).toEqual([{ n: 2 }]);
    expect(readFileSync(plan.replace('.yaml', '.mask.lock.yaml'), 'utf8')).toContain(
      '"shop.orders.referrer": {"mask":"id"',
    );
    const [orders] = await read(
      'SELECT MAX(n) AS n FROM (SELECT COUNT(*) AS n FROM shop.orders GROUP BY user_id) x',
    );
    expect(orders).toEqual({ n: 2 });
  });

  test('is the copy that verify and plan expect, and no other', async () => {
    expect((await run(['verify', plan])).code).toBe(0);
    const rows = await run(['plan', plan, '--rows', '--detailed-exitcode']);
    expect(rows.code, rows.stdout).toBe(0);
    await rig.target.query("UPDATE shop.contacts SET email = 'x' WHERE kind = 'home'");
    expect((await run(['verify', plan])).code).toBe(3);
    expect((await apply()).code).toBe(0);
    const other = await run(['plan', plan, '--json'], `${KEY}-other`);
    expect(other.stdout).toContain('its masks are not those of the last copy');
  });

  test('says in the recap that only a sample was searched', async () => {
    const sampled = rig.writePlan(RULES.replace('mask:', 'mask:\n  scan: sample'));
    writeFileSync(
      sampled.replace('.yaml', '.mask.lock.yaml'),
      readFileSync(plan.replace('.yaml', '.mask.lock.yaml')),
    );
    const { code, stdout, stderr } = await run([
      'apply',
      sampled,
      '--auto-approve',
      '--confirm-target',
      'staging',
    ]);
    expect(code, stderr).toBe(0);
    expect(stdout + stderr).toContain('a sample: one row of 100');
  });

  test('nobody and no key is in a file, a log, the binary log of the target or in what was printed', async () => {
    expect((await apply('--events', join(rig.home, 'events.jsonl'))).code).toBe(0);
    expect((await run(['plan', plan, '-v', '--out', join(rig.home, 'saved.json')])).code).toBe(0);
    const data = join(rig.target.folder, 'data');
    const binaryLogs = readdirSync(data).filter((name) => /^binlog\.\d+$/.test(name));
    expect(binaryLogs.length).toBeGreaterThan(0);
    const places = [
      ...printed,
      readTree(rig.home),
      ...binaryLogs.map((name) => readFileSync(join(data, name), 'latin1')),
    ];
    for (const text of places)
      expect(text.match(/canary[-. ](?:person|key|mail)[\w.@ -]*/i)?.[0]).toBeUndefined();
  });

  test('is not made where a column that is kept holds what looks like a person', async () => {
    const before = await rig.contentOf('target', 'shop');
    await rig.source.query(`UPDATE shop.users SET note = 'write to ${PERSON}' WHERE id = 1`);
    const { code, shop } = await apply();
    expect(code).toBe(3);
    expect(shop?.error).toMatchObject({ code: 'MASK_LEAK' });
    expect(shop?.error?.hints.join('\n')).toContain(
      "users.note: an e-mail address in 1 row; it is a masked person's own: shop.contacts.email, shop.users.email",
    );
    expect(await rig.contentOf('target', 'shop')).toEqual(before);
    expect((await rig.scratchDatabases()).filter((name) => name.startsWith('mysql_sync_new'))).toEqual([]);
    const lock = plan.replace('.yaml', '.mask.lock.yaml');
    const allowed = readFileSync(lock, 'utf8').replace(
      /("shop.users.note": \{.*?)\}/,
      '$1, "allow": ["email"]}',
    );
    await rig.source.query("UPDATE shop.users SET note = 'see help@canary-mail.com' WHERE id = 1");
    writeFileSync(lock, allowed);
    const accepted = await apply();
    expect(accepted.code, accepted.stderr).toBe(0);
  });
});
