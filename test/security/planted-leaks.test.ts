import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { availableFlavors } from '../support/flavors.js';
import { type Rig, startRig } from '../support/rig.js';

const KEY = 'canary-key-0123456789abcdef';
const PERSON = 'jane.roe@mail-of-jane.com';
const GUIDE = readFileSync(join(import.meta.dirname, '../../docs/guides/masking.md'), 'utf8');

/** What is accepted before something is planted. */
const USERS = `CREATE TABLE users (id INT PRIMARY KEY, email VARCHAR(100), name VARCHAR(60), note TEXT, payload LONGTEXT, raw BLOB,
  wide VARCHAR(99) CHARACTER SET utf16); INSERT INTO users VALUES (1, '${PERSON}', 'Jane Roe', 'likes tea', '{"n": 1}', NULL, '');`;

const RULES: Readonly<Record<string, string>> = {
  'users.email': 'email',
  'users.name': 'name',
};

type Ending =
  /** The plan blocks it, or the file is refused. */
  | 'refused'
  /** The leak gate ends the database. */
  | 'caught'
  /** A mask covers it. */
  | 'masked'
  /** It gets through, and the guide says so, in these words; the plan too, by this code. */
  | { readonly listed: string; readonly told?: string };

interface Leak {
  readonly way: string;
  readonly ending: Ending;
  /** Run in the database of the source after the lock was accepted. */
  readonly sql?: string;
  readonly rules?: Readonly<Record<string, string>>;
  /** Of the plan whose lock was accepted. */
  readonly accepted?: Readonly<Record<string, string>>;
  readonly options?: string;
  readonly isLockGone?: true;
}

const note = (text: string): string => `UPDATE users SET note = '${text}'`;

const LEAKS: readonly Leak[] = [
  { way: 'a new column', sql: 'ALTER TABLE users ADD phone VARCHAR(20)', ending: 'refused' },
  { way: 'a renamed column', sql: 'ALTER TABLE users CHANGE email mail VARCHAR(100)', ending: 'refused' },
  { way: 'a column that is longer now', sql: 'ALTER TABLE users MODIFY note MEDIUMTEXT', ending: 'refused' },
  {
    way: 'a column in upper case',
    sql: 'ALTER TABLE users CHANGE email EMAIL VARCHAR(100)',
    ending: 'masked',
  },
  { way: 'a table that was copied', sql: 'CREATE TABLE users_old AS SELECT * FROM users', ending: 'refused' },
  {
    way: 'a new table',
    sql: "CREATE TABLE leads (mail TEXT); INSERT INTO leads VALUES ('x')",
    ending: 'refused',
  },
  {
    way: 'a unique index over a mask that is not unique',
    sql: 'ALTER TABLE users ADD UNIQUE (name)',
    ending: 'refused',
  },
  { way: 'a CHECK over a masked column', sql: 'ALTER TABLE users ADD CHECK (name > "")', ending: 'refused' },
  { way: 'a weaker mask', rules: { ...RULES, 'users.name': '{ends: 30}' }, ending: 'refused' },
  { way: 'a mask that became keep', rules: { ...RULES, 'users.name': 'keep' }, ending: 'refused' },
  { way: 'a rule that is gone', rules: { 'users.email': 'email' }, ending: 'refused' },
  { way: 'a mistyped rule', rules: { ...RULES, 'users.emial': 'email' }, ending: 'refused' },
  { way: 'a lock file that is gone', isLockGone: true, ending: 'refused' },
  { way: 'the dump engine', options: '{engine: dump}', ending: 'refused' },
  { way: 'a copy that is only counted', options: '{verify: counts}', ending: 'refused' },
  {
    way: 'a mask that reads another table',
    rules: { ...RULES, 'users.name': '{sql: "LOAD_FILE(name)"}' },
    ending: 'refused',
  },
  {
    way: 'a mistyped column to follow',
    rules: { ...RULES, 'users.note': '{follows: users.emial}' },
    ending: 'refused',
  },
  {
    way: 'an address beside digits',
    sql: `UPDATE users SET name = '030 1234, ${PERSON}'`,
    accepted: { ...RULES, 'users.name': 'digits' },
    ending: 'caught',
  },
  { way: 'digits of a column without any', accepted: { ...RULES, 'users.name': 'digits' }, ending: 'caught' },
  {
    way: 'an array that became an object',
    sql: `UPDATE users SET payload = '{"to": {"mail": "${PERSON}"}}'`,
    accepted: { ...RULES, 'users.payload': "{json: {'$.to[*].mail': email}}" },
    ending: 'caught',
  },
  {
    way: 'an address in an array',
    sql: `UPDATE users SET payload = '{"to": [{"mail": "${PERSON}"}, {"mail": "${PERSON}"}]}'`,
    accepted: { ...RULES, 'users.payload': "{json: {'$.to[*].mail': email}}" },
    ending: 'masked',
  },
  { way: 'an address in a note', sql: note(`ask ${PERSON}`), ending: 'caught' },
  { way: 'an address in JSON', sql: `UPDATE users SET payload = '{"to": ["${PERSON}"]}'`, ending: 'caught' },
  {
    way: 'an address in bytes',
    sql: `UPDATE users SET raw = CONCAT(0x0001FF, '${PERSON}')`,
    ending: 'caught',
  },
  { way: 'an address in UTF-16', sql: `UPDATE users SET wide = '${PERSON}'`, ending: 'caught' },
  { way: 'a phone number', sql: note('call +49 30 901820'), ending: 'caught' },
  { way: 'a phone number of North America', sql: note('(415) 456-2671'), ending: 'caught' },
  { way: 'a card number', sql: note('4111-1111-1111-1111'), ending: 'caught' },
  { way: 'an IBAN', sql: note('DE89 3704 0044 0532 0130 00'), ending: 'caught' },
  { way: 'an address of the network', sql: note('from 8.8.8.8'), ending: 'caught' },
  { way: 'a private key', sql: note('-----BEGIN OPENSSH PRIVATE KEY-----'), ending: 'caught' },
  { way: 'an access token', sql: note(`ghp_${'a1B2'.repeat(9)}`), ending: 'caught' },
  { way: 'base64', sql: note(Buffer.from(PERSON).toString('base64')), ending: { listed: 'base64' } },
  {
    way: 'full-width digits',
    sql: note('４１１１ １１１１ １１１１ １１１１'),
    ending: { listed: 'full-width digits' },
  },
  { way: 'a name in a note', sql: note('Jane Roe called'), ending: { listed: 'names' } },
  {
    way: 'a literal in a view',
    sql: `CREATE VIEW jane AS SELECT '${PERSON}' AS mail`,
    ending: { listed: 'Views, routines, comments and defaults', told: 'MASK_IN_DEFINITION' },
  },
  {
    way: 'a default',
    sql: `ALTER TABLE users ALTER wide SET DEFAULT '${PERSON}'`,
    ending: { listed: 'Views, routines, comments and defaults', told: 'MASK_IN_DEFINITION' },
  },
  {
    way: 'the comment of a column',
    sql: `ALTER TABLE users MODIFY id INT COMMENT '${PERSON}'`,
    ending: { listed: 'Views, routines, comments and defaults', told: 'MASK_IN_DEFINITION' },
  },
];

const renderPlan = (database: string, rules: Readonly<Record<string, string>>, options: string): string =>
  [
    `databases: [{name: ${database}}]`,
    'mask:',
    '  key: "${MASK_KEY:?}"',
    '  columns:',
    ...Object.entries(rules).map(([column, rule]) => `    ${column}: ${rule}`),
    `options: ${options}`,
  ].join('\n');

const flavors = availableFlavors().filter(({ id }) => id === 'mariadb-10.11' || id === 'mysql-9.7');

describe.each(flavors)('leaks planted on $id', (flavor) => {
  let rig: Rig;
  beforeAll(async () => {
    rig = await startRig({ flavor });
  });
  afterAll(async () => {
    const count = (ending: Ending): number => LEAKS.filter((leak) => leak.ending === ending).length;
    const listed = LEAKS.filter(({ ending }) => typeof ending === 'object').length;
    const told = LEAKS.filter(({ ending }) => typeof ending === 'object' && ending.told !== undefined).length;
    process.stdout.write(
      `planted leaks on ${flavor.id}: ${String(count('refused'))} refused, ${String(count('caught'))} caught by the gate, ${String(count('masked'))} masked, ${String(listed)} listed (${String(told)} of them told by the plan)\n`,
    );
    await rig.stop();
  });

  const run = (argv: readonly string[]) => rig.start(argv, { MASK_KEY: KEY }).ended;

  test.each(LEAKS.map((leak, index) => ({ ...leak, database: `leak_${String(index)}` })))(
    '$way: does not get past the masks unnoticed',
    async ({ database, ending, sql, accepted = RULES, rules = accepted, options = '{}', isLockGone }) => {
      rig.source.load(`CREATE DATABASE ${database} CHARACTER SET utf8mb4; USE ${database}; ${USERS}`);
      const plan = rig.writePlan(renderPlan(database, accepted, '{}'));
      const lock = plan.replace('.yaml', '.mask.lock.yaml');
      expect((await run(['mask', 'accept', plan, '--all'])).code).toBe(0);
      if (sql !== undefined) rig.source.load(`USE ${database}; ${sql};`);
      if (isLockGone) rmSync(lock);
      const planted = rig.writePlan(renderPlan(database, rules, options));
      if (!isLockGone) writeFileSync(planted.replace('.yaml', '.mask.lock.yaml'), readFileSync(lock));
      const { code, stdout, stderr } = await run(['apply', planted, '--auto-approve']);
      const said = stdout + stderr;
      expect(said).not.toContain(PERSON);
      if (ending === 'refused') expect([5, 9], said).toContain(code);
      else if (ending === 'caught') expect([code, said]).toEqual([3, expect.stringContaining('MASK_LEAK')]);
      else expect(code, said).toBe(0);
      const copied = await rig.contentOf('target', database);
      if (ending === 'refused' || ending === 'caught') expect(copied).toBeUndefined();
      if (ending === 'masked') expect(JSON.stringify(copied)).not.toContain('jane.roe');
      if (typeof ending !== 'object') return;
      expect(GUIDE.replaceAll(/\s+/g, ' ')).toContain(ending.listed);
      if (ending.told !== undefined) expect(said).toContain(ending.told);
    },
  );
});
