import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CTRL_C, DOWN, ENTER, converse } from '../support/conversation.js';
import { describeServer } from '../support/init-answers.js';
import { type Home, makeHome } from '../support/home.js';
import { listSaved, saveConnection } from '../support/saved-home.js';
import { type TestServer, startServer } from '../support/servers.js';

/** Ctrl-C at the questions that the tests of their commands pass over, and a look at whether one was forgotten. */

const HERE = import.meta.dirname;
const CLI = resolve(HERE, '../../src/cli');

let server: TestServer;
let home: Home;
let before: unknown;
beforeAll(async () => {
  server = await startServer();
  home = makeHome();
  await saveConnection(home, 'prod', server);
  before = await listSaved(home);
});
afterAll(async () => {
  home.close();
  await server.stop();
});

type Answers = readonly (readonly [question: string, answer: string])[];

const choose = (position: number): string => `${DOWN.repeat(position - 1)}${ENTER}`;
const MENU = 'What now?';
const EDIT: Answers = [
  [MENU, choose(2)],
  ['Edit which (number or name):', `1${ENTER}`],
  ['Host name or address, a URL, or the path of a socket:', ENTER],
  ['Port:', ENTER],
  ["User, the server's account:", ENTER],
  ['Password of tester (Enter keeps it)', ENTER],
  ['TLS:', ENTER],
  ['Access of mysql-sync:', choose(2)],
  ['Production?', ''],
];
const DELETE: Answers = [
  [MENU, choose(4)],
  ['Delete which (1,3  1-5  name):', `1${ENTER}`],
  ['Delete prod and the kept passwords?', ''],
];

const expectToLeave = async (argv: readonly string[], answers: Answers): Promise<void> => {
  const person = converse(argv, { home: home.folder });
  for (const [question, answer] of answers.slice(0, -1)) await person.answers(question, answer);
  await person.answers(answers.at(-1)?.[0] ?? '', CTRL_C);
  const { code, screen, isCursorShown } = await person.ends();
  expect([code, isCursorShown]).toEqual([6, true]);
  expect(screen).toMatch(/(?:^|\n)Aborted\. Nothing was changed\.$/);
  expect(screen).not.toMatch(/❯|navigate/);
  expect(await listSaved(home)).toEqual(before);
};

describe('Ctrl-C while connections are managed', () => {
  test.each<readonly [string, Answers]>([
    [MENU, [[MENU, '']]],
    [
      'Test which',
      [
        [MENU, ENTER],
        ['Test which (1,3  1-5  all  name):', ''],
      ],
    ],
    ...EDIT.slice(1).map(([question], index) => [question, EDIT.slice(0, index + 2)] as const),
    ['Delete prod and the kept passwords?', DELETE],
  ])('%s', async (_, answers) => {
    await expectToLeave(['connections'], answers);
  });
});

test('Ctrl-C at the new password of a connection that is replaced', () =>
  expectToLeave(
    ['connections', 'add', 'prod', '--replace'],
    [['New password of prod (Enter keeps the old one):', '']],
  ));

test('Ctrl-C at the URL of connections import', () =>
  expectToLeave(['connections', 'import'], [['URL (mysql://user:password@host; it is not shown):', '']]));

test('Ctrl-C while logins of a file are ticked', () => {
  const path = join(home.folder, 'groups.cnf');
  writeFileSync(path, '[old]\nhost=127.0.0.1\nuser=u\n', { mode: 0o600 });
  return expectToLeave(['connections', 'import', path], [['Which of them are saved?', '']]);
});

test('Ctrl-C when a new server is to be kept or not', async () => {
  const person = converse(['init'], { home: home.folder });
  await person.answers('Copy from:', choose(2));
  await describeServer(person, 'other', server);
  await person.answers('Keep other for later?', CTRL_C);
  const { code, screen, isCursorShown } = await person.ends();
  expect([code, isCursorShown, /Aborted\. Nothing was changed\.$/.test(screen)]).toEqual([6, true, true]);
  expect(await listSaved(home)).toEqual(before);
});

/** The words of every question in the code, what is filled in left out. */
const readQuestions = (): readonly string[] =>
  readdirSync(CLI, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts'))
    .flatMap((file) => {
      const text = readFileSync(join(CLI, file), 'utf8');
      const questions =
        /(?:\.(?:yesNo|text|password|choose|tick)(?:<\w+>)?\(|fromPrompt\(|askCount\(prompts, |askWhich\(\w+, \w+, )\s*(['"`])(.+?)\1/gs;
      return [...text.matchAll(questions)].map(([, , question = '']) => question);
    });

test('every question of the code is answered with Ctrl-C in a test', () => {
  const questions = readQuestions();
  expect(questions.length).toBeGreaterThan(25);
  const tests = readdirSync(HERE, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.test.ts'))
    .map((file) => readFileSync(join(HERE, file), 'utf8'))
    .filter((text) => /CTRL_C|\\u0003/.test(text))
    .join('\n');
  const longestPart = (question: string): string =>
    question
      .split(/\$\{[^}]*\}/)
      .map((part) => part.replace(/[:?]$/, '').split(' (')[0]?.trim() ?? '')
      .sort((a, b) => b.length - a.length)[0] ?? '';
  expect(questions.filter((question) => !tests.includes(longestPart(question)))).toEqual([]);
});
