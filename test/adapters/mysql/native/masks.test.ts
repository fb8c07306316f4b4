import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openSnapshot } from '../../../../src/adapters/mysql/rows/snapshot.js';
import type { TableMasks } from '../../../../src/core/mask/table-masks.js';
import { comparedPart } from '../../../../src/core/mask/table-masks.js';
import { toDatabaseName } from '../../../../src/core/names.js';
import { Secret } from '../../../../src/core/secret.js';
import type { CopyJob } from '../../../../src/engine/ports.js';
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
    (await rig.target.query(`SELECT email FROM ${database}.${table}`)).map(({ email }) => email);

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
    const people = await rig.target.query(`SELECT id, email, host FROM ${job.into}.people WHERE id < 6 ORDER BY id`);
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

  test('what is kept is searched on its way, in large cells and wide characters too', async () => {
    await fill(
      rig,
      `kept`,
      `CREATE TABLE notes (id INT PRIMARY KEY, email VARCHAR(40), note LONGTEXT, wide VARCHAR(60) CHARACTER SET utf16, raw LONGBLOB, n BIGINT);
       INSERT INTO notes VALUES (1, 'joe@corp.com', 'nothing', 'nothing', NULL, 4111111111111111), (2, '', 'ask joe@corp.com', 'joe@corp.com', x'00ff6a6f6540636f72702e636f6d', 1),
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
    expect(sampled[0]?.scan).toMatchObject({ rows: 1, leaks: [] });
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

  test('without the key nothing is copied', async () => {
    const job = masked(await rig.stage('app'), null);
    await expect(copyNatively(job)).rejects.toThrow('without a key');
  });
});
