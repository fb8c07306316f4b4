import { generateKeyPairSync } from 'node:crypto';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ClientTool } from '../../src/adapters/dump/client-tool.js';
import { clientEnvironment, startDump } from '../../src/adapters/dump/client-process.js';
import { handOverOptionFile } from '../../src/adapters/dump/credentials.js';
import { renderOptionFile } from '../../src/adapters/dump/option-file.js';
import { findClientTools } from '../../src/adapters/dump/tools.js';
import { openConnection } from '../../src/adapters/mysql/connection/connect.js';
import { logInLane } from '../../src/adapters/mysql/native/lanes/lane-login.js';
import type { Endpoint, TlsOptions } from '../../src/core/server/connection.js';
import { Secret } from '../../src/core/secret.js';
import { type DowngradeProxy, startDowngradeProxy } from '../support/downgrade-proxy.js';
import { availableFlavors } from '../support/flavors.js';
import { CTRL_C, DOWN, ENTER, converse } from '../support/conversation.js';
import { type Home, makeHome } from '../support/home.js';
import { anEndpoint } from '../support/inventory.js';
import { type LoginTrap, TRICKS, type Trick, startLoginTrap } from '../support/login-trap.js';
import { startRig } from '../support/rig.js';
import { listSaved, saveConnection } from '../support/saved-home.js';
import { ROOT, type TestServer, startServer } from '../support/servers.js';
import { LaneMemory } from '../../src/adapters/mysql/native/wire/lane-memory.js';

const folder = mkdtempSync(join(tmpdir(), 'mysql-sync-passwords-'));
afterAll(() => rmSync(folder, { recursive: true }));

const endpointAt = (port: number, tls: TlsOptions, account = ROOT): Endpoint =>
  anEndpoint('source', 'prod', {
    address: { kind: 'tcp', host: '127.0.0.1', port },
    user: account.user,
    password: new Secret(account.password),
    tls,
    timeoutMilliseconds: 10_000,
    isPipelined: true,
  });

/** Both ways in which the tool itself logs in. */
const LOGINS = {
  session: async (endpoint: Endpoint) => (await openConnection(endpoint)).end(),
  lane: async (endpoint: Endpoint) =>
    (await logInLane(endpoint, 'mysql', new LaneMemory())).connection.destroy(),
} as const;

const traps = new Map<Trick, LoginTrap>();
beforeAll(async () => {
  for (const trick of TRICKS) traps.set(trick, await startLoginTrap(trick));
});
afterAll(async () => {
  for (const trap of traps.values()) await trap.stop();
});

const trapOf = (trick: Trick): LoginTrap => {
  const trap = traps.get(trick);
  if (!trap) throw new Error(`no trap for ${trick}`);
  return trap;
};

describe.each(['session', 'lane'] as const)('a false server without TLS asks a %s', (kind) => {
  test.each(TRICKS)('for its password by %s: preferred sends none', async (trick) => {
    const trap = trapOf(trick);
    const before = trap.logins;
    const failure = LOGINS[kind](endpointAt(trap.port, { mode: 'preferred' }));
    await expect(failure).rejects.toMatchObject({ code: trick === 'dialog' ? 'CONN_AUTH' : 'CONN_TLS' });
    expect(trap.logins).toBe(before + 1);
    expect(trap.knows(ROOT.password)).toBe(false);
  });

  test.each(['mysql_clear_password', 'dialog'] as const)(
    'for its password by %s: not even with TLS switched off is it sent in clear',
    async (trick) => {
      await expect(LOGINS[kind](endpointAt(trapOf(trick).port, { mode: 'disabled' }))).rejects.toThrow();
      expect(trapOf(trick).knows(ROOT.password)).toBe(false);
    },
  );

  test.each(['caching_sha2_password', 'sha256_password'] as const)(
    'for its password by %s, under its own key: a pinned key is used instead, and switching TLS off permits it',
    async (trick) => {
      const trap = await startLoginTrap(trick);
      try {
        const pinned = { mode: 'preferred', serverPublicKey: aPublicKey() } as const;
        await expect(LOGINS[kind](endpointAt(trap.port, pinned))).rejects.toMatchObject({
          code: 'CONN_AUTH',
        });
        expect(trap.knows(ROOT.password)).toBe(false);
        await expect(LOGINS[kind](endpointAt(trap.port, { mode: 'disabled' }))).rejects.toThrow();
        expect(trap.knows(ROOT.password)).toBe(true);
      } finally {
        await trap.stop();
      }
    },
  );
});

/** Of nobody: its private half is thrown away. */
const aPublicKey = (): string => {
  const path = join(folder, 'pinned.pem');
  const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  writeFileSync(path, publicKey.export({ type: 'spki', format: 'pem' }));
  return path;
};

/** Runs a client program with the option file that the dump engine would give it; resolves to its stderr. */
const runTool = async (tool: ClientTool, content: string, argv: readonly string[]): Promise<string> => {
  const handed = await handOverOptionFile(content, folder, 'descriptor');
  const program = await startDump({
    program: tool.path,
    arguments: [handed.argument, ...argv],
    environment: clientEnvironment('/usr/bin:/bin'),
    descriptor: handed.descriptor,
  });
  program.stdout.resume();
  const { stderr } = await program.ended;
  await handed.afterEnd();
  return stderr;
};

const ROLES = [
  ['dump', ['mysql', 'db']],
  ['loader', ['--execute=SELECT 1']],
] as const;

describe.each(availableFlavors())(
  'a false server without TLS asks the programs of $id',
  ({ binFolder, vendor }) => {
    test.each(TRICKS)(
      'for the password by %s, where the tool itself got TLS: none is sent',
      async (trick) => {
        const trap = trapOf(trick);
        for (const [role, argv] of ROLES) {
          const [tool] = await findClientTools(role, binFolder);
          if (!tool) throw new Error(`no ${role} in ${binFolder}`);
          const seen = { flavor: { vendor, version: [8, 0, 36] }, tlsVersion: 'TLSv1.3' } as const;
          const content = renderOptionFile(endpointAt(trap.port, { mode: 'preferred' }), tool, seen);
          expect(await runTool(tool, content, argv)).not.toBe('');
          expect(trap.knows(ROOT.password)).toBe(false);
        }
      },
    );

    test.each(TRICKS)(
      'for the password by %s, where the tool itself got no TLS: none is sent',
      async (trick) => {
        const trap = trapOf(trick);
        for (const [role, argv] of ROLES) {
          const [tool] = await findClientTools(role, binFolder);
          if (!tool) throw new Error(`no ${role} in ${binFolder}`);
          const seen = { flavor: { vendor, version: [8, 0, 36] }, tlsVersion: undefined } as const;
          const content = (tls: TlsOptions): string =>
            renderOptionFile(endpointAt(trap.port, tls), tool, seen);
          if (vendor === 'mysql') expect(() => content({ mode: 'preferred' })).toThrow(/whatever key/);
          const tls = {
            mode: 'preferred',
            ...(vendor === 'mysql' && { serverPublicKey: aPublicKey() }),
          } as const;
          expect(await runTool(tool, content(tls), argv)).not.toBe('');
          expect(trap.knows(ROOT.password)).toBe(false);
        }
      },
    );
  },
);

test('the trap catches: a program of MariaDB without these settings gives its password away', async () => {
  for (const trick of TRICKS) {
    const trap = await startLoginTrap(trick);
    const [tool] = await findClientTools('loader', '/usr/bin:/bin');
    if (!tool) throw new Error('no client in /usr/bin');
    const seen = { flavor: { vendor: 'mariadb', version: [10, 11, 6] }, tlsVersion: undefined } as const;
    const content = renderOptionFile(endpointAt(trap.port, { mode: 'preferred' }), tool, seen);
    await runTool(tool, content.replace(/^plugin-dir=.*$/m, ''), ['--execute=SELECT 1']);
    expect(trap.knows(ROOT.password)).toBe(true);
    await trap.stop();
  }
});

describe.each(availableFlavors().filter(({ vendor }) => vendor === 'mysql'))('$id', (flavor) => {
  let server: TestServer;
  let proxy: DowngradeProxy;
  beforeAll(async () => {
    server = await flavor.start();
    proxy = await startDowngradeProxy(server.port);
  });
  afterAll(async () => {
    await proxy.stop();
    await server.stop();
  });

  const serverKey = async (): Promise<string> => {
    const [row] = await server.query("SHOW STATUS LIKE 'Caching_sha2_password_rsa_public_key'");
    const path = join(folder, 'server.pem');
    writeFileSync(path, String(row?.['Value']));
    return path;
  };

  /** After it the server wants the password itself, not a scramble. */
  const forgetLogins = async (): Promise<void> => {
    await server.query('FLUSH PRIVILEGES');
  };

  test('an attacker takes the offer of TLS out of the greeting: no password is sent, and the ways out are named', async () => {
    await forgetLogins();
    await expect(openConnection(endpointAt(proxy.port, { mode: 'preferred' }))).rejects.toMatchObject({
      code: 'CONN_TLS',
      message: expect.stringContaining('the password was not sent') as string,
      hints: expect.arrayContaining([
        expect.stringContaining('required'),
        expect.stringContaining('server_public_key'),
        expect.stringContaining('disabled'),
      ]) as string[],
    });
    await expect(openConnection(endpointAt(proxy.port, { mode: 'required' }))).rejects.toMatchObject({
      code: 'CONN_TLS',
    });
    expect(proxy.heard().includes(ROOT.password)).toBe(false);
  });

  test('without TLS the password travels under the pinned key, or where TLS is switched off', async () => {
    for (const login of Object.values(LOGINS)) {
      await forgetLogins();
      await login(endpointAt(proxy.port, { mode: 'preferred', serverPublicKey: await serverKey() }));
      await forgetLogins();
      await login(endpointAt(proxy.port, { mode: 'disabled' }));
      // The server knows the account now, so a scramble is enough.
      await login(endpointAt(proxy.port, { mode: 'preferred' }));
    }
    expect(proxy.heard().includes(ROOT.password)).toBe(false);
  });

  test('the socket is safe: the password is sent whatever the mode', async () => {
    for (const mode of ['preferred', 'disabled'] as const) {
      await forgetLogins();
      const address = { kind: 'socket', path: server.socket } as const;
      await (await openConnection({ ...endpointAt(0, { mode }), address })).end();
    }
  });

  test.each([
    ['none.pem', 'there is no ', () => undefined],
    ['empty.pem', 'server.s public key', (path: string) => writeFileSync(path, 'nothing')],
  ])('a file of the public key that cannot be used: %s', async (name, reason, make) => {
    const path = join(folder, name);
    make(path);
    await expect(
      openConnection(endpointAt(proxy.port, { mode: 'preferred', serverPublicKey: path })),
    ).rejects.toMatchObject({ code: 'CONN_TLS', message: expect.stringMatching(reason) as string });
  });
});

describe('the password of a saved connection is for its own login', () => {
  let server: TestServer;
  let home: Home;
  beforeAll(async () => {
    server = await startServer();
    home = makeHome();
    await saveConnection(home, 'prod', server);
  });
  afterAll(async () => {
    await server.stop();
    home.close();
  });
  const replace = (...flags: readonly string[]) =>
    home.run(['connections', 'add', 'prod', '--replace', ...flags]);

  test.each([
    ['port', () => ['--port', String(trapOf('mysql_clear_password').port)]],
    ['host', () => ['--host', 'localhost', '--port', String(trapOf('mysql_clear_password').port)]],
    ['user', () => ['--user', 'somebody']],
    ['socket', () => ['--socket', join(folder, 'false.sock')]],
  ])('--replace with another %s: it is not sent there', async (_, flags) => {
    const before = trapOf('mysql_clear_password').logins;
    const { code, stderr } = await replace(...flags());
    expect(code).toBe(5);
    expect(stderr).toContain(
      `its password is for ${ROOT.user}@127.0.0.1:${String(server.port)}, and is not sent`,
    );
    expect(trapOf('mysql_clear_password').logins).toBe(before);
    expect((await home.run(['connections', 'test', 'prod'])).code).toBe(0);
  });

  test('--replace with another host and --no-test: it is not kept for the new one', async () => {
    await saveConnection(home, 'moved', server);
    const argv = ['connections', 'add', 'moved', '--replace', '--host', 'elsewhere.invalid', '--no-test'];
    expect((await home.run(argv)).code).toBe(0);
    expect(await listSaved(home)).toEqual(
      expect.arrayContaining([expect.objectContaining({ name: 'moved', hasPassword: false })]),
    );
  });

  test('--replace with another host: a command that prints the old password is not run', async () => {
    const ran = join(folder, 'ran');
    const add = ['connections', 'add', 'command', '--host', '127.0.0.1', '--user', ROOT.user, '--no-test'];
    await home.run([...add, '--password-command', `touch '${ran}'; echo x`]);
    const moved = ['connections', 'add', 'command', '--replace', '--host', 'localhost'];
    expect((await home.run(moved)).code).toBe(5);
    expect(existsSync(ran)).toBe(false);
  });

  test('edited on a terminal to another port: Enter does not keep it', async () => {
    const trap = trapOf('mysql_clear_password');
    const person = converse(['connections'], { home: home.folder });
    await person.answers('What now?', `${DOWN}${ENTER}`);
    await person.answers('Edit which', `prod${ENTER}`);
    await person.answers('Host name', ENTER);
    await person.answers('Port:', `\u0015${String(trap.port)}${ENTER}`);
    await person.answers("User, the server's", ENTER);
    await person.answers(`Password of ${ROOT.user} (Enter for none)`, CTRL_C);
    expect((await person.ends()).code).toBe(6);
  });
});

test.each(['db:3306', '[::1]:3306', 'db\r', '/run/my.sock'])(
  'a host that is none, %j: said before anything is sent',
  async (host) => {
    const home = makeHome();
    const add = await home.run(['connections', 'add', 'x', '--host', host, '--user', 'u', '--no-test']);
    expect(add.code).toBe(64);
    const inline = (name: string): string =>
      `{name: ${name}, host: ${JSON.stringify(host)}, user: u, access: read-write}`;
    const stdin = `version: 1\nsource: ${inline('a')}\ntarget: ${inline('b')}\ndatabases: [{name: shop}]\n`;
    const checked = await home.run(['validate', '-'], { stdin });
    expect(checked.code).toBe(5);
    expect(checked.stderr).toContain('the host ');
    home.close();
  },
);

test('a server of another machine offers no TLS: the plan and the test of the connection say so once', async () => {
  const rig = await startRig({ sourceOptions: ['--skip-ssl'], targetOptions: ['--skip-ssl'] });
  try {
    await rig.source.query('CREATE DATABASE one; CREATE DATABASE two');
    // 127.0.0.1 in a spelling that names no address of this machine.
    const place = `host: "2130706433", port: ${String(rig.source.port)}`;
    const source = `{name: far, ${place}, user: ${ROOT.user}, password: "\${DB_PASSWORD}"}`;
    const plan = rig.writePlan('databases: [{name: one}, {name: two}]', { source });
    const shown = await rig.run(['plan', plan]);
    expect(`${shown.stdout}${shown.stderr}`.match(/offers no TLS/g)).toHaveLength(1);
    const { stdout } = await rig.run(['plan', plan, '--json']);
    expect(JSON.parse(stdout)).toMatchObject({ hazards: [{ code: 'NOT_ENCRYPTED', severity: 'note' }] });
    const meant = rig.writePlan('databases: [{name: one}]', {
      source: source.replace('}"}', '}", tls: {mode: disabled}}'),
    });
    expect((await rig.run(['plan', meant])).stderr).not.toContain('offers no TLS');
    const add = ['connections', 'add', 'far', '--host', '2130706433', '--port', String(rig.source.port)];
    await rig.run([...add, '--user', ROOT.user, '--password-env', 'DB_PASSWORD']);
    expect((await rig.run(['connections', 'test', 'far'])).stderr).toContain('note: far offers no TLS');
  } finally {
    await rig.stop();
  }
});
