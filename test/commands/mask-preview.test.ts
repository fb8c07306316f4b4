import { readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CTRL_C, ENTER, converse } from '../support/conversation.js';
import { availableFlavors } from '../support/flavors.js';
import { type Rig, startRig } from '../support/rig.js';

const KEY = 'canary-key-0123456789abcdef';
const PERSON = 'canary.person@canary-mail.com';
const QUESTION = ', personal data, on this screen?';

const RULES = `databases: [{name: shop, tables: {where: {users: 'id < 3'}}}]
mask:
  key: "\${MASK_KEY:?}"
  columns:
    '*email*': email
    users.doc: {json: {$.to: email}}
    users.raw: token
    users.born: {date: year}
  unless: {users: "id = 2"}`;

describe.each(availableFlavors().filter(({ id }) => id === 'mariadb-10.11' || id === 'mysql-9.7'))(
  'mask preview on $id',
  (flavor) => {
    let rig: Rig;
    let plan: string;
    beforeAll(async () => {
      rig = await startRig({ flavor });
      rig.source.load(`CREATE DATABASE shop; USE shop;
        CREATE TABLE users (id INT PRIMARY KEY, email VARCHAR(100), doc JSON, raw VARBINARY(40), born DATE, note TEXT);
        CREATE TABLE letters (id INT PRIMARY KEY, email_to VARCHAR(100));
        CREATE TABLE parts (id INT PRIMARY KEY);
        INSERT INTO users VALUES (1, '${PERSON}', '{"to": "${PERSON}"}', 0x00FF1B, '1980-05-17', 'x'), (2, 'second@canary-mail.com', NULL, '', NULL, 'x'), (3, 'third@canary-mail.com', NULL, NULL, NULL, 'x');
        INSERT INTO letters VALUES (1, CONCAT(CHAR(27), '[31mcanary', REPEAT('y', 80)));`);
      plan = rig.writePlan(RULES);
    });
    afterAll(async () => rig.stop());

    const ask = (...argv: readonly string[]) =>
      converse(['mask', 'preview', ...argv], {
        home: rig.home,
        env: { ...rig.env, MASK_KEY: KEY },
        columns: 160,
      });

    const homeText = (): string =>
      readdirSync(rig.home, { recursive: true, encoding: 'utf8' })
        .map((name) => join(rig.home, name))
        .filter((path) => statSync(path).isFile())
        .map((path) => readFileSync(path, 'latin1'))
        .join('');

    test('shows both sides after a yes, and writes them nowhere', async () => {
      const person = ask(plan, 'users', '--rows', '2');
      await person.answers('Show values of shop.users as they are on prod', `y${ENTER}`);
      const { code, screen } = await person.ends();
      expect(code, screen).toBe(0);
      expect(screen).toContain('shop.users: 2 rows');
      expect(screen).toMatch(/1 +email +email +canary\.person@canary-mail\.com +\w+@example\.com/);
      expect(screen).toMatch(
        /doc +\{"json":.* +\{"to": "canary\.person@canary-mail\.com"\} +\{"to": ?"\w+@example\.com"\}/,
      );
      expect(screen).toMatch(/raw +token +00FF1B +[0-9A-F]{20}/);
      expect(screen).toMatch(/born +\{"date":"year"\} +1980-05-17 +1980-01-01/);
      expect(screen).toMatch(/2 +email +email +second@canary-mail\.com +\(the same\)/);
      expect(screen).not.toContain('third@');
      expect(homeText()).not.toMatch(/person@|second@/);
    });

    test('shows every masked table where none is named, and what others wrote as text', async () => {
      const person = ask(plan);
      await person.answers('Show values of 2 tables as they are on prod', `y${ENTER}`);
      const { code, screen, raw } = await person.ends();
      expect(code, screen).toBe(0);
      expect(screen).toContain('shop.letters: 1 row');
      expect(screen).toContain('shop.users: 2 rows');
      expect(screen).not.toContain('parts');
      expect(raw).not.toContain('\u001b[31mcanary');
    });

    test.each([
      ['a no', 'n\r'],
      ['Enter alone', ENTER],
      ['Ctrl-C', CTRL_C],
    ])('shows nothing after %s', async (_, answer) => {
      const person = ask(plan, 'shop.users');
      await person.answers(QUESTION, answer);
      const { code, raw } = await person.ends();
      expect(code).toBe(6);
      expect(raw).not.toContain('canary-mail');
    });

    test.each([
      ['in a pipe', []],
      ['as JSON', ['--json']],
      ['without input', ['--no-input']],
    ])('is refused %s', async (_, flags) => {
      const { code, stdout, stderr } = await rig.start(['mask', 'preview', plan, ...flags], { MASK_KEY: KEY })
        .ended;
      expect(code).toBe(6);
      expect(stdout + stderr).toContain('on a terminal only');
      expect(stdout + stderr).not.toContain('canary-mail');
    });

    test('refuses a table that has no masks, and a mask that the source cannot compute', async () => {
      const mistyped = await ask(plan, 'shop.usesr').ends();
      expect([mistyped.code, mistyped.screen]).toEqual([
        5,
        expect.stringContaining('did you mean "shop.users"?'),
      ]);
      const wrong = rig.writePlan(RULES.replace('{date: year}', 'email'));
      const unfit = await ask(wrong, 'users').ends();
      expect([unfit.code, unfit.screen]).toEqual([5, expect.stringContaining('cannot be masked by email')]);
    });
  },
);
