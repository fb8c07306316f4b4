import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { CTRL_C, ENTER, converse } from '../support/conversation.js';
import { type Home, makeHome } from '../support/home.js';
import { type Rig, startRig } from '../support/rig.js';
import { saveConnection } from '../support/saved-home.js';

/** A kept password that the server refuses is asked for again where plan and apply need it. */

let rig: Rig;
let home: Home;
beforeAll(async () => {
  rig = await startRig();
  await rig.source.query('CREATE DATABASE shop; CREATE TABLE shop.t (id INT PRIMARY KEY)');
  for (const server of [rig.source, rig.target])
    await server.query(
      "CREATE USER moved IDENTIFIED BY 'first'; GRANT ALL ON *.* TO moved WITH GRANT OPTION",
    );
  home = makeHome();
  writeFileSync(
    join(home.folder, 'mysql-sync.yaml'),
    'version: 1\nsource: prod\ntarget: staging\ndatabases:\n  - name: shop\n',
  );
});
afterAll(async () => {
  home.close();
  await rig.stop();
});

const setPassword = async (server: 'source' | 'target', password: string): Promise<unknown> =>
  rig[server].query(`ALTER USER moved IDENTIFIED BY '${password}'`);

const account = { user: 'moved', password: 'first' };

beforeEach(async () => {
  await setPassword('source', 'first');
  await setPassword('target', 'first');
  await saveConnection(home, 'prod', rig.source, { account });
  await saveConnection(home, 'staging', rig.target, { account, access: 'read-write' });
});

const testOf = async (name: string): Promise<number | null> =>
  (await home.run(['connections', 'test', name])).code;

test('the new one is tried, asked for again when it is wrong, and then kept', async () => {
  await setPassword('source', 'second');
  const person = converse(['plan'], { home: home.folder });
  await person.sees('error[CONN_AUTH] prod: ');
  await person.answers('New password of prod (Enter to leave it):', `wrong${ENTER}`);
  await person.answers('New password of prod (Enter to leave it):', `second${ENTER}`);
  await person.sees('The new password of prod works and is kept.');
  const { code, screen, raw } = await person.ends();
  expect([code, screen.includes('Plan: 1 to create.')]).toEqual([0, true]);
  expect(raw).not.toMatch(/second|wrong/);
  expect(await testOf('prod')).toBe(0);
});

test('both at once are asked for one after the other, and apply copies with them', async () => {
  await setPassword('source', 'second');
  await setPassword('target', 'third');
  const person = converse(['apply'], { home: home.folder });
  const order = ['prod', 'staging'];
  await person.notices('New password of ');
  if (person.screen().includes('New password of staging')) order.reverse();
  for (const name of order)
    await person.answers(`New password of ${name}`, `${name === 'prod' ? 'second' : 'third'}${ENTER}`);
  await person.answers('Apply this to staging?', `y${ENTER}`);
  const { code, screen } = await person.ends();
  expect([code, screen.includes('Apply finished: 1 created')]).toEqual([0, true]);
  expect([await testOf('prod'), await testOf('staging')]).toEqual([0, 0]);
  expect(await rig.contentOf('target', 'shop')).toEqual(await rig.contentOf('source', 'shop'));
});

test.each([
  ['Enter leaves it', ENTER, 4, 'error[CONN_AUTH] prod: '],
  ['Ctrl-C too', CTRL_C, 6, 'Aborted. Nothing was changed.'],
])('%s, and the old one stays', async (_, key, code, message) => {
  await setPassword('source', 'second');
  const person = converse(['plan'], { home: home.folder });
  await person.answers('New password of prod', key);
  await person.sees(message);
  expect((await person.ends()).code).toBe(code);
  await setPassword('source', 'first');
  expect(await testOf('prod')).toBe(0);
});

test('one that was never kept is not kept now', async () => {
  const argv = ['connections', 'add', 'prod', '--replace', '--password-stdin', '--no-cache-password'];
  expect(await home.run(argv, { stdin: 'first' })).toMatchObject({ code: 0 });
  const person = converse(['plan'], { home: home.folder });
  await person.answers('Password of prod', `wrong${ENTER}`);
  await person.answers('New password of prod', `first${ENTER}`);
  const { code, screen } = await person.ends();
  expect([code, screen.includes('is kept')]).toEqual([0, false]);
  expect(await testOf('prod')).toBe(4);
});

test('nobody is asked for a password that the plan or a command gives, or without a terminal', async () => {
  await setPassword('source', 'second');
  expect(await home.run(['plan'])).toMatchObject({ code: 4 });
  const inline = join(home.folder, 'inline.yaml');
  const source = `{name: prod, host: 127.0.0.1, port: ${String(rig.source.port)}, user: moved, password: "\${P}"}`;
  writeFileSync(inline, `version: 1\nsource: ${source}\ntarget: staging\ndatabases:\n  - name: shop\n`);
  const written = converse(['plan', inline], { home: home.folder, env: { P: 'first' } });
  expect(await written.ends()).toMatchObject({
    code: 4,
    screen: expect.stringContaining('CONN_AUTH') as string,
  });
  await home.run([
    'connections',
    'add',
    'prod',
    '--replace',
    '--password-command',
    'echo first',
    '--no-test',
  ]);
  const commanded = converse(['plan'], { home: home.folder });
  expect(await commanded.ends()).toMatchObject({
    code: 4,
    screen: expect.stringContaining('CONN_AUTH') as string,
  });
});
