import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { makeCertificates, tlsOptionsOf } from '../support/certificates.js';
import { availableFlavors } from '../support/flavors.js';
import { type Rig, startRig } from '../support/rig.js';
import { ENTER, converse } from '../support/conversation.js';
import { expectNoCanary } from '../support/home.js';
import { ROOT } from '../support/servers.js';
import { type SshServer, startSshServer } from '../support/ssh-server.js';

const flavors = availableFlavors().filter(({ id }) => id === 'mariadb-10.11' || id === 'mysql-9.7');

describe.each(flavors)('$id', (flavor) => {
  let rig: Rig;
  let ssh: SshServer;
  const certificates = mkdtempSync(join(tmpdir(), 'mysql-sync-certificates-'));

  beforeAll(async () => {
    makeCertificates(certificates, ['localhost']);
    const sourceOptions = tlsOptionsOf(certificates, 'localhost');
    [rig, ssh] = await Promise.all([startRig({ flavor, sourceOptions }), startSshServer()]);
    for (const sql of [
      'CREATE DATABASE shop',
      'CREATE TABLE shop.orders (id INT PRIMARY KEY, note VARCHAR(2000))',
      `INSERT INTO shop.orders VALUES ${Array.from({ length: 5000 }, (_, id) => `(${id}, REPEAT('x', 2000))`).join()}`,
    ])
      await rig.source.query(sql);
  });
  afterAll(async () => {
    ssh.stop();
    await rig.stop();
    rmSync(certificates, { recursive: true });
  });
  beforeEach(async () => {
    ssh.setKnownHost('right');
    await rig.target.query('DROP DATABASE IF EXISTS shop');
  });

  /** The ssh of the test before the clients of the flavor. */
  const environment = (): Record<string, string> => ({
    PATH: `${ssh.path.split(':', 1).join()}:${rig.env['PATH'] ?? ''}`,
  });

  const inline = (name: string, port: number, more: string): string =>
    `{name: ${name}, host: 127.0.0.1, port: ${port}, user: ${ROOT.user}, password: "\${DB_PASSWORD}", ssh: "${ssh.host}"${more}}`;

  const writePlan = (options: string): string =>
    rig.writePlan(`databases: [{name: shop}]\noptions: ${options}`, {
      source: inline('prod', rig.source.port, ''),
      target: inline('staging', rig.target.port, ', access: read-write'),
    });

  const apply = (options: string) =>
    rig.start(['apply', writePlan(options), '--confirm-target', 'staging'], environment());

  /** Processes of ssh that lead to a server of this file. */
  const tunnels = (): readonly string[] =>
    execFileSync('ps', ['-eo', 'args='], { encoding: 'utf8' })
      .split('\n')
      .filter((line) => line.includes('ssh') && line.includes(`:127.0.0.1:${rig.source.port} `));

  const untilNoTunnel = async (): Promise<void> => {
    await expect.poll(tunnels, { timeout: 10_000 }).toEqual([]);
  };

  describe('a copy between servers that are behind an SSH host', () => {
    test.each(['native', 'dump'])(
      'by the %s engine goes through tunnels, which end with it',
      async (engine) => {
        const result = await apply(`{engine: ${engine}}`).ended;

        expect(result.code, result.stderr).toBe(0);
        expect(await rig.contentOf('target', 'shop')).toEqual(await rig.contentOf('source', 'shop'));
        await untilNoTunnel();
      },
    );

    test.each([
      ['none', /Host key verification failed/],
      ['wrong', /Host key verification failed/],
    ] as const)(
      'a host key that is %s among the known ones: error with the words of ssh',
      async (known, words) => {
        ssh.setKnownHost(known);

        const result = await apply('{}').ended;

        expect(result.code).toBe(4);
        expect(result.stderr).toContain('CONN_SSH');
        expect(result.stderr).toMatch(words);
        expect(await rig.contentOf('target', 'shop')).toBeUndefined();
        await untilNoTunnel();
      },
    );

    test.each(['native', 'dump'])(
      'sshd killed in the middle of a copy by the %s engine: target as it was, and ssh is quoted',
      async (engine) => {
        await rig.target.query('CREATE DATABASE shop');
        await rig.target.query('CREATE TABLE shop.mine (id INT PRIMARY KEY)');
        const before = await rig.contentOf('target', 'shop');
        const running = apply(`{engine: ${engine}, max_rate: 1}`);
        await running.waitFor('shop: copying');
        ssh.kill();
        const result = await running.ended;
        await ssh.start();

        expect(result.code, result.stderr).not.toBe(0);
        expect(result.stderr).toMatch(/the SSH tunnel through .* ended: .*(?:closed|Broken pipe)/);
        expect(await rig.contentOf('target', 'shop')).toEqual(before);
        await untilNoTunnel();
      },
    );

    test('at a terminal ssh asks about a host key that it does not know, and the person decides', async () => {
      const ask = async (answer: string) => {
        ssh.setKnownHost('none');
        const person = converse(['plan', writePlan('{}')], {
          home: rig.home,
          env: { ...rig.env, ...environment() },
        });
        await person.answers('continue connecting', `${answer}${ENTER}`);
        return person.ends();
      };
      expect((await ask('no')).code).toBe(4);
      const { code, screen } = await ask('yes');
      expect(code).toBe(0);
      expect(screen).toContain('shop');
      expectNoCanary(screen);
      await untilNoTunnel();
    });

    test('mysql-sync killed: no ssh is left', async () => {
      const running = rig.spawn(
        ['apply', writePlan('{max_rate: 1}'), '--confirm-target', 'staging'],
        environment(),
      );
      await running.waitFor('shop: copying');
      expect(tunnels().length).toBeGreaterThan(0);
      for (const line of tunnels()) expectNoCanary(line);
      running.child.kill('SIGKILL');
      await running.ended;

      await untilNoTunnel();
    });

    test('the server behind the SSH host does not listen: the reason that ssh gives is in the error', async () => {
      const plan = rig.writePlan('databases: [{name: shop}]', { source: inline('prod', 1, '') });

      const result = await rig.start(['plan', plan], environment()).ended;

      expect(result.code).toBe(4);
      expect(result.stderr).toMatch(/ssh: .*open failed: .*refused/);
    });
  });

  describe('what a plan says of an SSH host', () => {
    const plan = async (source: string) =>
      rig.start(['plan', rig.writePlan('databases: [{name: shop}]', { source })], environment()).ended;

    test.each([
      ['localhost', 0, ''],
      ['127.0.0.1', 4, 'CONN_TLS'],
    ])(
      'verify-identity compares the name in the certificate with %s, the host behind it',
      async (host, code, words) => {
        const tls = `, tls: {mode: verify-identity, ca: ${certificates}/authority.pem}`;
        const source = inline('prod', rig.source.port, tls).replace('host: 127.0.0.1', `host: ${host}`);

        const result = await plan(source);

        expect(result.code, result.stderr).toBe(code);
        expect(result.stderr).toContain(words);
      },
    );

    test.each(['-oProxyCommand=id', 'a -oProxyCommand=id', '$(id)@bastion', 'bastion\\n'])(
      'no SSH host is %s: refused before anything is started',
      async (text) => {
        const result = await plan(inline('prod', 1, '').replace(ssh.host, text));

        expect(result.code, result.stderr).toBe(5);
        expect(result.stderr).toContain('the SSH host must be [user@]host[:port]');
      },
    );
  });

  describe('saved connections', () => {
    const run = async (argv: readonly string[], input?: string) =>
      input === undefined
        ? rig.start(argv, environment()).ended
        : rig.start(argv, { ...environment(), PW: input }).ended;

    test('are added, shown, duplicated and made direct again', async () => {
      const added = await run(
        [
          'connections',
          'add',
          'far',
          '--host',
          '127.0.0.1',
          '--port',
          String(rig.source.port),
          '--user',
          ROOT.user,
          '--ssh',
          ssh.host,
          '--password-env',
          'PW',
        ],
        ROOT.password,
      );
      expect(added.code, added.stderr).toBe(0);
      await run(['connections', 'duplicate', 'far', 'near']);
      const shown = await run(['connections', 'show', 'near', '--json']);
      expect(JSON.parse(shown.stdout)).toMatchObject({
        connection: { host: '127.0.0.1', ssh: ssh.host },
      });
      const direct = await run(['connections', 'add', 'near', '--replace', '--ssh', 'none', '--no-test']);
      expect(direct.code, direct.stderr).toBe(0);
      const after = JSON.parse((await run(['connections', 'show', 'near', '--json'])).stdout) as object;
      expect(after).not.toHaveProperty('connection.ssh');
      // A kept password is for the server that it was given for.
      expect(after).toMatchObject({ connection: { password: null } });
      await untilNoTunnel();
    });
  });
});
