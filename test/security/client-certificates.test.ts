import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { makeCertificates, tlsOptionsOf } from '../support/certificates.js';
import { type TestFlavor, availableFlavors } from '../support/flavors.js';
import { type Home, makeHome } from '../support/home.js';
import { ROOT, type TestServer } from '../support/servers.js';

const folder = mkdtempSync(join(tmpdir(), 'mysql-sync-certificates-'));
const file = (name: string): string => join(folder, name);
beforeAll(() => {
  makeCertificates(folder, ['server', 'me', 'other']);
  execFileSync(
    'openssl',
    ['rsa', '-aes256', '-passout', 'pass:secret', '-in', 'me.key', '-out', 'locked.key'],
    {
      cwd: folder,
      stdio: 'pipe',
    },
  );
  writeFileSync(file('broken.pem'), 'nothing');
});
afterAll(() => rmSync(folder, { recursive: true }));

const FLAVORS = availableFlavors().filter(({ id }) => id === 'mariadb-10.11' || id === 'mysql-9.7');

describe.each(FLAVORS)('an account of $id that must show a certificate', (flavor: TestFlavor) => {
  let server: TestServer;
  let home: Home;
  beforeAll(async () => {
    home = makeHome();
    server = await flavor.start(tlsOptionsOf(folder, 'server'));
    const connection = await server.connect();
    await connection.query('CREATE USER shown@127.0.0.1 IDENTIFIED BY ? REQUIRE X509', [ROOT.password]);
    await connection.query('GRANT ALL ON *.* TO shown@127.0.0.1');
    await connection.query(
      'CREATE DATABASE shop; CREATE TABLE shop.t (id INT PRIMARY KEY); INSERT INTO shop.t VALUES (1), (2)',
    );
    await connection.end();
  });
  afterAll(async () => {
    await server.stop();
    home.close();
  });

  const env = { DB_PASSWORD: ROOT.password, PATH: `${flavor.binFolder}:${process.env['PATH'] ?? ''}` };
  const planWith = (tls: string, engine: string, as: string): string => {
    const inline = (name: string): string =>
      `{name: ${name}, host: 127.0.0.1, port: ${String(server.port)}, user: shown, password: "\${DB_PASSWORD}", tls: ${tls}`;
    return `version: 1\nsource: ${inline('prod')}}\ntarget: ${inline('staging')}, access: read-write}\ndatabases: [{name: shop, as: ${as}}]\noptions: {engine: ${engine}}\n`;
  };
  const apply = (tls: string, engine = 'native', as = 'copy') =>
    home.run(['apply', '-', '--auto-approve'], { env, stdin: planWith(tls, engine, as) });

  test.each(['native', 'dump'])('the %s engine shows it', async (engine) => {
    const tls = `{cert: ${file('me.pem')}, key: ${file('me.key')}}`;
    const { code, stderr } = await apply(tls, engine, `shop_${engine}`);
    expect({ code, stderr }).toMatchObject({ code: 0 });
    expect(await server.query(`SELECT COUNT(*) AS n FROM shop_${engine}.t`)).toMatchObject([{ n: 2 }]);
  });

  test('it is saved with the connection', async () => {
    const add = ['connections', 'add', 'mine', '--host', '127.0.0.1', '--port', String(server.port)];
    const login = ['--user', 'shown', '--password-env', 'DB_PASSWORD'];
    const shown = ['--cert', file('me.pem'), '--key', file('me.key')];
    expect(await home.run([...add, ...login, ...shown], { env })).toMatchObject({ code: 0 });
    expect(await home.run(['connections', 'test', 'mine'])).toMatchObject({ code: 0 });
    const { stdout } = await home.run(['connections', 'list', '--json']);
    expect(JSON.parse(stdout)).toMatchObject({
      connections: [{ tls: { mode: 'required', cert: file('me.pem'), key: file('me.key') } }],
    });
  });

  test('a key that everybody can read is used, and said to be open', async () => {
    chmodSync(file('me.key'), 0o644);
    const add = ['connections', 'add', 'open', '--host', '127.0.0.1', '--port', String(server.port)];
    const login = ['--user', 'shown', '--password-env', 'DB_PASSWORD'];
    const shown = ['--cert', file('me.pem'), '--key', file('me.key')];
    const { code, stderr } = await home.run([...add, ...login, ...shown], { env });
    chmodSync(file('me.key'), 0o600);
    expect(code).toBe(0);
    expect(stderr).toContain(`chmod 600 ${file('me.key')}`);
  });

  test.each([
    ['no certificate', '{mode: required}', 'CONN_AUTH', ''],
    [
      'a key with a passphrase',
      `{cert: ${file('me.pem')}, key: ${file('locked.key')}}`,
      'CONN_TLS',
      'has a passphrase',
    ],
    [
      'the key of another',
      `{cert: ${file('me.pem')}, key: ${file('other.key')}}`,
      'CONN_TLS',
      'does not belong to',
    ],
    [
      'a file that is none',
      `{cert: ${file('broken.pem')}, key: ${file('me.key')}}`,
      'CONN_TLS',
      'no PEM certificate',
    ],
    [
      'no file',
      `{cert: ${file('none.pem')}, key: ${file('me.key')}}`,
      'CONN_TLS',
      'there is no client certificate',
    ],
  ])('%s: a clear error', async (_, tls, code, text) => {
    const { code: exit, stderr } = await apply(tls);
    expect(exit).toBe(4);
    expect(stderr).toContain(code);
    expect(stderr).toContain(text);
  });
});
