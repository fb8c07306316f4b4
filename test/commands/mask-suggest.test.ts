import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { load } from 'js-yaml';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { PACKS } from '../../src/core/mask/packs/index.js';
import { availableFlavors } from '../support/flavors.js';
import { type Rig, startRig } from '../support/rig.js';

const KEY = 'canary-key-0123456789abcdef';
const NAMES = Object.keys(PACKS).sort();

/** The last rows have what the first have not. */
const SOURCE = `CREATE DATABASE shop CHARACTER SET utf8mb4; USE shop;
  CREATE TABLE people (id INT AUTO_INCREMENT PRIMARY KEY, c1 VARCHAR(100), c2 TEXT, c3 BLOB, c4 JSON, c5 VARCHAR(30) COMMENT 'mobile number', c6 VARCHAR(100), c7 VARCHAR(40), height INT);
  INSERT INTO people (c1, c2) SELECT '', 'nothing' FROM (SELECT 1 UNION ALL SELECT 2 UNION ALL SELECT 3 UNION ALL SELECT 4 UNION ALL SELECT 5) a, (SELECT 1 UNION ALL SELECT 2 UNION ALL SELECT 3 UNION ALL SELECT 4 UNION ALL SELECT 5) b, (SELECT 1 UNION ALL SELECT 2 UNION ALL SELECT 3 UNION ALL SELECT 4 UNION ALL SELECT 5) c, (SELECT 1 UNION ALL SELECT 2) d;
  UPDATE people SET c1 = CONCAT('canary', id, '@canary-mail.com'), c2 = 'ask canary@canary-mail.com for it', c3 = CONCAT('x canary@canary-mail.com ', id), c4 = '{"to": "canary@canary-mail.com"}', c7 = 'DE89 3704 0044 0532 0130 00' WHERE id > (SELECT m FROM (SELECT MAX(id) - 5 AS m FROM people) x);
  UPDATE people SET c6 = 'canary@canary-mail.com' WHERE id = (SELECT m FROM (SELECT MIN(id) + 120 AS m FROM people) x);
  CREATE TABLE files (id INT PRIMARY KEY, words VARCHAR(99)) COMMENT 'personal data';`;

describe.each(availableFlavors().filter(({ id }) => id === 'mariadb-10.11' || id === 'mysql-9.7'))(
  'mask suggest on $id',
  (flavor) => {
    let rig: Rig;
    let plan: string;
    beforeAll(async () => {
      rig = await startRig({ flavor });
      rig.source.load(SOURCE);
      plan = rig.writePlan('databases: [{name: shop}]\nmask: {key: "${MASK_KEY:?}"}');
    });
    afterAll(async () => rig.stop());

    const run = async (...argv: readonly string[]) => {
      const ended = await rig.start(['mask', 'suggest', ...argv], { MASK_KEY: KEY }).ended;
      expect(ended.code, ended.stderr).toBe(0);
      expect(ended.stdout + ended.stderr).not.toMatch(/canary|3704/);
      return ended.stdout;
    };

    test('says why: a comment, what is in first and last rows, the comment of a table', async () => {
      const found = JSON.parse(await run(plan, '--json')) as Record<string, unknown>;
      expect(found).toMatchObject({
        packs: [],
        columns: [
          { column: 'shop.files.words', mask: 'text', why: ['the comment of its table'] },
          {
            column: 'shop.people.c1',
            mask: 'email',
            why: ['5 of 5 sampled values hold an e-mail address'],
          },
          {
            column: 'shop.people.c2',
            mask: 'text',
            why: ['5 of 200 sampled values hold an e-mail address'],
          },
          { column: 'shop.people.c3', mask: 'text' },
          { column: 'shop.people.c5', mask: 'phone', why: ['its comment'] },
          { column: 'shop.people.c7', mask: { ends: 4 }, why: ['5 of 5 sampled values hold an IBAN'] },
        ],
        findings: [{ column: 'shop.people.c4', why: ['5 of 5 sampled values hold an e-mail address'] }],
        sampled: { tables: 2, passed_over: [] },
      });
    });

    test('prints what can be pasted', async () => {
      const text = await run(plan);
      expect(text).toContain('# Looked at no more than 200 rows, the first and the last, of 2 tables.');
      expect(load(text)).toMatchObject({ mask: { columns: { 'shop.people.c7': { ends: 4 } } } });
    });

    test('reads no row where that is not wanted', async () => {
      const found = JSON.parse(await run(plan, '--no-sample', '--json')) as Record<string, unknown>;
      expect(found).toMatchObject({
        columns: [{ column: 'shop.files.words' }, { column: 'shop.people.c5' }],
        sampled: null,
      });
    });

    test('says which tables the account may not read', async () => {
      await rig.source
        .query(`CREATE USER poor@'%' IDENTIFIED BY 'pw-of-poor'; GRANT SELECT (id, c1) ON shop.people TO poor@'%';
        GRANT REFERENCES ON shop.* TO poor@'%'`);
      const poor = rig.writePlan('databases: [{name: shop}]\nmask: {key: "${MASK_KEY:?}"}', {
        source: `{name: prod, host: 127.0.0.1, port: ${String(rig.source.port)}, user: poor, password: "\${POOR_PASSWORD}"}`,
      });
      expect(await run(poor)).toContain(
        '# Not looked at, as time ran out, the account may not read them or their rows are elsewhere: shop.files, shop.people.',
      );
    });
  },
);

test('recognises the tables of each pack, and of no other', async () => {
  // Whose SQL the fixtures are.
  const rig = await startRig();
  const run = async (...argv: readonly string[]): Promise<string> =>
    (await rig.start(['mask', 'suggest', ...argv, '--no-sample'], { MASK_KEY: KEY }).ended).stdout;
  for (const pack of NAMES) {
    await rig.source.query(`CREATE DATABASE ${pack} CHARACTER SET utf8mb4`);
    rig.source.load(readFileSync(join(import.meta.dirname, `../fixtures/packs/${pack}.sql`)), pack);
    const own = rig.writePlan(`databases: [{name: ${pack}}]\nmask: {key: "\${MASK_KEY:?}"}`);
    const { packs } = JSON.parse(await run(own, '--json')) as {
      readonly packs: readonly { readonly pack: string }[];
    };
    expect([pack, packs.map((one) => one.pack)]).toEqual([pack, [pack]]);
    const used = rig.writePlan(
      `databases: [{name: ${pack}}]\nmask: {key: "\${MASK_KEY:?}", rules: [${pack}]}`,
    );
    expect(await run(used)).not.toContain('rules:');
  }
  await rig.stop();
});
