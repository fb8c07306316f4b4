import { Readable } from 'node:stream';
import { inspect } from 'node:util';
import { expect, test } from 'vitest';
import { findPassword, fromCommand, listGivenPasswords } from '../../../src/cli/services/password-source.js';
import { Secret } from '../../../src/core/secret.js';

const CANARY = `canary#"\\' ;é-source`;
const revealed = async (found: ReturnType<typeof findPassword>): Promise<string | undefined> =>
  (await found)?.password.reveal();
const stdinOf = (text: string): Readable => Readable.from(text === '' ? [] : [Buffer.from(text)]);
const fromStdin = (text: string): ReturnType<typeof findPassword> =>
  findPassword(listGivenPasswords({ 'password-stdin': true }, stdinOf(text), {}));

test('the first source that has a password wins, and the others are not asked', async () => {
  const asked: string[] = [];
  const source = (origin: 'cache' | 'prompt' | 'command', text?: string) => ({
    origin,
    read: () => {
      asked.push(origin);
      return Promise.resolve(text === undefined ? undefined : new Secret(text));
    },
  });
  const found = await findPassword([source('command'), source('cache', 'x'), source('prompt', 'y')]);
  expect([found?.origin, found?.password.reveal(), asked]).toEqual(['cache', 'x', ['command', 'cache']]);
  expect(await findPassword([])).toBeUndefined();
});

test('stdin comes before the environment', () => {
  const flags = { 'password-stdin': true, 'password-env': 'DB' };
  expect(listGivenPasswords(flags, stdinOf(''), {}).map(({ origin }) => origin)).toEqual([
    'stdin',
    'environment',
  ]);
});

test.each([
  [`${CANARY}\n`, CANARY],
  [CANARY, CANARY],
  ['p\r\n', 'p'],
  [' p \n', ' p '],
  ['\n', ''],
])('stdin %j is the password %j', async (text, password) => {
  expect(await revealed(fromStdin(text))).toBe(password);
});

test.each([
  ['', '--password-stdin: stdin is empty'],
  ['one\ntwo\n', '--password-stdin gave several lines'],
  ['p\n\n', '--password-stdin gave several lines'],
])('stdin %j is refused', async (text, message) => {
  await expect(fromStdin(text)).rejects.toThrow(message);
});

test('a terminal is no place to type a password into unseen', async () => {
  const terminal = Object.assign(stdinOf('p'), { isTTY: true });
  const reading = findPassword(listGivenPasswords({ 'password-stdin': true }, terminal, {}));
  await expect(reading).rejects.toMatchObject({ code: 'INPUT_INVALID' });
});

test('a variable is taken as it is, and must be set', async () => {
  const variables = { DB: CANARY, EMPTY: '' };
  const read = (name: string): ReturnType<typeof findPassword> =>
    findPassword(listGivenPasswords({ 'password-env': name }, stdinOf(''), variables));
  expect(await revealed(read('DB'))).toBe(CANARY);
  expect(await revealed(read('EMPTY'))).toBe('');
  await expect(read('OTHER')).rejects.toThrow('the environment variable OTHER is not set');
});

test('a command gives the password, its line break taken off', async () => {
  expect(await revealed(findPassword([fromCommand('prod', 'printf "a b\\n"')]))).toBe('a b');
  expect(await revealed(findPassword([fromCommand('prod', 'echo x | tr x y')]))).toBe('y');
});

test.each([
  [
    'printf secret-%s output; echo reason >&2; exit 3',
    'prod: the password command failed with exit code 3: reason',
  ],
  ['true', 'prod: the password command printed nothing'],
  ["printf 'secret-%s\\n' output more", 'prod: the password command gave several lines'],
  ['kill -TERM $$', 'prod: the password command was ended by SIGTERM'],
])('the command %j is refused without showing its output', async (command, message) => {
  const error: unknown = await findPassword([fromCommand('prod', command)]).catch(
    (thrown: unknown) => thrown,
  );
  expect(error).toMatchObject({ code: 'CONN_PASSWORD', message });
  expect(inspect(error, { depth: 9 })).not.toContain('secret-output');
});

test('a command that does not end is ended', async () => {
  const startedAt = performance.now();
  const finding = findPassword([fromCommand('prod', 'exec sleep 30', 100)]);
  await expect(finding).rejects.toThrow('prod: the password command did not end within 0.1 s');
  expect(performance.now() - startedAt).toBeLessThan(5000);
});

test('escape codes in what a command says do not reach the terminal', async () => {
  const finding = findPassword([fromCommand('prod', String.raw`printf '\033[2Jx' >&2; exit 1`)]);
  await expect(finding).rejects.toThrow(String.raw`: \x1b[2Jx`);
});
