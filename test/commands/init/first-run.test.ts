import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { CTRL_C, DOWN, ENTER, converse } from '../../support/conversation.js';
import { type Home, expectNoCanary, makeHome } from '../../support/home.js';
import { chooseDatabases, describeServer, permitWriting } from '../../support/init-answers.js';
import { type Rig, startRig } from '../../support/rig.js';

const SCHEMA = JSON.parse(
  readFileSync(resolve(import.meta.dirname, '../../../schemas/sync-plan.schema.json'), 'utf8'),
) as { readonly $id: string };

let rig: Rig;
let home: Home;
beforeAll(async () => {
  rig = await startRig();
  home = makeHome();
  for (const name of ['app_a', 'crm', 'shop'])
    await rig.source.query(
      `CREATE DATABASE ${name}; CREATE TABLE ${name}.t (id INT PRIMARY KEY); INSERT INTO ${name}.t VALUES (1), (2)`,
    );
  await rig.target.query('CREATE DATABASE shop; CREATE TABLE shop.old (id INT)');
});
afterAll(async () => {
  home.close();
  await rig.stop();
});

test('from an empty home to an applied plan', async () => {
  const person = converse(['init'], { home: home.folder });
  await person.sees('The server to copy from:');
  await describeServer(person, 'prod', rig.source);
  await person.sees('prod: MariaDB');
  await person.answers('Keep prod for later?', ENTER);
  await person.sees('Its password is kept encrypted');
  // One connection is saved by now, and it is the source.
  await person.sees('The server to copy to:');
  await describeServer(person, 'staging', rig.target);
  await permitWriting(person, 'staging');
  await person.answers('Keep staging for later?', ENTER);
  await chooseDatabases(person, 'all,^app_*');
  await person.answers('What now?', `${DOWN}${ENTER}`);
  await person.answers("Type the target's name (staging)", `staging${ENTER}`);
  const { code, screen, raw, isCursorShown } = await person.ends();

  expect(screen).toContain('2 of 3');
  expect(screen).toContain('3  shop           1  16.0 KiB  exists');
  expect(screen).toContain('Wrote mysql-sync.yaml');
  expect(screen).toContain('Apply finished: 1 created, 1 overwritten');
  expect([code, isCursorShown]).toEqual([0, true]);
  expectNoCanary(raw);
  for (const name of ['crm', 'shop'])
    expect(await rig.contentOf('target', name)).toEqual(await rig.contentOf('source', name));
  expect(await rig.contentOf('target', 'app_a')).toBeUndefined();
});

test('what it wrote is a plan', async () => {
  const path = join(home.folder, 'mysql-sync.yaml');
  const [schemaLine = '', ...lines] = readFileSync(path, 'utf8').split('\n');
  await expect(lines.join('\n')).toMatchFileSnapshot('golden/first-run.yaml');
  expect(schemaLine).toBe(`# yaml-language-server: $schema=${SCHEMA.$id}`);
  const valid = await home.run(['validate']);
  expect(valid).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('is valid: prod to staging') as string,
  });
  const plan = await home.run(['plan', '--detailed-exitcode']);
  expect([plan.code, plan.stdout.split('\n').map((line) => line.split('\t')[0])]).toEqual([
    0,
    ['unchanged', 'unchanged', ''],
  ]);
});

test('the next time the saved connections are offered, the last used first', async () => {
  await home.run(['connections', 'test', 'prod']);
  const person = converse(['init'], { home: home.folder });
  await person.sees('Copy from:');
  await person.sees('Another server');
  const offer = person.screen();
  person.types(CTRL_C);
  const { code } = await person.ends();
  expect(code).toBe(6);
  expect(offer).toMatch(/prod +tester@127\.0\.0\.1:\d+ +MariaDB 10\.\S+ +just now\n +staging +tester@/);
});
