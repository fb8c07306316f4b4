import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { handOverOptionFile } from '../../../src/adapters/dump/credentials.js';
import { renderOptionFile } from '../../../src/adapters/dump/option-file.js';
import { chooseLoader, findClientTools } from '../../../src/adapters/dump/tools.js';
import type { TlsOptions } from '../../../src/core/connection.js';
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
const makeCertificate = (name: string, alternatives: string): void => {
  writeFileSync(file(`${name}.ext`), `subjectAltName=${alternatives}\n`);
  openssl(`req -newkey rsa:2048 -nodes -subj /CN=${name}.test -keyout ${name}.key -out ${name}.csr`);
  openssl(
    `x509 -req -in ${name}.csr -CA authority.pem -CAkey authority.key -CAcreateserial -days 2 -extfile ${name}.ext -out ${name}.pem`,
  );
};

beforeAll(() => {
  makeAuthority('authority');
  makeAuthority('stranger');
  makeCertificate('right', 'IP:127.0.0.1,DNS:localhost');
  makeCertificate('wrong', 'DNS:elsewhere.test');
});
afterAll(() => rmSync(folder, { recursive: true }));

describe.each(availableFlavors())('the client of $id', (flavor) => {
  const { id, vendor, binFolder } = flavor;
  const servers: Partial<Record<'right' | 'wrong' | 'none', TestServer>> = {};
  beforeAll(async () => {
    const withTls = (name: string): readonly string[] => [
      `--ssl-cert=${file(`${name}.pem`)}`,
      `--ssl-key=${file(`${name}.key`)}`,
      `--ssl-ca=${file('authority.pem')}`,
    ];
    const withoutTls = vendor === 'mysql' ? ['--tls-version='] : ['--skip-ssl'];
    [servers.right, servers.wrong, servers.none] = await Promise.all([
      flavor.start(withTls('right')),
      flavor.start([...withTls('wrong'), '--bind-address=*']),
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

  /** `plain`, `encrypted`, or the number of the error. */
  const logIn = async (
    server: 'right' | 'wrong' | 'none',
    tls: TlsOptions,
    host = '127.0.0.1',
  ): Promise<string> => {
    const tool = chooseLoader(await findClientTools('loader', binFolder), { vendor, version: [1, 0, 0] });
    const endpoint = anEndpoint('target', 'here', {
      address: { kind: 'tcp', host, port: servers[server]?.port ?? 0 },
      user: ROOT.user,
      password: new Secret(ROOT.password),
      tls,
    });
    const handed = await handOverOptionFile(renderOptionFile(endpoint, tool), folder, 'descriptor');
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
    ['preferred', 'none', 'authority', 'plain'],
    ['preferred', 'wrong', 'stranger', 'encrypted'],
    ['required', 'wrong', 'stranger', 'encrypted'],
    ['verify-ca', 'right', 'authority', 'encrypted'],
    ['verify-ca', 'right', 'stranger', '2026'],
    ['verify-ca', 'none', 'authority', '2026'],
    ['verify-identity', 'right', 'authority', 'encrypted'],
    ['verify-identity', 'right', 'stranger', '2026'],
    ['verify-identity', 'none', 'authority', '2026'],
  ] as const)('%s, server %s, trusting %s: %s', async (mode, server, authority, expected) => {
    expect(await logIn(server, { mode, ca: file(`${authority}.pem`) })).toBe(expected);
  });

  test('verify-identity looks at the name', async () => {
    const tls = { mode: 'verify-identity', ca: file('authority.pem') } as const;
    expect(await logIn('wrong', tls, '127.0.0.2')).toBe('2026');
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
