import { inspect } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openConnection } from '../../../../src/adapters/mysql/connection/connect.js';
import { readRows } from '../../../../src/adapters/mysql/connection/rows.js';
import { giveMaskKey } from '../../../../src/adapters/mysql/rows/give-mask-key.js';
import { openSnapshot } from '../../../../src/adapters/mysql/rows/snapshot.js';
import type { MaskRule } from '../../../../src/core/mask/mask-rule.js';
import type { TableMasks } from '../../../../src/core/mask/table-masks.js';
import { comparedPart } from '../../../../src/core/mask/table-masks.js';
import { toDatabaseName } from '../../../../src/core/names.js';
import { Secret } from '../../../../src/core/secret.js';
import type { CopyJob } from '../../../../src/engine/ports/row-engine.js';
import { type CopyRig, startCopyRig } from '../../../contracts/copy-rig.js';
import { availableFlavors } from '../../../support/flavors.js';
import { copyNatively, fill } from './native-rig.js';

const KEY = new Secret('a key that is long enough for tests');

const PEOPLE = `
  CREATE TABLE people (id INT PRIMARY KEY, email VARCHAR(60) CHARACTER SET latin1, note VARCHAR(80),
    host VARCHAR(80) AS (SUBSTRING(email, 3)) STORED);
  INSERT INTO people (id, email, note) SELECT a.i * 30 + b.i, CONCAT('person', a.i, '.', b.i, '@real.example'), REPEAT('n', 60)
    FROM (${Array.from({ length: 30 }, (_, i) => `SELECT ${String(i)} AS i`).join(' UNION ')}) a
    JOIN (${Array.from({ length: 30 }, (_, i) => `SELECT ${String(i)} AS i`).join(' UNION ')}) b;
  UPDATE people SET email = NULL WHERE id = 3; UPDATE people SET email = '' WHERE id = 4; UPDATE people SET note = 'tester' WHERE id = 5;
  CREATE TABLE keyed (email VARCHAR(60) PRIMARY KEY, n INT); INSERT INTO keyed SELECT email, id FROM people WHERE id > 5;
  CREATE TABLE bare (email VARCHAR(60)); INSERT INTO bare SELECT email FROM people;
  CREATE TABLE numbered (id INT UNSIGNED PRIMARY KEY, pad VARCHAR(80)); INSERT INTO numbered SELECT id + 1, note FROM people`;

const EMAIL: TableMasks = { columns: [{ column: 'email', rule: { kind: 'token' } }], unless: null };
const MASKS: Readonly<Record<string, TableMasks>> = {
  people: { ...EMAIL, unless: "note = 'tester' -- the tests log in with it" },
  keyed: EMAIL,
  bare: EMAIL,
};

const masked = (job: CopyJob, key: Secret | null = KEY): CopyJob => ({
  ...job,
  ...(key && { maskKey: key }),
  tables: job.tables.map((entry) => {
    const masks = MASKS[entry.table.name];
    return { ...entry, ...(masks && { masks }) };
  }),
});

const flavors = availableFlavors().filter(({ id }) => id === 'mariadb-10.11' || id === 'mysql-9.7');

describe.each(flavors)('masks, on $id', (flavor) => {
  let rig: CopyRig;
  beforeAll(async () => {
    rig = await startCopyRig(['--local-infile=1'], (options) => flavor.start(options));
    await fill(rig, 'app', PEOPLE);
  });
  afterAll(async () => rig.stop());

  const listEmails = async (database: string, table: string): Promise<readonly unknown[]> =>
    (await rig.target.query(`SELECT email FROM ${database}.${table}`)).map((row): unknown => row['email']);

  test.each(['digest', 'counts'] as const)('the copy holds masks, proven by %s', async (proof) => {
    const job = masked(await rig.stage('app'));
    const { copied } = await copyNatively(job, { proof });
    expect(copied.map(({ name, rows }) => [name, rows])).toEqual([
      ['bare', 900],
      ['keyed', 894],
      ['numbered', 900],
      ['people', 900],
    ]);
    for (const table of ['people', 'keyed', 'bare'])
      expect((await listEmails(job.into, table)).filter((email) => /real/.test(String(email)))).toEqual(
        table === 'people' ? ['person0.5@real.example'] : [],
      );
    const people = await rig.target.query(
      `SELECT id, email, host FROM ${job.into}.people WHERE id < 6 ORDER BY id`,
    );
    expect(people.slice(3, 6)).toEqual([
      { id: 3, email: null, host: null },
      { id: 4, email: '', host: '' },
      { id: 5, email: 'person0.5@real.example', host: 'rson0.5@real.example' },
    ]);
    expect(people[0]?.['host']).toBe(String(people[0]?.['email']).slice(2));
    // The same person is the same in every table, whatever the character set.
    const [bare, keyed] = [new Set(await listEmails(job.into, 'bare')), await listEmails(job.into, 'keyed')];
    expect(keyed.every((email) => bare.has(email))).toBe(true);
  });

  test('a digest of the source with masks is that of the copy, until a byte of it changes', async () => {
    const job = masked(await rig.stage('app'));
    await copyNatively(job);
    const [source, target] = [await openSnapshot(job.source, KEY), await openSnapshot(job.target)];
    for (const entry of job.tables)
      expect(await source.digestTable(job.from, entry)).toEqual(
        await target.digestTable(toDatabaseName(job.into), {
          table: comparedPart(entry.table, entry.masks),
          where: null,
        }),
      );
    await target.close();
    await rig.target.query(`UPDATE ${job.into}.bare SET email = CONCAT('x', SUBSTRING(email, 2)) LIMIT 1`);
    const bare = job.tables.find(({ table }) => table.name === 'bare');
    const later = await openSnapshot(job.target);
    if (!bare) throw new Error('no such table');
    expect((await source.digestTable(job.from, bare)).digest).not.toBe(
      (await later.digestTable(toDatabaseName(job.into), { table: bare.table, where: null })).digest,
    );
    await Promise.all([source.close(), later.close()]);
  });

  test('every kind of mask arrives as it left, in keys, chunks and foreign keys too', async () => {
    await fill(
      rig,
      'kinds',
      `CREATE TABLE parent (id INT UNSIGNED AUTO_INCREMENT PRIMARY KEY, email VARCHAR(80) CHARACTER SET utf8mb4 NOT NULL UNIQUE, token CHAR(40), body TEXT CHARACTER SET latin1,
         phone VARCHAR(20), first VARCHAR(40), last VARCHAR(40), name VARCHAR(60) CHARACTER SET utf8, company VARCHAR(60), street VARCHAR(80), city VARCHAR(60), ip VARCHAR(45), ip4 VARBINARY(4), guid CHAR(36), raw BINARY(16),
         born DATE, seen DATETIME(3), salary DECIMAL(10,2), n SMALLINT, f DOUBLE, card VARCHAR(19), account VARCHAR(30), fixed VARCHAR(9), gone VARCHAR(9), back VARCHAR(9) DEFAULT 'x', own VARCHAR(30), doc ${flavor.vendor === 'mysql' ? 'JSON' : 'LONGTEXT'});
       INSERT INTO parent SELECT seq, CONCAT('é', seq, '@real.example'), LEFT(SHA2(seq, 256), 40), REPEAT('straße ', 1 + seq MOD 9), CONCAT('0171', seq), 'Zoë', 'Nemo', 'Zoë Nemo', 'Real Ltd', CONCAT('Real Street ', seq), 'Realtown',
         CONCAT('8.8.4.', seq MOD 256), UNHEX(HEX(seq + 16777216)), UUID(), UNHEX(LEFT(SHA2(seq, 256), 32)), '1980-02-29' + INTERVAL seq DAY, '2020-01-01 10:00:00.123', seq * 1.25, seq, seq / 7, '4111111111111111', CONCAT('Ünit 7/', seq, '-0301'), 'a', 'b', 'c', CONCAT('DE', seq),
         CONCAT('{"mail": "real', seq, '@real.example", "n": 1, "list": [{"mail": "real@corp.example", "n": 1.50}, {"mail": "real', seq, '@corp.example"}]}') FROM numbers.n WHERE seq <= 700;
       INSERT INTO parent (id, email) VALUES (4000000000, '');
       CREATE TABLE child (id INT UNSIGNED PRIMARY KEY, parent INT UNSIGNED, KEY (parent), FOREIGN KEY (parent) REFERENCES parent (id)); INSERT INTO child SELECT id, id FROM parent;`,
    );
    const rules: Readonly<Record<string, MaskRule>> = {
      id: { kind: 'id' },
      email: { kind: 'email' },
      token: { kind: 'token' },
      body: { kind: 'text' },
      phone: { kind: 'phone' },
      first: { kind: 'first-name' },
      last: { kind: 'last-name' },
      name: { kind: 'name' },
      company: { kind: 'company' },
      street: { kind: 'street' },
      city: { kind: 'city' },
      ip: { kind: 'ip' },
      ip4: { kind: 'ip' },
      guid: { kind: 'uuid' },
      raw: { kind: 'uuid' },
      born: { kind: 'date' },
      seen: { kind: 'date-to', unit: 'month' },
      salary: { kind: 'number' },
      n: { kind: 'number' },
      card: { kind: 'ends', keep: 4 },
      account: { kind: 'digits' },
      fixed: { kind: 'value', value: 'same' },
      gone: { kind: 'null' },
      back: { kind: 'default' },
      own: { kind: 'sql', sql: "CONCAT(LEFT(own, 2), '-')" },
      doc: {
        kind: 'json',
        paths: [
          ...['$.mail', '$.list[*].mail'].map((path) => ({ path, rule: { kind: 'email' } as const })),
          { path: '$.n', rule: { kind: 'id' } },
        ],
      },
    };
    const staged = await rig.stage('kinds');
    const parent = Object.entries(rules).map(([column, rule]) => ({ column, rule }));
    const job: CopyJob = {
      ...staged,
      maskKey: KEY,
      scan: 'full',
      tables: staged.tables.map((entry) => ({
        ...entry,
        masks: {
          columns:
            entry.table.name === 'parent' ? parent : [{ column: 'parent', rule: { kind: 'id' } as const }],
          unless: null,
        },
      })),
    };
    const { copied } = await copyNatively(job);
    expect(copied.map(({ name, rows, proof, scan }) => [name, rows, proof, scan?.leaks])).toEqual([
      ['child', 701, 'digest', []],
      ['parent', 701, 'digest', []],
    ]);
    const [left] = await rig.target.query(
      `SELECT COUNT(*) AS n FROM ${job.into}.child c LEFT JOIN ${job.into}.parent p ON p.id = c.parent WHERE p.id IS NULL`,
    );
    expect(left).toEqual({ n: 0 });
    const [same] = await rig.target.query(
      `SELECT COUNT(*) AS n FROM ${job.into}.parent WHERE email LIKE '%real%' OR doc LIKE '%real%' OR company LIKE '%Real%' OR ip LIKE '8.8.%' OR fixed = 'a' OR gone = 'b' OR back = 'c'`,
    );
    expect(same).toEqual({ n: 0 });
  });

  test('what is kept is searched on its way, in large cells and wide characters too', async () => {
    await fill(
      rig,
      `kept`,
      `CREATE TABLE notes (id INT PRIMARY KEY, email VARCHAR(40), note LONGTEXT, wide VARCHAR(60) CHARACTER SET utf16, raw LONGBLOB, n BIGINT);
       INSERT INTO notes VALUES (1, 'joe@corp.com', 'nothing', 'nothing', NULL, 4111111111111111), (2, '', 'ask joe@corp.com', 'joe@corp.com', x'00ff6a6f652e646f6540636f72702e636f6d', 1),
         (3, NULL, CONCAT(REPEAT('x ', 600000), 'joe@corp.com', REPEAT(' x', 600000), ' joe@corp.com'), '', '', 1);`,
    );
    const staged = await rig.stage('kept');
    const job: CopyJob = {
      ...staged,
      maskKey: KEY,
      scan: 'full',
      tables: staged.tables.map((entry) => ({ ...entry, masks: EMAIL })),
    };
    const [notes] = (await copyNatively(job)).copied;
    expect(notes?.scan).toMatchObject({
      columns: 3,
      rows: 3,
      leaks: [
        { column: 'note', kind: 'email', rows: 2 },
        { column: 'wide', kind: 'email', rows: 1 },
        { column: 'raw', kind: 'email', rows: 1 },
      ],
    });
    expect(notes?.scan?.bytes).toBeGreaterThan(2_400_000);
    const again = await rig.stage('kept');
    const sampled = (await copyNatively({ ...job, into: again.into, scan: 'sample' })).copied;
    expect(sampled[0]?.scan?.rows).toBe(1);
  });

  test('what digits leave is searched, but for numbers, which are drawn', async () => {
    await fill(
      rig,
      'drawn',
      `CREATE TABLE t (id INT PRIMARY KEY, phone VARCHAR(60), none VARCHAR(60));
       INSERT INTO t VALUES (1, '+49 30 901820', 'nobody'), (2, '+49 30 901821, or joe@corp.com', 'nothing'), (3, NULL, '');`,
    );
    const staged = await rig.stage('drawn');
    const columns = ['phone', 'none'].map((column) => ({ column, rule: { kind: 'digits' } as const }));
    const job: CopyJob = {
      ...staged,
      maskKey: KEY,
      scan: 'full',
      tables: staged.tables.map((entry) => ({ ...entry, masks: { columns, unless: null } })),
    };
    const [t] = (await copyNatively(job)).copied;
    expect(t?.scan?.leaks).toMatchObject([
      { column: 'phone', kind: 'email', rows: 1 },
      { column: 'none', kind: 'unmasked', rows: 2 },
    ]);
  });

  test('an expression of the plan that replaces nothing is a leak', async () => {
    await fill(
      rig,
      'written',
      `CREATE TABLE t (id INT PRIMARY KEY, vat VARCHAR(20), ok VARCHAR(20)); INSERT INTO t VALUES (1, 'FR12', 'a'), (2, 'DE', 'b'), (3, '', 'c'), (4, NULL, NULL), (5, 'IT', 'd');`,
    );
    const staged = await rig.stage('written');
    const masks: TableMasks = {
      columns: [
        { column: 'vat', rule: { kind: 'sql', sql: "IF(LENGTH(vat) > 2, 'XX', vat)" } },
        { column: 'ok', rule: { kind: 'sql', sql: 'UPPER(ok)' } },
      ],
      unless: 'id = 5',
    };
    const job: CopyJob = {
      ...staged,
      maskKey: KEY,
      scan: 'full',
      tables: staged.tables.map((entry) => ({ ...entry, masks })),
    };
    const [t] = (await copyNatively(job)).copied;
    expect(t?.scan?.leaks).toEqual([{ column: 'vat', kind: 'unmasked', rows: 1 }]);
  });

  // MariaDB has no function that is in both and names its argument.
  test.runIf(flavor.vendor === 'mysql')(
    'an expression of the plan that fails shows no value of its row',
    async () => {
      await fill(
        rig,
        'failing',
        "CREATE TABLE t (id INT PRIMARY KEY, ref VARCHAR(40)); INSERT INTO t VALUES (1, 'canary')",
      );
      const staged = await rig.stage('failing');
      const masks: TableMasks = {
        columns: [{ column: 'ref', rule: { kind: 'sql', sql: 'HEX(UUID_TO_BIN(ref))' } }],
        unless: null,
      };
      const [rows] = staged.tables.map((entry) => ({ ...entry, masks }));
      if (!rows) throw new Error('no table');
      const snapshot = await openSnapshot(staged.source, KEY);
      const failures = await Promise.allSettled([
        copyNatively({ ...staged, maskKey: KEY, tables: [rows] }),
        snapshot.digestTable(staged.from, rows),
        snapshot.previewRows(staged.from, rows, 1),
      ]);
      await snapshot.close();
      for (const { reason } of failures as readonly PromiseRejectedResult[]) {
        expect(String(reason)).toMatch(/1411\b.* may hold a value/);
        expect(inspect(reason, { depth: null })).not.toContain('canary');
      }
    },
  );

  test('a proxy that keeps the key in another session is noticed', async () => {
    const { source } = await rig.stage('app');
    const sessions = await Promise.all([openConnection(source), openConnection(source)]);
    const [one, other] = sessions;
    const through = (asked: typeof one) => ({
      execute: (sql: string, values: readonly string[]) => one.execute(sql, [...values]),
      readRow: async (sql: string) => (await readRows(asked, sql))[0] ?? [],
    });
    await expect(giveMaskKey(through(other), KEY)).rejects.toThrow('did not keep the key of the masks');
    await giveMaskKey(through(one), KEY);
    await Promise.all(sessions.map((session) => session.end()));
  });

  test('without the key nothing is copied', async () => {
    const job = masked(await rig.stage('app'), null);
    await expect(copyNatively(job)).rejects.toThrow('without a key');
  });
});
