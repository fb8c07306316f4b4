import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { availableFlavors } from '../support/flavors.js';
import { type Rig, startRig } from '../support/rig.js';

const KEY = 'canary-key-0123456789abcdef';

const SOURCE = `CREATE DATABASE shop CHARACTER SET utf8mb4; USE shop;
  CREATE TABLE users (id INT PRIMARY KEY, email VARCHAR(100) CHARACTER SET latin1, phone VARCHAR(30), iban VARBINARY(40), born DATE);
  CREATE TABLE logs (id INT PRIMARY KEY, line TEXT, raw LONGBLOB);
  INSERT INTO users VALUES (1, 'Canary.One@canary-mail.com', '0049 (30) 901-820', 'DE89370400440532013000', '1980-05-17'),
    (2, 'canary.two@canary-mail.com', NULL, NULL, NULL), (3, 'canary.staff@canary-mail.com', '', '', NULL);`;

const RULES = `databases: [{name: shop}]
mask:
  key: "\${MASK_KEY:?}"
  columns: {'users.email': email, 'users.phone': phone, 'users.iban': token, 'users.born': {date: year}}
  unless: {users: "email LIKE '%staff%'"}`;

describe.each(availableFlavors().filter(({ id }) => id === 'mariadb-10.11' || id === 'mysql-9.7'))(
  'what the leak gate found on $id',
  (flavor) => {
    let rig: Rig;
    let plan: string;
    beforeAll(async () => {
      rig = await startRig({ flavor });
      rig.source.load(SOURCE);
      plan = rig.writePlan(RULES);
      const { code } = await rig.start(['mask', 'accept', plan, '--all'], { MASK_KEY: KEY }).ended;
      expect(code).toBe(0);
    });
    afterAll(async () => rig.stop());

    /** What is said of the leaks after these lines were written to the log. */
    const leak = async (...lines: readonly string[]): Promise<string> => {
      const values = lines.map((line, index) => `(${String(index)}, '${line}', NULL)`).join(', ');
      await rig.source.query(`DELETE FROM shop.logs; INSERT INTO shop.logs VALUES ${values}`);
      const ended = await rig.start(['apply', plan, '--auto-approve', '--json'], { MASK_KEY: KEY }).ended;
      expect(ended.code).toBe(3);
      expect(ended.stdout + ended.stderr).not.toMatch(/canary|901.?820|3704.?0044/);
      const { outcomes } = JSON.parse(ended.stdout) as {
        readonly outcomes: readonly { readonly error: { readonly hints: readonly string[] } }[];
      };
      return outcomes[0]?.error.hints.join('\n') ?? '';
    };

    test('is said to be of a masked person, however it is written', async () => {
      expect(await leak('from canary.one@CANARY-mail.com to nobody')).toContain(
        "logs.line: an e-mail address in 1 row; it is a masked person's own: shop.users.email\n",
      );
      expect(await leak('call +49 30 901820')).toContain("; it is a masked person's own: shop.users.phone\n");
      expect(await leak('pay DE89 3704 0044 0532 0130 00')).toContain(
        "; it is a masked person's own: shop.users.iban\n",
      );
    });

    test('is counted by different values, and nothing is said of others', async () => {
      expect(
        await leak(
          'canary.one@canary-mail.com, canary.two@canary-mail.com',
          'canary.one@canary-mail.com',
          'canary.three@canary-mail.com',
        ),
      ).toContain(
        "logs.line: an e-mail address in 3 rows; of 3 different ones 2 are a masked person's own: shop.users.email\n",
      );
      expect(await leak('canary.three@canary-mail.com')).toContain('an e-mail address in 1 row\n');
      // That row stays as it is.
      expect(await leak('canary.staff@canary-mail.com')).toContain('an e-mail address in 1 row\n');
    });

    test('is looked up among no more than a hundred values of a column', async () => {
      const others = Array.from({ length: 150 }, (_, index) => `canary${String(index)}@canary-mail.com`);
      expect(await leak('canary.one@canary-mail.com', ...others)).toContain(
        "in 151 rows; of the first 100 different ones 1 is a masked person's own: shop.users.email\n",
      );
    });

    test('is found where a cell arrives in parts', async () => {
      await rig.source.query(
        "DELETE FROM shop.logs; INSERT INTO shop.logs VALUES (1, NULL, CONCAT(REPEAT('x ', 2000000), 'canary.two@canary-mail.com', REPEAT(' y', 2000000)))",
      );
      const ended = await rig.start(['apply', plan, '--auto-approve'], { MASK_KEY: KEY }).ended;
      expect(ended.stdout + ended.stderr).toContain(
        "logs.raw: an e-mail address in 1 row; it is a masked person's own: shop.users.email",
      );
    });

    test('stands in no statement that the source writes to its log', async () => {
      await rig.source.query("SET GLOBAL log_output = 'FILE', GLOBAL general_log_file = 'general.log'");
      await rig.source.query("UPDATE shop.logs SET raw = NULL, line = 'from canary.one@canary-mail.com'");
      await rig.source.query('SET GLOBAL general_log = ON');
      const ended = await rig.start(['apply', plan, '--auto-approve'], { MASK_KEY: KEY }).ended;
      await rig.source.query('SET GLOBAL general_log = OFF');
      expect(ended.stdout + ended.stderr).toContain("it is a masked person's own");
      const log = readFileSync(join(rig.source.folder, 'data', 'general.log'), 'latin1');
      expect(log).toMatch(/WHERE hash IN \(_utf8mb4 0x[0-9a-f]{128}\)/);
      expect(log).not.toMatch(/canary\.one/i);
      expect(log.toLowerCase()).not.toContain(Buffer.from('canary.one').toString('hex'));
    });
  },
);
