import { existsSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Home, makeHome } from '../support/home.js';

let home: Home;
beforeAll(() => {
  home = makeHome();
});
afterAll(() => {
  home.close();
});

test('mysql-sync alone says what it is, the commands in the order of their use, and where to read on', async () => {
  const { code, stdout, stderr } = await home.run([]);
  expect([code, stderr]).toEqual([0, '']);
  const commands = [...stdout.matchAll(/^ {2}mysql-sync (\w+)/gm)].map(([, name]) => name ?? '');
  expect(commands).toEqual([
    'init',
    'validate',
    'plan',
    'apply',
    'verify',
    'rollback',
    'status',
    'history',
    'connections',
  ]);
  const readme = /^Documentation: (.*)$/m.exec(stdout)?.[1] ?? '';
  expect(existsSync(readme)).toBe(true);
  await expect(stdout.replace(readme, 'README.md')).toMatchFileSnapshot('golden/overview.txt');
});

test('every command that it names is there, and --help is the whole list', async () => {
  const { stdout } = await home.run([]);
  const help = await home.run(['--help']);
  expect(help.code).toBe(0);
  for (const [, name = ''] of stdout.matchAll(/^ {2}mysql-sync (\w+)/gm))
    expect(help.stdout).toMatch(new RegExp(`^ {2}${name} `, 'm'));
});
