import { type AddressInfo, type Socket, createServer } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { CTRL_C, type Conversation, DOWN, ENTER, ESCAPE, converse } from '../support/conversation.js';
import { type Home, expectNoCanary, makeHome } from '../support/home.js';
import { describeServer } from '../support/init-answers.js';
import { listSaved, saveConnection, saveUnused } from '../support/saved-home.js';
import { ROOT, type TestServer, startServer } from '../support/servers.js';

let server: TestServer;
let home: Home;
beforeAll(async () => {
  server = await startServer();
});
afterAll(async () => server.stop());
beforeEach(async () => {
  home = makeHome();
  await saveConnection(home, 'prod', server);
  await saveUnused(home, 'gone');
});
afterEach(() => {
  home.close();
});

const manage = (): Conversation => converse(['connections'], { home: home.folder });
const MENU = 'What now?';
const choose = (position: number): string => `${DOWN.repeat(position - 1)}${ENTER}`;
const [TEST, EDIT, ADD, DELETE, CLEAR, QUIT] = [1, 2, 3, 4, 5, 6].map(choose) as [
  string,
  string,
  string,
  string,
  string,
  string,
];
const listed = async (): Promise<readonly string[]> => (await listSaved(home)).map(({ name }) => name);

test('the list, numbered, the last used first; and quit', async () => {
  const person = manage();
  await person.answers(MENU, QUIT);
  const { code, screen, isCursorShown } = await person.ends();
  expect([code, isCursorShown]).toEqual([0, true]);
  expect(screen).toMatch(
    /^\n?# {2}NAME +ADDRESS +SERVER +ACCESS +LAST USED\n1 {2}prod +tester@127\.0\.0\.1:\d+ +MariaDB [\d.]+ +read-only +just now\n2 {2}gone +u@127\.0\.0\.1:1 +read-only +never\n/,
  );
});

test('test by number, and the list again', async () => {
  const person = manage();
  await person.answers(MENU, TEST);
  await person.answers('Test which', '1-2');
  await person.notices('prod, gone');
  person.types(ENTER);
  await person.sees('prod  ok');
  await person.sees('gone  FAILED CONN_REFUSED');
  await person.sees('error[CONN_REFUSED] gone: ');
  await person.sees('#  NAME');
  await person.answers(MENU, QUIT);
  expect((await person.ends()).code).toBe(0);
});

test('edit by name: what Enter keeps stays, and it is saved when the server answers', async () => {
  const person = manage();
  await person.answers(MENU, EDIT);
  await person.answers('Edit which', `all${ENTER}`);
  await person.notices('one at a time');
  person.types(`\u0015gone${ENTER}`);
  await person.answers('Host name or address', ENTER);
  await person.answers('Port:', `${String(server.port)}${ENTER}`);
  await person.answers("User, the server's account:", `\u0015${ROOT.user}${ENTER}`);
  await person.answers('Password of tester (Enter for none)', `${ROOT.password}${ENTER}`);
  await person.answers('TLS:', ENTER);
  await person.answers('Access of mysql-sync:', choose(2));
  await person.answers('Production?', choose(2));
  await person.sees('Saved gone. Its password is kept encrypted');
  await person.answers(MENU, QUIT);
  const { code, raw } = await person.ends();
  expect(code).toBe(0);
  expectNoCanary(raw);
  const list = await home.run(['connections', 'list', '--check']);
  expect(list.stdout).toMatch(/^gone\ttester@.*\tread-write, protected\t.*\tkept \(encrypted\)\tok \d+$/m);

  const again = manage();
  await again.answers(MENU, EDIT);
  await again.answers('Edit which', `gone${ENTER}`);
  for (const question of [
    'Host name',
    'Port:',
    "User, the server's",
    '(Enter keeps it)',
    'TLS:',
    'Access',
    'Production?',
  ])
    await again.answers(question, ENTER);
  await again.sees('Saved gone.');
  await again.answers(MENU, QUIT);
  expect((await again.ends()).code).toBe(0);
  const after = await home.run(['connections', 'list', '--check']);
  expect(after.stdout).toMatch(/^gone\ttester@.*\tread-write, protected\t.*\tkept \(encrypted\)\tok \d+$/m);
});

test('an edit that does not work is not saved; Esc and a failed test lead back', async () => {
  const person = manage();
  await person.answers(MENU, EDIT);
  await person.answers('Edit which', `prod${ENTER}`);
  await person.answers('Host name', ENTER);
  await person.answers('Port:', `1${ENTER}`);
  for (const question of ["User, the server's", 'Password', 'TLS:', 'Access'])
    await person.answers(question, ENTER);
  await person.answers('prod did not work. What now?', ESCAPE);
  await person.answers('Access', CTRL_C);
  const { code, screen } = await person.ends();
  expect(screen).toMatch(/\nAborted\. Nothing was changed\.$/);
  expect(code).toBe(6);
  expect((await home.run(['connections', 'test', 'prod'])).code).toBe(0);
});

test('add', async () => {
  const person = manage();
  await person.answers(MENU, ADD);
  await describeServer(person, 'new', server);
  await person.answers('Access of mysql-sync:', ENTER);
  await person.sees('Saved new.');
  await person.answers(MENU, ESCAPE);
  expect((await person.ends()).code).toBe(0);
  expect(await listed()).toEqual(['new', 'prod', 'gone']);
});

test('delete by number, after a yes', async () => {
  const person = manage();
  await person.answers(MENU, DELETE);
  await person.answers('Delete which', `2${ENTER}`);
  await person.answers('Delete gone and the kept passwords?', ENTER);
  await person.answers(MENU, DELETE);
  await person.answers('Delete which', `2${ENTER}`);
  await person.answers('Delete gone and the kept passwords?', `y${ENTER}`);
  await person.sees('Deleted gone');
  // What was confirmed stays, and that is said.
  await person.answers(MENU, CTRL_C);
  const { code, screen } = await person.ends();
  expect([code, screen.split('\n').slice(-2)]).toEqual([
    6,
    ['Aborted. Nothing was changed.', '  What you confirmed before that stays:  mysql-sync connections list'],
  ]);
  expect(await listed()).toEqual(['prod']);
});

test('clear wants its word; then there is nothing to manage', async () => {
  const person = manage();
  await person.answers(MENU, CLEAR);
  await person.answers('Type "clear" to delete 2 connections', `yes${ENTER}`);
  await person.sees('Aborted. Nothing was changed.');
  await person.answers(MENU, CLEAR);
  await person.answers('Type "clear" to delete 2 connections', `clear${ENTER}`);
  const { code, screen } = await person.ends();
  expect(code).toBe(0);
  expect(screen).toContain('Deleted 2 connections\nNo connection is saved yet.');
  expect(await listed()).toEqual([]);
});

test.each([
  ['which', EDIT, 'Edit which', CTRL_C],
  ['delete', DELETE, 'Delete which', CTRL_C],
  ['clear', CLEAR, 'Type "clear"', CTRL_C],
])('Ctrl-C at a question leaves everything as it was (%s)', async (_, activity, question, key) => {
  const person = manage();
  await person.answers(MENU, activity);
  await person.answers(question, key);
  const { code, screen, isCursorShown } = await person.ends();
  expect([code, isCursorShown, /Aborted\. Nothing was changed\.$/.test(screen)]).toEqual([6, true, true]);
  expect(await listed()).toEqual(['prod', 'gone']);
});

test('list --check asks the next before the first has answered', async () => {
  const waiting: Socket[] = [];
  const silent = createServer((socket) => {
    waiting.push(socket.on('error', () => undefined));
    // Hangs up when both are there: one after the other would wait for the first until its time is over.
    if (waiting.length >= 2) for (const one of waiting) one.destroy();
  });
  await new Promise<void>((settle) => silent.listen(0, '127.0.0.1', settle));
  const { port } = silent.address() as AddressInfo;
  for (const name of ['first', 'second']) await saveUnused(home, name, port);
  const { code, stdout } = await home.run(['connections', 'list', '--check']);
  silent.close();
  expect(code).toBe(4);
  expect(stdout).toMatch(
    /^first\t.*\tFAILED CONN_(?!TIMEOUT).*\n(?:.*\n)?second\t.*\tFAILED CONN_(?!TIMEOUT)/m,
  );
});

test('Ctrl-C while list --check waits for an answer interrupts it', async () => {
  const silent = createServer((socket) => socket.on('error', () => undefined));
  await new Promise<void>((settle) => silent.listen(0, '127.0.0.1', settle));
  await saveUnused(home, 'silent', (silent.address() as AddressInfo).port);
  const person = converse(['connections', 'list', '--check'], { home: home.folder });
  await person.sees('Connecting');
  person.types(CTRL_C);
  const { code, screen, isCursorShown } = await person.ends();
  silent.close();
  expect([code, isCursorShown]).toEqual([130, true]);
  expect(screen).toBe('error[INTERRUPTED] interrupted by SIGINT');
});

test('list --check tries all of them side by side', async () => {
  const checked = await home.run(['connections', 'list', '--check']);
  expect(checked.code).toBe(4);
  expect(
    checked.stdout.split('\n').map((line) => line.split('\t').filter((_, at) => at === 0 || at === 6)),
  ).toEqual([['prod', expect.stringMatching(/^ok \d+$/)], ['gone', 'FAILED CONN_REFUSED'], ['']]);
  expect(checked.stderr).toContain('error[CONN_REFUSED] gone: ');
  const json = await home.run(['connections', 'list', '--check', '--json']);
  expect(JSON.parse(json.stdout)).toMatchObject({
    connections: [
      { name: 'prod', check: { ok: true } },
      { name: 'gone', check: { ok: false, error: { code: 'CONN_REFUSED' } } },
    ],
  });
  const person = converse(['connections', 'list', '--check'], { home: home.folder });
  const { code, screen } = await person.ends();
  expect([code, screen]).toEqual([
    4,
    expect.stringMatching(/^NAME .* CHECK\nprod .* ok, \d+ ms\ngone .* FAILED/),
  ]);
});
