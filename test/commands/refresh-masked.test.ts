import { readFileSync, writeFileSync } from 'node:fs';
import { afterAll, beforeEach, beforeAll, describe, expect, test } from 'vitest';
import { availableFlavors } from '../support/flavors.js';
import { type Rig, startRig } from '../support/rig.js';

/** Rows of a masked copy stay where an earlier run has searched them for personal data as this one would. */

const KEY = 'canary-key-0123456789abcdef';
const LEAK = 'please call joe@canary-mail.com';
const IDS = Array.from({ length: 60 }, (_, at) => at + 1);
const fill = (table: string, row: (id: number) => string): string =>
  `INSERT INTO ${table} VALUES ${IDS.map((id) => `(${row(id)})`).join(', ')};`;

const SOURCE = `CREATE DATABASE shop CHARACTER SET utf8mb4; USE shop;
  CREATE TABLE people (id INT PRIMARY KEY, email VARCHAR(100) UNIQUE, name VARCHAR(30), vat VARCHAR(20), note VARCHAR(60));
  CREATE TABLE notes (id INT PRIMARY KEY, text VARCHAR(60));
  CREATE TABLE papers (id INT PRIMARY KEY, doc JSON, born DATE, phone VARCHAR(30), n INT AS (id + 1));
  CREATE TABLE cards (number VARCHAR(20) PRIMARY KEY, kind VARCHAR(9));
  ${fill('people', (id) => `${String(id)}, 'p${String(id)}@canary-mail.com', 'Ann ${String(id)}', 'DE${String(id)}', 'n'`)}
  ${fill('notes', (id) => `${String(id)}, 'note ${String(id)}'`)}
  ${fill('papers (id, doc, born, phone)', (id) => `${String(id)}, '{"mail": "x${String(id)}@canary-mail.com", "n": ${String(id)}}', '1980-05-${String((id % 28) + 1)}', '0172 ${String(id)}'`)}
  ${fill('cards', (id) => `'c${String(id)}', 'gold'`)}`;

const rules = (more: Readonly<Record<string, string>> = {}, mask = ''): string =>
  `databases: [{name: shop}]
options: {refresh: auto}
mask:
  key: "\${MASK_KEY:?}"
  ${mask}
  columns:
${Object.entries({
  'people.email': 'email',
  'people.name': 'name',
  'people.vat': '{sql: "CONCAT(LEFT(vat, 2), LEFT(SHA2(vat, 256), 9))"}',
  'papers.doc': '{json: {"$.mail": email}}',
  'papers.born': '{date: year}',
  'papers.phone': 'digits',
  'cards.number': 'token',
  ...more,
})
  .map(([column, rule]) => `    ${column}: ${rule}`)
  .join('\n')}
  unless: {people: "id = 7"}`;

interface Outcome {
  readonly notes: readonly string[];
  readonly masks?: {
    readonly scanned_rows: number;
    readonly stayed?: { readonly tables: number; readonly rows: number };
  };
  readonly error: { readonly code: string; readonly hints: readonly string[] } | null;
}

const flavors = availableFlavors().filter(({ id }) => id === 'mariadb-10.11' || id === 'mysql-9.7');

describe.each(flavors)('a refresh of a masked copy on $id', (flavor) => {
  let rig: Rig;
  let plan: string;
  beforeAll(async () => {
    rig = await startRig({ flavor });
    rig.source.load(SOURCE);
    plan = rig.writePlan(rules());
  });
  afterAll(() => rig.stop());

  const run = (argv: readonly string[], key = KEY) => rig.start(argv, { MASK_KEY: key }).ended;

  const accept = async (path = plan): Promise<void> => {
    const { code, stderr } = await run(['mask', 'accept', path, '--all']);
    expect(code, stderr).toBe(0);
  };

  const attempt = async ({
    path = plan,
    key = KEY,
    flags = [],
  }: { path?: string; key?: string; flags?: readonly string[] } = {}) => {
    const words = ['apply', path, '--auto-approve', '--confirm-target', 'staging', '--json', ...flags];
    const { code, stdout, stderr } = await run(words, key);
    const { outcomes } = JSON.parse(stdout) as { readonly outcomes?: readonly Outcome[] };
    return { code, stdout, stderr, shop: outcomes?.[0] };
  };

  const apply = async (...how: Parameters<typeof attempt>) => {
    const ended = await attempt(...how);
    expect(ended.code, ended.stdout + ended.stderr).toBe(0);
    return ended.shop;
  };

  /** What a copy of all rows would be. */
  const expectWhole = async (): Promise<void> => {
    const { code, stdout, stderr } = await run(['verify', plan]);
    expect(code, stdout + stderr).toBe(0);
  };

  const askWhy = async (path = plan, key = KEY): Promise<readonly (string | undefined)[]> => {
    const { stdout } = await run(['plan', path, '--json'], key);
    const { databases } = JSON.parse(stdout) as {
      readonly databases: readonly {
        readonly tables: readonly { readonly refresh: { readonly base: string; readonly reason?: string } }[];
      }[];
    };
    const tables = databases[0]?.tables ?? [];
    expect(tables).toHaveLength(4);
    return [...new Set(tables.map(({ refresh }) => refresh.reason))];
  };

  const UNSEARCHED = ['nothing says that its rows were searched with these masks'];

  beforeEach(async () => {
    await rig.clearTarget('shop');
    await rig.source.query("UPDATE shop.notes SET text = CONCAT('note ', id)");
    await accept();
    await apply();
  });

  const readAll = async () => {
    const read = (sql: string) => rig.target.query(sql);
    return [
      await read('SELECT * FROM shop.people ORDER BY id'),
      await read('SELECT * FROM shop.notes ORDER BY id'),
      await read('SELECT id, CAST(doc AS CHAR) AS doc, born, phone, n FROM shop.papers ORDER BY id'),
      await read('SELECT * FROM shop.cards ORDER BY number'),
    ];
  };

  test('a strict refresh holds masked tables that stay, and compares them with what masks make of the source', async () => {
    await rig.source.query("UPDATE shop.notes SET text = 'new' WHERE id = 1");
    const shop = await apply({ flags: ['--refresh', 'strict'] });
    expect(shop?.notes).toContainEqual(
      expect.stringMatching(/^3 tables that stayed were locked against writes for /),
    );
    await expectWhole();
  });

  test('the second refresh copies rows in place of tables, and only those are searched', async () => {
    await rig.source.query("UPDATE shop.people SET email = 'one@canary-mail.com' WHERE id = 3");
    await rig.source.query("UPDATE shop.papers SET phone = '0172 999' WHERE id = 3");
    await rig.source.query("UPDATE shop.notes SET text = 'other' WHERE id = 3");
    await rig.source.query("UPDATE shop.cards SET kind = 'silver' WHERE number = 'c3'");
    expect((await apply())?.masks).toMatchObject({ scanned_rows: 240 });
    await rig.source.query("UPDATE shop.people SET email = 'two@canary-mail.com', note = 'm' WHERE id = 4");
    await rig.source.query(
      "UPDATE shop.people SET email = 'x' WHERE id = 7; UPDATE shop.people SET email = 'swapped' WHERE id = 8",
    );
    await rig.source.query(
      "UPDATE shop.papers SET doc = JSON_SET(doc, '$.mail', 'y@canary-mail.com') WHERE id = 4",
    );
    await rig.source.query("UPDATE shop.papers SET born = '1981-01-02', id = 100 WHERE id = 5");
    await rig.source.query("DELETE FROM shop.notes WHERE id = 4; INSERT INTO shop.notes VALUES (101, 'new')");
    await rig.source.query("UPDATE shop.cards SET kind = 'bronze' WHERE number = 'c4'");
    const { stdout } = await run(['plan', plan, '--rows', '-v']);
    // What is kept is two refreshes old.
    expect(stdout).toMatch(/^refresh\tshop\tpeople\tpatch\tits rows differ\t0\t4\t0$/m);
    expect(stdout).toMatch(/^refresh\tshop\tpapers\tpatch\tits rows differ\t1\t2\t1$/m);
    expect(stdout).toMatch(/^refresh\tshop\tnotes\tpatch\tits rows differ\t1\t1\t1$/m);
    expect(stdout).toMatch(/^refresh\tshop\tcards\tcopy\tits rows differ$/m);
    const shop = await apply();
    expect(shop?.notes.join(' ')).toContain(
      '3 tables started from what was kept for a rollback: 9 of 180 rows copied',
    );
    expect(shop?.masks).toMatchObject({ scanned_rows: 69, stayed: { tables: 0, rows: 171 } });
    await expectWhole();
    const patched = await readAll();
    expect((await apply({ flags: ['--full'] }))?.masks).toMatchObject({ scanned_rows: 240 });
    expect(patched).toEqual(await readAll());
  });

  test('a leak in a row that is patched is caught', async () => {
    await rig.source.query("UPDATE shop.notes SET text = 'other' WHERE id = 3");
    await apply();
    await rig.source.query(`UPDATE shop.notes SET text = '${LEAK}' WHERE id = 9`);
    const before = await readAll();
    const { shop } = await attempt();
    expect(shop?.error?.hints.join('\n')).toContain('notes.text: an e-mail address in 1 row');
    expect(await readAll()).toEqual(before);
  });

  test('verify --rows names rows by a key that is not masked', async () => {
    await rig.target.query("UPDATE shop.people SET email = 'damaged' WHERE id = 12");
    await rig.target.query("UPDATE shop.cards SET kind = 'x' LIMIT 1");
    const { code, stdout, stderr } = await run(['verify', plan, '--rows', '5', '--json']);
    expect(code, stderr).toBe(3);
    const told = JSON.stringify(JSON.parse(stdout));
    expect(told).toContain('"changed":1,"key_columns":["id"],"keys":[{"is":"changed","key":["12"]}]');
    expect(told).toContain('the plan masks the key of its rows');
  });

  test('what a rollback brought back stays, and what it kept is patched', async () => {
    await rig.source.query("UPDATE shop.notes SET text = 'other' WHERE id = 3");
    const { stdout } = await attempt();
    const { run: id } = JSON.parse(stdout) as { readonly run: string };
    const undone = await run(['rollback', id, '--plan', plan, '--confirm-target', 'staging']);
    expect(undone.code, undone.stdout + undone.stderr).toBe(0);
    const shop = await apply();
    expect(shop?.notes.join(' ')).toContain(
      '1 table started from what was kept for a rollback: 0 of 60 rows',
    );
    expect(shop?.masks).toMatchObject({
      scanned_columns: 1,
      scanned_rows: 0,
      stayed: { tables: 3, rows: 60 },
    });
    await expectWhole();
  });

  test('strict: what stays is compared once more', async () => {
    await rig.source.query("UPDATE shop.notes SET text = 'other' WHERE id = 3");
    const shop = await apply({ flags: ['--refresh', 'strict'] });
    expect(shop?.masks).toMatchObject({ stayed: { tables: 3 } });
    expect(shop?.notes.join(' ')).toContain('3 tables that stayed were locked');
    await expectWhole();
  });

  test('where nothing is searched, rows stay by their values alone', async () => {
    const path = rig.writePlan(rules({ 'people.name': 'token' }, 'scan: "off"'));
    await accept(path);
    expect(await askWhy(path)).toEqual([undefined]);
    const shop = await apply({ path });
    expect(shop?.notes.join(' ')).toContain('3 tables stayed');
    expect(shop?.masks?.stayed).toBeUndefined();
    expect(await askWhy()).toEqual(UNSEARCHED);
  });

  test('what is kept of a copy with another search is not used', async () => {
    const other = rig.writePlan(rules({ 'people.name': 'token' }));
    await accept(other);
    await apply({ path: other });
    await rig.source.query("UPDATE shop.notes SET text = 'other' WHERE id = 3");
    const { stdout } = await run(['plan', other, '--rows', '-v']);
    expect(stdout).toMatch(
      /^refresh\tshop\tnotes\tcopy\tits rows differ; nothing says that what is kept was searched with these masks$/m,
    );
    expect((await apply({ path: other }))?.masks).toMatchObject({
      scanned_rows: 60,
      stayed: { tables: 3, rows: 0 },
    });
  });

  test('equal tables stay, and what is copied is searched', async () => {
    expect(await apply()).toMatchObject({ masks: { scanned_rows: 0, stayed: { tables: 4, rows: 0 } } });
    expect(await askWhy()).toEqual([undefined]);
    await rig.source.query("UPDATE shop.people SET email = 'new@canary-mail.com' WHERE id = 3");
    const shop = await apply();
    expect(shop?.masks).toMatchObject({ stayed: { tables: 3 } });
    expect(shop?.notes.join(' ')).toContain('3 tables stayed');
    await expectWhole();
    await rig.target.query("UPDATE shop.papers SET phone = '1' WHERE id = 9");
    expect((await apply())?.masks).toMatchObject({ stayed: { tables: 3 } });
    await expectWhole();
  });

  test('a leak in a row that changed is caught while other tables stay', async () => {
    await rig.source.query(`UPDATE shop.notes SET text = '${LEAK}' WHERE id = 5`);
    const { code, shop } = await attempt();
    expect([code, shop?.error?.code]).toEqual([3, 'MASK_LEAK']);
    expect(shop?.error?.hints.join('\n')).toContain('notes.text: an e-mail address in 1 row');
  });

  test('an expression that replaces nothing any more is caught where rows are equal', async () => {
    const path = rig.writePlan(rules({ 'people.vat': '{sql: "UPPER(vat)"}' }));
    await rig.source.query('UPDATE shop.people SET vat = LOWER(vat)');
    await accept(path);
    await apply({ path });
    expect((await apply({ path }))?.masks?.stayed?.tables).toBe(4);
    await rig.source.query('UPDATE shop.people SET vat = UPPER(vat) WHERE id = 4');
    const { shop } = await attempt({ path });
    expect(shop?.error?.hints.join('\n')).toContain('people.vat: its mask changes nothing in 1 row');
    await rig.source.query('UPDATE shop.people SET vat = UPPER(vat)');
  });

  test('with another mask, another key or another search all is copied and searched', async () => {
    const other = rig.writePlan(rules({ 'people.name': 'token' }));
    await accept(other);
    const full = { path: other };
    expect(await askWhy(other)).toEqual(UNSEARCHED);
    const shop = await apply(full);
    expect(shop?.masks?.stayed).toBeUndefined();
    expect(shop?.masks?.scanned_rows).toBe(240);
    expect((await apply(full))?.masks?.stayed?.tables).toBe(4);

    await apply();
    expect(await askWhy(plan, `${KEY}-other`)).toEqual(UNSEARCHED);
    const sampled = rig.writePlan(rules({}, 'scan: sample'));
    await accept(sampled);
    expect(await askWhy(sampled), 'a full search is more than a sample').toEqual([undefined]);
    await apply({ path: sampled });
    expect(await askWhy(sampled)).toEqual([undefined]);
    expect(await askWhy()).toEqual(UNSEARCHED);
    expect((await apply())?.masks?.scanned_rows).toBe(240);
  });

  test('what the lock accepted and accepts no more is found', async () => {
    const lock = plan.replace('.yaml', '.mask.lock.yaml');
    const before = readFileSync(lock, 'utf8');
    await rig.source.query(`UPDATE shop.notes SET text = '${LEAK}' WHERE id = 6`);
    const allowed = before.replace(/("shop\.notes\.text": \{.*)\}/, '$1,"allow":["email"]}');
    expect(allowed).not.toBe(before);
    writeFileSync(lock, allowed);
    expect(await askWhy()).toEqual(UNSEARCHED);
    await apply();
    expect((await apply())?.masks?.stayed?.tables).toBe(4);
    writeFileSync(lock, before);
    expect((await attempt()).shop?.error?.code).toBe('MASK_LEAK');
  });

  test('a record that nobody with the key has made counts for nothing', async () => {
    const forge = async (change: string): Promise<void> => {
      await rig.target.query(`UPDATE mysqlsync.provenance SET body = ${change}`);
    };
    await forge(
      'REGEXP_REPLACE(body, \'"searched":"[0-9a-f]{64}"\', CONCAT(\'"searched":"\', REPEAT(\'a\', 64), \'"\'))',
    );
    expect(await askWhy()).toEqual(UNSEARCHED);
    expect((await apply())?.masks?.scanned_rows).toBe(240);
    await forge('REGEXP_REPLACE(body, \',"searched":"[0-9a-f]{64}"\', \'\')');
    expect(await askWhy()).toEqual(UNSEARCHED);
  });
});

describe.each(flavors)('a refresh of a large masked table on $id', (flavor) => {
  test('compares it in pieces, and patches it in ranges', async () => {
    const rig = await startRig({ flavor });
    try {
      await rig.source.query(
        `CREATE DATABASE shop; USE shop;
         CREATE TABLE big (id INT PRIMARY KEY, mail VARCHAR(60), pad CHAR(200) NOT NULL, n INT) ENGINE=InnoDB;
         INSERT INTO big WITH RECURSIVE d AS (SELECT 0 AS n UNION ALL SELECT n + 1 FROM d WHERE n < 199)
         SELECT x.n * 200 + y.n + 1, CONCAT('m', y.n, '@canary-mail.com'), REPEAT('pad ', 50), x.n FROM d x CROSS JOIN d y;
         ANALYZE TABLE big`,
      );
      const plan = rig.writePlan(
        'databases: [{name: shop}]\noptions: {refresh: auto}\nmask: {key: "${MASK_KEY:?}", columns: {mail: email, n: number}}',
      );
      const run = async (...argv: readonly string[]): Promise<string> => {
        const { code, stdout, stderr } = await rig.start(argv, { MASK_KEY: KEY }).ended;
        expect(code, stdout + stderr).toBe(0);
        return stdout + stderr;
      };
      const apply = (): Promise<string> =>
        run('apply', plan, '--auto-approve', '--confirm-target', 'staging');
      await run('mask', 'accept', plan, '--all');
      await apply();
      expect(await apply()).toContain('1 table stayed, which an earlier run has searched');
      await rig.target.query("UPDATE shop.big SET mail = CONCAT(mail, 'x') WHERE id = 20000");
      expect(await apply()).toContain('(40 000 rows,');
      await rig.source.query('UPDATE shop.big SET mail = NULL WHERE id IN (7, 19999, 39999)');
      await rig.source.query(
        'DELETE FROM shop.big WHERE id = 12345; UPDATE shop.big SET n = -1 WHERE id = 30000',
      );
      const recap = await apply();
      // What is kept has the damage of the target.
      expect(recap).toContain('5 of 39 999 rows copied');
      expect(recap).toContain('39 994 rows stayed, which an earlier run has searched');
      await run('verify', plan);
    } finally {
      await rig.stop();
    }
  });
});
