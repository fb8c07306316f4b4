import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { CTRL_C, type Conversation, DOWN, ENTER, converse } from '../../support/conversation.js';
import { type Home, expectNoCanary, makeHome } from '../../support/home.js';
import { chooseDatabases, describeServer, permitWriting } from '../../support/init-answers.js';
import { type Rig, startRig } from '../../support/rig.js';
import { makeSavedHome } from '../../support/saved-home.js';
import { ROOT } from '../../support/servers.js';

let rig: Rig;
let home: Home;
beforeAll(async () => {
  rig = await startRig();
  await rig.source.query(
    'CREATE DATABASE shop; CREATE TABLE shop.t (id INT PRIMARY KEY); INSERT INTO shop.t VALUES (1)',
  );
});
afterAll(async () => rig.stop());
beforeEach(async () => {
  await rig.clearTarget('shop');
});
afterEach(() => {
  home.close();
});

const SAVE = ENTER;
const APPLY_ONCE = `${DOWN}${DOWN}${ENTER}`;
const USE_ONCE = `${DOWN}${ENTER}`;

const connectionsOf = async (owner: Home): Promise<readonly string[]> =>
  (await owner.run(['connections', 'list'])).stdout.split('\n').flatMap((line) => line.split('\t')[0] || []);

/** Both servers described and used for this plan only, up to the last question. */
const useBothOnce = async (person: Conversation): Promise<void> => {
  await describeServer(person, 'prod-eu', rig.source);
  await person.answers('Keep prod-eu for later?', USE_ONCE);
  await describeServer(person, 'prod.eu', rig.target);
  await permitWriting(person, 'prod.eu');
  await person.answers('Keep prod.eu for later?', USE_ONCE);
  await chooseDatabases(person, 'shop');
};

test('connections that are used once stand in the plan, with variables for their passwords', async () => {
  home = makeHome();
  const person = converse(['init', 'once.yaml'], { home: home.folder });
  await useBothOnce(person);
  await person.answers('What now?', SAVE);
  const { code, screen, raw } = await person.ends();
  expect([code, screen.split('\n').slice(-5)]).toEqual([
    0,
    [
      'Wrote once.yaml',
      'Set PROD_EU_PASSWORD first: the plan takes the password of prod-eu from it.',
      'Set PROD_EU_2_PASSWORD first: the plan takes the password of prod.eu from it.',
      'See what it would do:  mysql-sync plan once.yaml',
      'Then do it:            mysql-sync apply once.yaml',
    ],
  ]);
  expectNoCanary(raw);
  const text = readFileSync(join(home.folder, 'once.yaml'), 'utf8')
    .replace(/(?<=schema=).*/, 'SCHEMA')
    .replaceAll(/(?<=port: )\d+/g, 'PORT');
  await expect(text).toMatchFileSnapshot('golden/used-once.yaml');
  expect(await connectionsOf(home)).toEqual([]);
  const env = { PROD_EU_PASSWORD: ROOT.password, PROD_EU_2_PASSWORD: ROOT.password };
  expect(await home.run(['validate', 'once.yaml'])).toMatchObject({ code: 5 });
  expect(await home.run(['validate', 'once.yaml', '--no-env'])).toMatchObject({ code: 0 });
  expect(await home.run(['plan', 'once.yaml', '--detailed-exitcode'], { env })).toMatchObject({ code: 2 });
});

test('apply once leaves no file and no connection, and says how it ended without naming a file', async () => {
  home = makeHome();
  const person = converse(['init'], { home: home.folder });
  await useBothOnce(person);
  await person.answers('What now?', APPLY_ONCE);
  await person.answers('Apply this to prod.eu?', `y${ENTER}`);
  const { code, screen, raw } = await person.ends();
  expect(screen).toContain('Apply finished: 1 created');
  expect(screen).not.toContain('not saved');
  expect(code).toBe(0);
  expectNoCanary(raw);
  expect(await rig.contentOf('target', 'shop')).toEqual(await rig.contentOf('source', 'shop'));
  expect(readdirSync(home.folder).filter((name) => /ya?ml$/.test(name))).toEqual([]);
  expect(await connectionsOf(home)).toEqual([]);
  expect((await home.run(['history'])).stdout).toContain('<not saved>');
});

test('the approval is the one of apply, and Ctrl-C there changes nothing', async () => {
  await rig.target.query('CREATE DATABASE shop; CREATE TABLE shop.old (id INT)');
  const before = await rig.contentOf('target', 'shop');
  home = await makeSavedHome(rig, 'read-write');
  for (const [key, ending] of [
    [CTRL_C, 'Aborted. Nothing was changed.'],
    [`prod${ENTER}`, 'Aborted. Nothing was changed.'],
  ] as const) {
    const person = converse(['init', '--source', 'prod', '--target', 'staging'], { home: home.folder });
    await chooseDatabases(person, 'shop');
    await person.answers('What now?', APPLY_ONCE);
    await person.answers("Type the target's name (staging)", key);
    const { code, screen, isCursorShown } = await person.ends();
    expect([code, screen.endsWith(ending), isCursorShown]).toEqual([6, true, true]);
  }
  expect(await rig.contentOf('target', 'shop')).toEqual(before);
});

test('a production target is protected: the plan can be saved, and nothing else', async () => {
  home = await makeSavedHome(rig, 'read-only');
  const person = converse(['init', '--source', 'prod', '--target', 'staging'], { home: home.folder });
  await person.answers('May mysql-sync write to staging?', `y${ENTER}`);
  await person.answers('Is staging production?', `y${ENTER}`);
  await chooseDatabases(person, 'shop');
  await person.answers('What now?', APPLY_ONCE);
  await person.sees('disabled');
  person.types(`\u001b[A\u001b[A${ENTER}`);
  const { code, screen } = await person.ends();
  expect(screen).toContain('Wrote mysql-sync.yaml');
  expect(screen).toContain(
    'mysql-sync plan mysql-sync.yaml --out SAVED\nThen do exactly that:  mysql-sync apply SAVED',
  );
  expect(code).toBe(0);
  const list = await home.run(['connections', 'list']);
  expect(list.stdout).toMatch(/^staging\t.*\tread-write, protected\t.*\tkept \(encrypted\)$/m);
  expect((await home.run(['apply', '--confirm-target', 'staging'])).code).toBe(9);
});

test('a file that is there is replaced only after a yes, or with --force', async () => {
  home = await makeSavedHome(rig, 'read-write');
  const path = join(home.folder, 'there.yaml');
  writeFileSync(path, 'mine\n');
  const argv = ['init', 'there.yaml', '--source', 'prod', '--target', 'staging'];
  const other = converse(argv, { home: home.folder });
  await chooseDatabases(other, 'shop');
  await other.answers('What now?', SAVE);
  await other.answers('there.yaml exists. Replace it?', ENTER);
  await other.answers('Another file:', `here.yaml${ENTER}`);
  expect((await other.ends()).screen).toContain('Wrote here.yaml');
  expect(readFileSync(path, 'utf8')).toBe('mine\n');

  const replacing = converse(argv, { home: home.folder });
  await chooseDatabases(replacing, 'shop');
  await replacing.answers('What now?', SAVE);
  await replacing.answers('there.yaml exists. Replace it?', `y${ENTER}`);
  expect((await replacing.ends()).screen).toContain('Wrote there.yaml');
  expect(readFileSync(path, 'utf8')).toBe(
    readFileSync(join(home.folder, 'here.yaml'), 'utf8').replaceAll('here.yaml', 'there.yaml'),
  );

  writeFileSync(path, 'mine\n');
  const forced = converse([...argv, '--force'], { home: home.folder });
  await chooseDatabases(forced, 'shop');
  await forced.answers('What now?', SAVE);
  expect((await forced.ends()).screen).toContain('Wrote there.yaml');
  expect(readFileSync(path, 'utf8')).toContain('version: 1');
  expect(readdirSync(home.folder).filter((name) => name.includes('tmp'))).toEqual([]);
});

test('Ctrl-C after a connection was saved says that it stays', async () => {
  home = makeHome();
  const person = converse(['init'], { home: home.folder });
  await describeServer(person, 'prod', rig.source);
  await person.answers('Keep prod for later?', ENTER);
  await person.answers('Name for the connection', CTRL_C);
  const { code, screen } = await person.ends();
  expect([code, screen.split('\n').slice(-2)]).toEqual([
    6,
    ['Aborted. Nothing was changed.', '  What you confirmed before that stays:  mysql-sync connections list'],
  ]);
  expect(await connectionsOf(home)).toEqual(['prod']);
  expect(existsSync(join(home.folder, 'mysql-sync.yaml'))).toBe(false);
});
