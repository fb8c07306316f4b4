import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CTRL_C, CTRL_D, DOWN, ENTER, converse } from '../../support/conversation.js';
import type { Home } from '../../support/home.js';
import { type Rig, startRig } from '../../support/rig.js';
import { listSaved, makeSavedHome, saveConnection } from '../../support/saved-home.js';

/** A person may leave at every question, and nothing that was not confirmed stays. */

let rig: Rig;
let home: Home;
let folder: string;
let saved: ReadonlySet<object>;
beforeAll(async () => {
  rig = await startRig();
  await rig.source.query('CREATE DATABASE shop');
  home = await makeSavedHome(rig, 'read-only');
  await saveConnection(home, 'local', rig.target, { access: 'read-write' });
  saved = new Set(await listSaved(home));
  folder = mkdtempSync(join(tmpdir(), 'mysql-sync-project-'));
  writeFileSync(join(folder, 'there.yaml'), 'what was there\n');
});
afterAll(async () => {
  rmSync(folder, { recursive: true });
  home.close();
  await rig.stop();
});

type Answers = readonly (readonly [question: string, answer: string])[];

const NEW_SERVER: Answers = [
  ['Copy from:', `${DOWN}${DOWN}${DOWN}${ENTER}`],
  ['Name for the connection', `other${ENTER}`],
  ['Host name or address', ENTER],
  ['Port:', `1${ENTER}`],
  ["User, the server's account:", `u${ENTER}`],
  ['Password of u', `p${ENTER}`],
  ['TLS:', `${DOWN}${DOWN}${DOWN}${ENTER}`],
  ['PEM file of the certificate authority', ENTER],
  ['other did not work. What now?', CTRL_C],
];

const PERMISSION: Answers = [
  ['Copy from:', `p${ENTER}`],
  ['Copy to:', `s${ENTER}`],
  ['May mysql-sync write to staging?', `y${ENTER}`],
  ['Is staging production?', CTRL_C],
];

const THE_REST: Answers = [
  ['Copy from:', `p${ENTER}`],
  ['Copy to:', `l${ENTER}`],
  ['Databases (', `1${ENTER}`],
  ['When local has a database already:', ENTER],
  ['Change how it is copied', `y${ENTER}`],
  ['Engine, how rows travel:', ENTER],
  ['Connections a database:', ENTER],
  ['Databases at once:', ENTER],
  ['Verification, before it goes live:', ENTER],
  ['What now?', ENTER],
  ['there.yaml exists. Replace it?', ENTER],
  ['Another file:', CTRL_C],
];

const leaveAt = async (answers: Answers, last: number, key: string): Promise<void> => {
  const person = converse(['init', 'there.yaml'], { home: home.folder, cwd: folder });
  for (const [question, answer] of answers.slice(0, last)) await person.answers(question, answer);
  await person.answers(answers[last]?.[0] ?? '', key);
  const { code, screen, isCursorShown } = await person.ends();
  expect(screen).toMatch(/\nAborted\. Nothing was changed\.$/);
  // No error, no spinner, and of a menu neither the cursor nor its keys.
  expect(screen).not.toMatch(/error\[(?!CONN_)|[\u2800-\u28ff]|❯|navigate/);
  expect([code, isCursorShown]).toEqual([6, true]);
  expect(readdirSync(folder)).toEqual(['there.yaml']);
};

describe('Ctrl-C while a new server is described', () => {
  test.each(NEW_SERVER.map(([question], index) => [question, index] as const))('%s', async (_, index) => {
    await leaveAt(NEW_SERVER, index, CTRL_C);
  });
});

test.each([2, 3])('Ctrl-C before a target is permitted to be written (question %i)', async (index) => {
  await leaveAt(PERMISSION, index, CTRL_C);
});

describe('Ctrl-C on the way to the end', () => {
  test.each(THE_REST.map(([question], index) => [question, index] as const).slice(1))(
    '%s',
    async (_, index) => {
      await leaveAt(THE_REST, index, CTRL_C);
    },
  );
});

test('Ctrl-D at an empty question leaves too', async () => {
  await leaveAt(NEW_SERVER, 3, CTRL_D);
});

test('the choice to leave after a failed test leaves', async () => {
  await leaveAt(NEW_SERVER, NEW_SERVER.length - 1, `${DOWN}${DOWN}${ENTER}`);
});

test('Ctrl-C while a server does not answer does not wait for it', async () => {
  const silent = createServer();
  const port = await new Promise<number>((settle) => {
    silent.listen(0, '127.0.0.1', () => {
      const address = silent.address();
      settle(typeof address === 'object' && address ? address.port : 0);
    });
  });
  const person = converse(['init'], { home: home.folder, cwd: folder });
  const startedAt = performance.now();
  for (const [question, answer] of NEW_SERVER.slice(0, 3)) await person.answers(question, answer);
  await person.answers('Port:', `${String(port)}${ENTER}`);
  await person.answers("User, the server's account:", `u${ENTER}`);
  await person.answers('Password of u', ENTER);
  await person.answers('TLS:', ENTER);
  await person.answers('Connecting to other (u@127.0.0.1', CTRL_C);
  const { code, screen, isCursorShown } = await person.ends();
  silent.close();
  expect([code, isCursorShown]).toEqual([6, true]);
  expect(screen).toMatch(/\nAborted\. Nothing was changed\.$/);
  expect(screen).not.toContain('Connecting');
  // The server would have been given up after 30 seconds.
  expect(performance.now() - startedAt).toBeLessThan(25_000);
  expect(readdirSync(folder)).toEqual(['there.yaml']);
});

test('after all of that the saved connections are what they were', async () => {
  expect(new Set(await listSaved(home))).toEqual(saved);
});
