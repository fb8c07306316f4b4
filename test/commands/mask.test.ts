import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { availableFlavors } from '../support/flavors.js';
import { type Rig, startRig } from '../support/rig.js';

const KEY = 'canary-key-0123456789abcdef';
const CANARY = 'canary.person@real.example';

describe.each(availableFlavors().filter(({ id }) => id === 'mariadb-10.11' || id === 'mysql-9.7'))(
  'masks on $id',
  (flavor) => {
    let rig: Rig;
    let plan: string;
    let lock: string;
    beforeAll(async () => {
      rig = await startRig({ flavor });
      await rig.source.query(`CREATE DATABASE shop;
        CREATE TABLE shop.users (id INT PRIMARY KEY, email VARCHAR(100) NOT NULL, nickname VARCHAR(50), note TEXT);
        CREATE TABLE shop.orders (id INT PRIMARY KEY, user_id INT NOT NULL, FOREIGN KEY (user_id) REFERENCES shop.users (id));
        INSERT INTO shop.users VALUES (1, '${CANARY}', 'canary', NULL);
        INSERT INTO shop.orders VALUES (1, 1)`);
      plan = rig.writePlan(RULES);
      lock = plan.replace('.yaml', '.mask.lock.yaml');
    });
    afterAll(async () => rig.stop());

    const RULES = `databases: [{name: shop}]
mask:
  key: "\${MASK_KEY:?openssl rand -hex 32}"
  columns:
    users.id: id
    '*email*': email
    orders.id: keep`;

    const run = (argv: readonly string[], key = KEY) => rig.start(argv, { MASK_KEY: key }).ended;

    const json = async (argv: readonly string[]) => {
      const { stdout, code } = await run([...argv, '--json']);
      expect(stdout).not.toContain('canary');
      return { code, document: JSON.parse(stdout) as Record<string, unknown> };
    };

    test('are refused, accepted, shown and refused again as columns come and change', async () => {
      const refused = await run(['plan', plan]);
      expect(refused.code).toBe(9);
      expect(refused.stdout).toContain('blocked');
      const detailed = await run(['plan', plan, '-v']);
      expect(detailed.stdout).toContain('mask\tshop\tusers\temail\temail');
      expect(detailed.stdout).toContain('mask\tshop\torders\tid\tkeep');
      expect(detailed.stdout).toContain('mask\tshop\tusers\tnickname\tnew');
      const markdown = await run(['plan', plan, '--format', 'markdown']);
      expect(markdown.stdout).toContain('~ mask  shop  3 masked, 1 kept, 2 new (refused)');
      expect(markdown.stdout).toContain('~   users.id  id');
      expect(markdown.stdout).toContain('~   users  new (refused): nickname, note');
      expect(markdown.stdout).toContain('~   orders  keeps id');
      const first = await run(['mask', 'check', plan]);
      expect(first.code).toBe(9);
      expect(first.stdout).toContain('shop: 3 masked, 1 kept, 2 new (refused)');
      expect(first.stdout).toContain(
        '[MASK_UNDECIDED] 2 columns are neither masked nor kept: shop.users.nickname and shop.users.note',
      );
      expect(first.stdout).toContain('[MASK_NO_LOCK]');

      const { document: suggestion } = await json(['mask', 'suggest', plan]);
      expect(suggestion).toMatchObject({
        kind: 'mask_suggestion',
        columns: [{ column: 'shop.users.nickname', mask: 'name', why: ['its name'] }],
        packs: [],
        findings: [],
        sampled: { tables: 1, passed_over: [] },
        undecided: 1,
      });
      const mistyped = await run(['mask', 'accept', plan, 'shop.users.nicknam']);
      expect(mistyped.code).toBe(5);
      expect(mistyped.stderr).toContain('did you mean "shop.users.nickname"?');
      expect(existsSync(lock)).toBe(false);

      const { document: accepted } = await json(['mask', 'accept', plan, 'users.n*', '--reason', 'public']);
      expect(accepted).toMatchObject({ kind: 'mask_accepted', undecided: 0, changed: [], removed: [] });
      expect(readFileSync(lock, 'utf8')).toContain('"reason":"public"');
      expect((await json(['mask', 'check', plan])).code).toBe(0);
      const planned = await run(['plan', plan, '-v']);
      expect(planned.code).toBe(0);
      const { document } = await json(['plan', plan]);
      expect(document).toMatchObject({
        mask: { key: expect.stringMatching(/^[0-9a-f]{16}$/) as string },
        databases: [
          {
            mask: { masked: 3, kept: 3, undecided: 0 },
            tables: [
              { name: 'orders', keeps: ['id'] },
              { name: 'users', keeps: ['nickname', 'note'] },
            ],
          },
        ],
      });
      expect(JSON.stringify(document)).not.toContain(KEY);

      await rig.source.query('ALTER TABLE shop.users ADD COLUMN phone VARCHAR(30), MODIFY note VARCHAR(77)');
      const again = await json(['mask', 'check', plan]);
      expect(again.code).toBe(9);
      expect(again.document).toMatchObject({
        databases: [{ hazards: [{ code: 'MASK_UNDECIDED' }, { code: 'MASK_CHANGED' }] }],
      });
      // Its own mask was accepted of a column that stays: a weaker one is not.
      writeFileSync(plan, readFileSync(plan, 'utf8').replace("'*email*': email", "'*email*': keep"));
      expect((await run(['mask', 'check', plan])).stdout).toContain(
        '[MASK_WEAKER] 1 column has a weaker mask than was accepted: shop.users.email (email, now keep)',
      );
      writeFileSync(plan, readFileSync(plan, 'utf8').replace("'*email*': keep", "'*email*': email"));
      expect((await json(['mask', 'accept', plan, 'phone', 'note'])).document).toMatchObject({
        added: ['shop.users.phone'],
        changed: ['shop.users.note'],
      });
    });

    test('make a saved plan stale where the key or the lock has changed', async () => {
      const saved = `${plan}.json`;
      expect((await run(['plan', plan, '--out', saved])).code).toBe(0);
      expect(readFileSync(saved, 'utf8')).not.toContain('canary');
      const other = await run(['apply', saved, '--auto-approve'], 'another-canary-key-0123456789');
      expect(other.code).toBe(7);
      expect(other.stderr).toContain('the masks have a different key now');
      expect(other.stderr).not.toContain('canary');
      writeFileSync(lock, `${readFileSync(lock, 'utf8')}# reviewed\n`);
      const touched = await run(['apply', saved, '--auto-approve']);
      expect(touched.code).toBe(7);
      expect(touched.stderr).toContain('the lock file of the masks changed');
    });

    test('ask the source about SQL of the plan', async () => {
      const wrong = rig.writePlan(
        `${RULES}\n    note: {sql: "UPPER(notes)"}\n  unless: {users: "emial = 1"}`,
      );
      const { stdout, code } = await run(['mask', 'check', wrong]);
      expect(code).toBe(9);
      expect(stdout).toContain('[MASK_REFUSED] the source refuses the mask of users.note for users: ');
      expect(stdout).toContain('[MASK_REFUSED] the source refuses mask.unless for users: ');
    });

    test('text that a CHECK wants to be JSON gets no mask that is none', async () => {
      await rig.source.query(
        `CREATE TABLE shop.documents (id INT PRIMARY KEY, doc LONGTEXT, CHECK (JSON_VALID(doc)))`,
      );
      const check = async (mask: string): Promise<string> =>
        (await run(['mask', 'check', rig.writePlan(`${RULES}\n    documents.doc: ${mask}`)])).stdout;
      for (const mask of ['text', 'token', '{value: x}'])
        expect(await check(mask)).toContain('[MASK_UNFIT] shop.documents.doc cannot be masked by ');
      for (const mask of ['{json: {$.a: text}}', "{value: '{}'}", 'null', 'keep'])
        expect(await check(mask)).not.toContain('MASK_UNFIT');
      await rig.source.query('DROP TABLE shop.documents');
    });

    test('a rule that no column has is refused, and what the target keeps is told', async () => {
      const mistyped = rig.writePlan(RULES.replace('users.id: id', 'users.idd: id'));
      const refused = await run(['plan', mistyped]);
      expect(refused.stdout + refused.stderr).toMatch(/MASK_UNMATCHED.*did you mean "users\.id"\?/);
      await rig.target.query('CREATE DATABASE shop; CREATE TABLE shop.orders (id INT PRIMARY KEY)');
      const leaving = rig.writePlan(
        RULES.replace('{name: shop}', '{name: shop, tables: {exclude: [orders]}}').replace(
          '\n    orders.id: keep',
          '',
        ),
      );
      const kept = await run(['plan', leaving]);
      expect(kept.stdout + kept.stderr).toMatch(/MASK_LEFT.*orders stays on the target/);
    });
  },
);
