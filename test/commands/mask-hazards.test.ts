import { readFileSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ChangeSet } from '../../src/core/change/change-set.js';
import { availableFlavors } from '../support/flavors.js';
import { type Rig, startRig } from '../support/rig.js';

const KEY = 'canary-key-0123456789abcdef';
const PERSON = 'canary.person@canary-mail.com';
const PHONE = '+49 30 9018200';

const SOURCE = `CREATE DATABASE shop; USE shop;
  CREATE TABLE users (id INT PRIMARY KEY, email VARCHAR(100) NOT NULL, name VARCHAR(60), city VARCHAR(60));
  CREATE TABLE users_backup (id INT PRIMARY KEY, email VARCHAR(100) NOT NULL, name VARCHAR(60));
  CREATE TABLE parts (id INT PRIMARY KEY, name VARCHAR(60), price INT, weight INT);
  CREATE TABLE friends (a INT PRIMARY KEY, city VARCHAR(60)) COMMENT 'ask ${PERSON}';
  CREATE TABLE odd (id INT PRIMARY KEY COMMENT 'call ${PHONE}', mail VARCHAR(99) DEFAULT '${PERSON}', state ENUM('new', '${PERSON}'), CONSTRAINT nobody CHECK (mail <> '${PERSON}'));
  CREATE TABLE parted (mail VARCHAR(99) PRIMARY KEY) PARTITION BY RANGE COLUMNS (mail) (PARTITION low VALUES LESS THAN ('${PERSON}'), PARTITION rest VALUES LESS THAN (MAXVALUE));
  CREATE TABLE left_alone (id INT PRIMARY KEY);
  CREATE VIEW one AS SELECT '${PERSON}' AS mail;
  CREATE TRIGGER fill BEFORE INSERT ON odd FOR EACH ROW SET NEW.mail = COALESCE(NEW.mail, '${PERSON}');
  CREATE PROCEDURE tell() SELECT '${PERSON}';
  CREATE FUNCTION plain() RETURNS INT DETERMINISTIC RETURN 1;
  CREATE EVENT nightly ON SCHEDULE EVERY 1 DAY DISABLE DO DELETE FROM users WHERE email = '${PERSON}';
  INSERT INTO users VALUES (1, '${PERSON}', 'Canary', 'Bonn'), (2, 'second@canary-mail.com', 'Second', 'Ulm');`;

const plan = (rules: string, rest = ''): string => `databases: [{name: shop${rest}}]
mask:
  key: "\${MASK_KEY:?}"
  columns: {${rules}}`;

const RULES = `'users.email': email, 'users.name': name`;

describe.each(availableFlavors().filter(({ id }) => id === 'mariadb-10.11' || id === 'mysql-9.7'))(
  'what could leak past the masks on $id',
  (flavor) => {
    let rig: Rig;
    beforeAll(async () => {
      const options = flavor.id.startsWith('mysql') ? ['--log-bin-trust-function-creators=1'] : [];
      rig = await startRig({ flavor, targetOptions: options, sourceOptions: options });
      rig.source.load(SOURCE);
    });
    afterAll(async () => rig.stop());

    const run = (argv: readonly string[]) => rig.start(argv, { MASK_KEY: KEY }).ended;

    const hazardsOf = async (file: string): Promise<ReadonlyMap<string, string>> => {
      const { stdout } = await run(['plan', file, '--json']);
      expect(stdout).not.toContain('canary');
      expect(stdout).not.toContain('9018200');
      const { databases } = JSON.parse(stdout) as ChangeSet;
      return new Map(
        databases.flatMap(({ hazards }) =>
          hazards.map(({ code, severity, message, hint }) => [code, `${severity}: ${message}. ${hint}`]),
        ),
      );
    };

    test('is told in the plan: definitions, tables that are alike, what stays on the target', async () => {
      const file = rig.writePlan(plan(RULES));
      expect((await run(['mask', 'accept', file, '--all'])).code).toBe(0);
      const found = await hazardsOf(file);
      const told = found.get('MASK_IN_DEFINITION') ?? '';
      expect(told).toMatch(/^note: what looks like personal data is copied as it is: /);
      expect(told).toContain('the comment of friends (an e-mail address)');
      expect(told).toContain('the comment of odd.id (a phone number)');
      expect(told).toContain('the default of odd.mail (an e-mail address)');
      expect(told).toContain('the type of odd.state (an e-mail address)');
      expect(told).toContain('and 5 more');
      // Parts have names too, and are not like users.
      expect(found.get('MASK_NAMESAKE')).toMatch(
        /^note: kept as they are, while columns of the same names are masked: users_backup\.email \(users has it masked\) and users_backup\.name \(users has it masked\)\. .*mask accept .*shop\.users_backup\.email/,
      );
      expect(found.has('MASK_PREVIOUS')).toBe(false);
      expect(found.has('MASK_LEFT')).toBe(false);
    });

    test('names each kind of definition', async () => {
      for (const [exclude, place] of [
        [
          '[users, users_backup, parts, friends, odd, left_alone]',
          'partition low of parted (an e-mail address)',
        ],
        [
          '[users, users_backup, parts, friends, parted, left_alone]',
          'check nobody of odd (an e-mail address)',
        ],
      ] as const) {
        const file = rig.writePlan(
          plan(
            `'*.nothing': email`,
            `, tables: {exclude: ${exclude}}, programs: {exclude: [one, tell, nightly, fill]}`,
          ),
        );
        expect((await hazardsOf(file)).get('MASK_IN_DEFINITION')).toContain(place);
      }
      for (const [only, place] of [
        ['one', 'view one (an e-mail address)'],
        ['fill', 'trigger fill (an e-mail address)'],
        ['tell', 'procedure tell (an e-mail address)'],
        ['nightly', 'event nightly (an e-mail address)'],
      ] as const) {
        const others = ['one', 'fill', 'tell', 'nightly'].filter((name) => name !== only).join(', ');
        const tables = 'users, users_backup, parts, friends, parted, left_alone';
        const file = rig.writePlan(
          plan(`'*.nothing': email`, `, tables: {exclude: [${tables}]}, programs: {exclude: [${others}]}`),
        );
        const told = (await hazardsOf(file)).get('MASK_IN_DEFINITION') ?? '';
        expect(told).toContain(place);
        expect(told).not.toContain('plain');
      }
    });

    test('knows a copied table in another database, and mask check says so too', async () => {
      await rig.source.query(
        'CREATE DATABASE attic; CREATE TABLE attic.old_users (id INT PRIMARY KEY, name VARCHAR(60), city VARCHAR(60))',
      );
      const file = rig.writePlan(plan(RULES).replace('}]', '}, {name: attic}]'));
      expect((await run(['mask', 'accept', file, '--all'])).code).toBe(0);
      const { code, stdout } = await run(['mask', 'check', file]);
      expect(code).toBe(0);
      expect(stdout).toMatch(
        /attic: 0 masked, 3 kept\n +note \[MASK_NAMESAKE\] .*: old_users\.name \(shop\.users has it masked\)\n/,
      );
    });

    test('a reason in the lock says that somebody thought of a column', async () => {
      const file = rig.writePlan(plan(RULES));
      expect((await run(['mask', 'accept', file, '--all', '--reason', 'made up'])).code).toBe(0);
      expect((await hazardsOf(file)).has('MASK_NAMESAKE')).toBe(false);
    });

    test('what the masks themselves get wrong blocks the database', async () => {
      const found = await hazardsOf(
        rig.writePlan(
          `${plan(`'users.id': email, 'users.email': {sql: "LOWER(email)"}`)}\noptions: {engine: dump, verify: counts}`,
        ),
      );
      for (const code of ['MASK_IN_DUMP', 'MASK_UNVERIFIED', 'MASK_UNFIT'])
        expect(found.get(code)).toMatch(/^blocks: /);
      const file = rig.writePlan(plan(RULES));
      expect((await run(['mask', 'accept', file, '--all'])).code).toBe(0);
      await rig.source.query(
        'CREATE TABLE shop.notes (id INT PRIMARY KEY, user_id INT NOT NULL, FOREIGN KEY (user_id) REFERENCES shop.users (id))',
      );
      writeFileSync(
        file,
        readFileSync(file, 'utf8').replace('columns: {', "columns: {'users.id': id, 'notes.*': number, "),
      );
      const after = await hazardsOf(file);
      expect(after.get('MASK_CONFLICT')).toMatch(/^blocks: shop\.notes\.user_id refers to shop\.users\.id/);
      expect(after.get('MASK_NEW')).toMatch(/^blocks: 2 columns are not in the lock file/);
      await rig.source.query('DROP TABLE shop.notes');
    });

    test('statistics with values of the source do not come along, and the content before is told until it was masked', async () => {
      const analyze = flavor.id.startsWith('mysql')
        ? 'ANALYZE TABLE shop.users UPDATE HISTOGRAM ON email, name'
        : 'ANALYZE TABLE shop.users PERSISTENT FOR ALL';
      await rig.source.query(analyze);
      const listStatistics = async (server: Rig['source']): Promise<readonly string[]> =>
        (
          await server.query(
            flavor.id.startsWith('mysql')
              ? 'SELECT SCHEMA_NAME AS d, CONVERT(FROM_BASE64(SUBSTRING_INDEX(JSON_UNQUOTE(JSON_EXTRACT(HISTOGRAM, "$.buckets[0][0]")), ":", -1)) USING utf8mb4) AS low FROM information_schema.COLUMN_STATISTICS WHERE COLUMN_NAME = "email"'
              : 'SELECT db_name AS d, CONVERT(min_value USING utf8mb4) AS low FROM mysql.column_stats WHERE column_name = "email"',
          )
        ).map(({ d, low }) => `${String(d).slice(0, 14)} ${String(low)}`);
      expect(await listStatistics(rig.source)).toEqual([`shop ${PERSON}`]);
      // As an earlier copy without masks.
      rig.target.load(`${SOURCE} DROP EVENT nightly; DROP VIEW one;`);
      await rig.target.query(analyze);
      const file = rig.writePlan(plan(RULES, ', tables: {exclude: [left_alone], preserve: {parts: all}}'));
      expect((await run(['mask', 'accept', file, '--all'])).code).toBe(0);
      const before = await hazardsOf(file);
      expect(before.get('MASK_LEFT')).toContain(
        'left_alone and rows of parts stay on the target, with the values there',
      );
      expect(before.get('MASK_PREVIOUS')).toMatch(/^note: .*status .* --drop-previous/);
      const applied = await run(['apply', file, '--auto-approve', '--confirm-target', 'staging']);
      expect(applied.code, applied.stderr).toBe(0);
      // They move with the tables that they are of, and go with them.
      expect(await listStatistics(rig.target)).toEqual([`mysql_sync_old ${PERSON}`]);
      const dropped = await run(['status', file, '--drop-previous', '--confirm-target', 'staging']);
      expect(dropped.code, dropped.stderr).toBe(0);
      expect(await listStatistics(rig.target)).toEqual([]);
      const after = await hazardsOf(file);
      expect(after.has('MASK_PREVIOUS')).toBe(false);
    });
  },
);
