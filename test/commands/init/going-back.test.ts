import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { CTRL_C, DOWN, ENTER, ESCAPE, converse } from '../../support/conversation.js';
import type { Home } from '../../support/home.js';
import { describeServer } from '../../support/init-answers.js';
import { type Rig, startRig } from '../../support/rig.js';
import { makeSavedHome, saveConnection } from '../../support/saved-home.js';

let rig: Rig;
let home: Home;
beforeAll(async () => {
  rig = await startRig();
  await rig.source.query('CREATE DATABASE crm; CREATE DATABASE shop');
  home = await makeSavedHome(rig, 'read-write');
});
afterAll(async () => {
  home.close();
  await rig.stop();
});

test('Esc goes back a question, over what is not asked, and answers can be changed', async () => {
  const person = converse(['init', 'back.yaml'], { home: home.folder });
  await person.answers('Copy from:', `s${ENTER}`);
  await person.sees('staging: MariaDB');
  await person.answers('Copy to:', ESCAPE);
  await person.answers('Copy from:', `p${ENTER}`);
  await person.answers('Copy to:', `s${ENTER}`);
  await person.answers('Databases (', `1${ENTER}`);
  await person.answers('has a database already:', ESCAPE);
  await person.answers('Databases (', `2${ENTER}`);
  await person.answers('has a database already:', `${DOWN}${ENTER}`);
  await person.answers('Change how it is copied', `y${ENTER}`);
  await person.answers('Engine', `${DOWN}${DOWN}${ENTER}`);
  await person.answers('Databases at once:', ESCAPE);
  await person.answers('Engine', ESCAPE);
  await person.answers('Change how it is copied', ENTER);
  await person.answers('What now?', ENTER);
  const { code, screen } = await person.ends();
  expect([code, screen.split('\n').slice(-3)]).toEqual([
    0,
    [
      'Wrote back.yaml',
      'See what it would do:  mysql-sync plan back.yaml',
      'Then do it:            mysql-sync apply back.yaml',
    ],
  ]);
  const written = readFileSync(join(home.folder, 'back.yaml'), 'utf8');
  expect(written).toContain('source: prod ');
  expect(written).toMatch(/on_existing: skip .*databases:\n {2}- name: shop\n\n# options/s);
});

test('within the description of a server too', async () => {
  const person = converse(['init'], { home: home.folder });
  await person.answers('Copy from:', `${DOWN}${DOWN}${ENTER}`);
  await person.answers('Name for the connection', `wrong${ENTER}`);
  await person.answers('Host name or address', ESCAPE);
  await describeServer(person, 'right', rig.source);
  await person.sees('right: MariaDB');
  // Back over the test, which asked nothing.
  await person.answers('Keep right for later?', ESCAPE);
  await person.answers('TLS:', ESCAPE);
  await person.answers('Password of', CTRL_C);
  expect((await person.ends()).code).toBe(6);
});

test('a permission that is taken back is not kept', async () => {
  await saveConnection(home, 'third', rig.target);
  const person = converse(['init', '--source', 'prod', '--target', 'third'], { home: home.folder });
  await person.answers('May mysql-sync write to third?', `y${ENTER}`);
  await person.answers('Is third production?', ENTER);
  await person.answers('Databases (', ESCAPE);
  expect(await accessOf('third')).toBe('read-write');
  await person.answers('Is third production?', ESCAPE);
  await person.answers('May mysql-sync write to third?', ENTER);
  await person.sees('Then third cannot be the target');
  await person.answers('Copy to:', CTRL_C);
  expect((await person.ends()).code).toBe(6);
  expect(await accessOf('third')).toBe('read-only');
  expect((await home.run(['connections', 'test', 'third'])).code).toBe(0);
});

test('what was typed of a server that may not be written can be kept, and picked later', async () => {
  const person = converse(['init', '--source', 'prod'], { home: home.folder });
  await person.answers('Copy to:', `${DOWN.repeat(9)}${ENTER}`);
  await describeServer(person, 'typed', rig.target);
  await person.answers('May mysql-sync write to typed?', ENTER);
  await person.answers('Save typed all the same, read-only?', `y${ENTER}`);
  await person.sees('Saved typed.');
  await person.answers('Copy to:', CTRL_C);
  expect((await person.ends()).code).toBe(6);
  expect(await accessOf('typed')).toBe('read-only');
  expect((await home.run(['connections', 'test', 'typed'])).code).toBe(0);
});

const accessOf = async (name: string): Promise<unknown> => {
  const { stdout } = await home.run(['connections', 'list', '--json']);
  const { connections } = JSON.parse(stdout) as { connections: Record<string, unknown>[] };
  return connections.find((connection) => connection['name'] === name)?.['access'];
};

test('at the first question it leaves', async () => {
  const person = converse(['init'], { home: home.folder });
  await person.answers('Copy from:', ESCAPE);
  const { code, screen, isCursorShown } = await person.ends();
  expect([code, isCursorShown]).toEqual([6, true]);
  expect(screen).toMatch(/\nAborted\. Nothing was changed\.$/);
});
