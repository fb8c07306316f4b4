import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { type OptionFileLogin, readOptionFileLogin } from '../../../src/adapters/option-file/read-login.js';

const folder = mkdtempSync(join(tmpdir(), 'mysql-sync-option-file-'));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});
const FILE = join(folder, 'my.cnf');

const readLogin = async (text: string, group = 'client'): Promise<OptionFileLogin> => {
  writeFileSync(FILE, text, { mode: 0o600 });
  return readOptionFileLogin(FILE, group);
};

test('the login comes from [client] and the named group, the last value wins', async () => {
  const text =
    '[client]\nuser=one\nhost=a\n[prod]\nport=3307\nuser=two\n[other]\nuser=three\n[client]\nhost=b\npassword="p#"';
  const { password, ...login } = await readLogin(text, 'prod');
  expect(login).toEqual({ host: 'b', port: 3307, user: 'two', ignored: [] });
  expect(password?.reveal()).toBe('p#');
  expect(await readLogin(text)).not.toHaveProperty('port');
});

test.each([
  ['socket=/s', { socket: '/s' }],
  ['socket=/s\nhost=localhost\nport=3307', { socket: '/s' }],
  ['socket=/s\nhost=db', { host: 'db' }],
  ['socket=/s\nhost=localhost\nprotocol=TCP', { host: 'localhost' }],
  ['host=db\nport=0', { host: 'db' }],
])('%j is the address %j', async (text, address) => {
  expect(await readLogin(`[client]\n${text}`)).toEqual({ ...address, ignored: [] });
});

test.each([
  ['ssl-mode=VERIFY_IDENTITY', 'verify-identity'],
  ['ssl_mode=required\nssl-ca=/ca', 'required'],
  ['ssl-ca=/ca', 'verify-ca'],
  ['ssl-ca=/ca\nssl-verify-server-cert', 'verify-identity'],
  ['ssl', 'required'],
  ['ssl=1\nssl-verify-server-cert=0', 'required'],
  ['ssl=OFF', 'disabled'],
  ['skip-ssl', 'disabled'],
  ['skip_ssl_verify_server_cert\nuser=a', undefined],
  ['user=a', undefined],
])('%j is the TLS mode %s', async (text, mode) => {
  expect((await readLogin(`[client]\n${text}`)).tlsMode).toBe(mode);
});

test('what mysql-sync does not have is named', async () => {
  expect((await readLogin('[client]\nssl-crl=/c\nssl_key=/k\nuser=a')).ignored).toEqual([
    'ssl-crl',
    'ssl-key',
  ]);
});

test('a certificate of the client with its key, and the key of the server', async () => {
  const text = '[client]\nssl-cert=/c\nssl_key=/k\nserver-public-key-path=/p\nuser=a';
  expect(await readLogin(text)).toMatchObject({ cert: '/c', key: '/k', serverPublicKey: '/p', ignored: [] });
});

test.each([
  ['[client]\nport=many', 'my.cnf:2: port "many" is not a number from 1 to 65535'],
  ['[client]\nport=65536', 'my.cnf:2: port "65536" is not a number'],
  ['[client]\nuser=a\nssl-mode=ON', 'my.cnf:3: ssl-mode "ON" is none of DISABLED'],
  ['[mysqld]\nport=1', 'has no options in [client] or [prod]'],
])('%j is refused', async (text, message) => {
  await expect(readLogin(text, 'prod')).rejects.toMatchObject({
    code: 'INPUT_INVALID',
    message: expect.stringContaining(message) as string,
  });
});

test('a file that everybody can write is refused, and so is one that is not there', async () => {
  writeFileSync(FILE, '[client]\nuser=a\n');
  chmodSync(FILE, 0o666);
  await expect(readOptionFileLogin(FILE, 'client')).rejects.toThrow(`${FILE} can be written by everybody`);
  await expect(readOptionFileLogin(join(folder, 'none'), 'client')).rejects.toMatchObject({
    code: 'INPUT_INVALID',
    message: expect.stringContaining('there is no option file ') as string,
  });
});
