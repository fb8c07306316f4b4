import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type mysql from 'mysql2/promise';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { handOverOptionFile } from '../../../src/adapters/dump/credentials.js';
import { renderOptionFile } from '../../../src/adapters/dump/option-file.js';
import { chooseLoader, findClientTools } from '../../../src/adapters/dump/tools.js';
import { openConnection } from '../../../src/adapters/mysql/connection/connect.js';
import type { Endpoint, TlsOptions } from '../../../src/core/server/connection.js';
import { SyncError } from '../../../src/core/errors.js';
import { Secret } from '../../../src/core/secret.js';
import { availableFlavors } from '../../support/flavors.js';
import { anEndpoint } from '../../support/inventory.js';
import { ROOT, type TestServer } from '../../support/servers.js';

const folder = mkdtempSync(join(tmpdir(), 'mysql-sync-tls-'));
const file = (name: string): string => join(folder, name);
const openssl = (command: string): void => {
  execFileSync('openssl', command.split(' '), { cwd: folder, stdio: 'pipe' });
};

const makeAuthority = (name: string): void =>
  openssl(`req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=${name} -keyout ${name}.key -out ${name}.pem`);

/** Signed by `authority`, for the given names. */
const makeCertificate = (name: string, alternatives: string, days = 2): void => {
  writeFileSync(file(`${name}.ext`), `subjectAltName=${alternatives}\n`);
  openssl(`req -newkey rsa:2048 -nodes -subj /CN=${name}.test -keyout ${name}.key -out ${name}.csr`);
  openssl(
    `x509 -req -in ${name}.csr -CA authority.pem -CAkey authority.key -CAcreateserial -days ${String(days)} -extfile ${name}.ext -out ${name}.pem`,
  );
};

beforeAll(() => {
  makeAuthority('authority');
  makeAuthority('stranger');
  makeCertificate('right', 'IP:127.0.0.1,DNS:localhost');
  makeCertificate('wrong', 'DNS:elsewhere.test');
  makeCertificate('old', 'IP:127.0.0.1', -1);
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Of the server: it fits, names another host, ended yesterday, or there is none. */
type Certificate = 'right' | 'wrong' | 'old' | 'none';

describe.each(availableFlavors())('the client of $id', (flavor) => {
  const { id, vendor, binFolder } = flavor;
  const servers: Partial<Record<Certificate, TestServer>> = {};
  beforeAll(async () => {
    const withTls = (name: string): readonly string[] => [
      `--ssl-cert=${file(`${name}.pem`)}`,
      `--ssl-key=${file(`${name}.key`)}`,
      `--ssl-ca=${file('authority.pem')}`,
    ];
    const withoutTls = vendor === 'mysql' ? ['--tls-version='] : ['--skip-ssl'];
    [servers.right, servers.wrong, servers.old, servers.none] = await Promise.all([
      flavor.start(withTls('right')),
      flavor.start([...withTls('wrong'), '--bind-address=*']),
      flavor.start(withTls('old')),
      flavor.start(withoutTls),
    ]);
    // Connections to 127.0.0.2 may come from there.
    await servers.wrong.query(
      `CREATE USER ${ROOT.user}@'127.%' IDENTIFIED BY '${ROOT.password.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`,
    );
  });
  afterAll(async () => {
    await Promise.all(Object.values(servers).map(async (server) => server.stop()));
  });

  const endpointAt = (server: Certificate, tls: TlsOptions, host = '127.0.0.1'): Endpoint =>
    anEndpoint('target', 'here', {
      address: { kind: 'tcp', host, port: servers[server]?.port ?? 0 },
      user: ROOT.user,
      password: new Secret(ROOT.password),
      tls,
    });

  /** The same answers from the connections of the tool itself. */
  const logInHere = async (endpoint: Endpoint): Promise<string> => {
    try {
      const connection = await openConnection(endpoint);
      const [rows] = await connection.query<mysql.RowDataPacket[]>("SHOW STATUS LIKE 'Ssl_cipher'");
      await connection.end();
      return rows[0]?.['Value'] === '' ? 'plain' : 'encrypted';
    } catch (error) {
      if (error instanceof SyncError && error.code === 'CONN_TLS') return '2026';
      throw error;
    }
  };

  /** `plain`, `encrypted`, or the number of the error. */
  const logIn = async (server: Certificate, tls: TlsOptions, host?: string): Promise<string> => {
    const tool = chooseLoader(await findClientTools('loader', binFolder), { vendor, version: [1, 0, 0] });
    const endpoint = endpointAt(server, tls, host);
    const seen = {
      flavor: { vendor, version: [1, 0, 0] },
      tlsVersion: server === 'none' ? undefined : 'TLSv1.3',
    } as const;
    const handed = await handOverOptionFile(renderOptionFile(endpoint, tool, seen), folder, 'descriptor');
    const { stdout, stderr } = spawnSync(
      tool.path,
      [handed.argument, '--batch', '--skip-column-names', '-e', "SHOW STATUS LIKE 'Ssl_cipher'"],
      {
        stdio: ['ignore', 'pipe', 'pipe', handed.descriptor ?? 'ignore'],
        env: { PATH: '/usr/bin:/bin' },
        encoding: 'utf8',
      },
    );
    await handed.afterEnd();
    const cipher = /^Ssl_cipher\t(.*)$/m.exec(stdout)?.[1];
    if (cipher === undefined) return /ERROR (\d+)/.exec(stderr)?.[1] ?? stderr;
    return cipher === '' ? 'plain' : 'encrypted';
  };

  test.each([
    ['disabled', 'right', 'authority', 'plain'],
    ['preferred', 'none', 'authority', vendor === 'mysql' ? 'refused' : 'plain'],
    ['preferred', 'wrong', 'stranger', 'encrypted'],
    ['required', 'wrong', 'stranger', 'encrypted'],
    ['verify-ca', 'right', 'authority', 'encrypted'],
    ['verify-ca', 'right', 'stranger', '2026'],
    ['verify-ca', 'none', 'authority', '2026'],
    ['verify-identity', 'right', 'authority', 'encrypted'],
    ['verify-identity', 'right', 'stranger', '2026'],
    ['verify-identity', 'none', 'authority', '2026'],
    ['required', 'old', 'authority', 'encrypted'],
    ['verify-ca', 'old', 'authority', '2026'],
    ['verify-identity', 'old', 'authority', '2026'],
  ] as const)('%s, server %s, trusting %s: %s', async (mode, server, authority, expected) => {
    const tls = { mode, ca: file(`${authority}.pem`) };
    if (expected === 'refused') {
      // MySQL's client would send a password under whatever key the other side names.
      await expect(logIn(server, tls)).rejects.toMatchObject({ code: 'CONN_TLS' });
      // Without what the server remembers of earlier logins it asks for the password.
      await servers.none?.query('FLUSH PRIVILEGES');
      expect(await logInHere(endpointAt(server, tls))).toBe('2026');
      return;
    }
    expect(await logIn(server, tls)).toBe(expected);
    expect(await logInHere(endpointAt(server, tls))).toBe(expected);
  });

  test('verify-identity looks at the name', async () => {
    const tls = { mode: 'verify-identity', ca: file('authority.pem') } as const;
    expect(await logIn('wrong', tls, '127.0.0.2')).toBe('2026');
    expect(await logInHere(endpointAt('wrong', tls))).toBe('2026');
    // From 11.4 on MariaDB's client asks no name of a server on the same machine.
    expect(await logIn('wrong', tls)).toBe(id === 'mariadb-11.8' ? 'encrypted' : '2026');
  });

  test("only MySQL's clients know verify-ca without the name, and insist on TLS without verifying", async () => {
    const tls = { mode: 'verify-ca', ca: file('authority.pem') } as const;
    expect([await logIn('wrong', tls, '127.0.0.2'), await logIn('none', { mode: 'required' })]).toEqual(
      vendor === 'mysql' ? ['encrypted', '2026'] : ['2026', 'plain'],
    );
  });
});
