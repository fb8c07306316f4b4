import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { handOverOptionFile, transportOf } from '../../../src/adapters/dump/credentials.js';
import { renderOptionFile } from '../../../src/adapters/dump/option-file.js';
import { Secret } from '../../../src/core/secret.js';
import { anEndpoint } from '../../support/inventory.js';
import { ROOT, type TestServer, startServer } from '../../support/servers.js';
import { LOADERS } from './option-lists.js';

let server: TestServer;
let folder: string;
beforeAll(async () => {
  server = await startServer();
  folder = mkdtempSync(join(tmpdir(), 'mysql-sync-credentials-'));
});
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await server.stop();
});

/** Logs in with the option file alone and asks who it is. */
const logIn = (program: string, argument: string, descriptor: number | undefined): string =>
  execFileSync(program, [argument, '--batch', '--skip-column-names', '-e', 'SELECT CURRENT_USER()'], {
    stdio: ['ignore', 'pipe', 'pipe', ...(descriptor === undefined ? [] : [descriptor])],
    env: {},
    encoding: 'utf8',
  }).trim();

const passwords = [
  ROOT.password,
  ' # ',
  '"',
  "'",
  '\\',
  '\\"',
  ';x',
  '\\n\\s',
  'a\tb',
  '${HOME}',
  '%u',
  'é漢🚀',
  'x'.repeat(1500),
];

describe.each(['descriptor', 'path'] as const)('by %s', (transport) => {
  test.each(passwords)('the real client reads back password %#', async (password) => {
    await server.query(`CREATE OR REPLACE USER 'odd#user'@'127.0.0.1' IDENTIFIED BY ${quoteText(password)}`);
    const endpoint = anEndpoint('source', 'prod', {
      address: { kind: 'tcp', host: '127.0.0.1', port: server.port },
      user: 'odd#user',
      password: new Secret(password),
    });
    const handed = await handOverOptionFile(
      renderOptionFile(endpoint, LOADERS['MariaDB 10.11'], {
        flavor: { vendor: 'mariadb', version: [10, 11, 6] },
        tlsVersion: undefined,
      }),
      folder,
      transport,
    );
    try {
      expect(logIn('mariadb', handed.argument, handed.descriptor)).toBe('odd#user@127.0.0.1');
    } finally {
      await handed.afterSpawn();
      await handed.afterEnd();
    }
    expect(readdirSync(folder)).toEqual([]);
  });
});

test('by descriptor, the file has no name while the client runs', async () => {
  const handed = await handOverOptionFile('[client]\n', folder, 'descriptor');
  expect(readdirSync(folder)).toEqual([]);
  await handed.afterSpawn();
  await handed.afterEnd();
});

test('by path, only this user can read it, and it is gone afterwards', async () => {
  const handed = await handOverOptionFile('[client]\nuser="x"\n', folder, 'path');
  const path = handed.argument.replace('--defaults-file=', '');
  expect(readFileSync(path, 'utf8')).toBe('[client]\nuser="x"\n');
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(statSync(dirname(path)).mode & 0o777).toBe(0o700);
  await handed.afterEnd();
  expect(existsSync(dirname(path))).toBe(false);
});

test('a folder that does not exist leaves nothing behind', async () => {
  await expect(handOverOptionFile('x', join(folder, 'missing'), 'descriptor')).rejects.toThrow(/ENOENT/);
});

test('only Linux takes descriptors', () => {
  expect([transportOf('linux'), transportOf('darwin'), transportOf('freebsd')]).toEqual([
    'descriptor',
    'path',
    'path',
  ]);
});

const quoteText = (text: string): string => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`;
