import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, type Server, type Socket, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import type mysql from 'mysql2/promise';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openConnection } from '../../../../src/adapters/mysql/connection/connect.js';
import { isConnectionLost } from '../../../../src/adapters/mysql/connection/errors.js';
import { createServers } from '../../../../src/adapters/mysql/servers.js';
import type { Endpoint, TlsMode } from '../../../../src/core/server/connection.js';
import { SyncError } from '../../../../src/core/errors.js';
import { toConnectionName } from '../../../../src/core/names.js';
import { Secret } from '../../../../src/core/secret.js';
import { availableFlavors } from '../../../support/flavors.js';
import { ROOT, type TestServer, startServer } from '../../../support/servers.js';

const folder = mkdtempSync(join(tmpdir(), 'mysql-sync-connect-'));
const file = (name: string): string => join(folder, name);
const openssl = (...argv: readonly string[]): void => {
  execFileSync('openssl', argv, { cwd: folder, stdio: 'pipe' });
};

/** A certificate authority and a server certificate signed by it, for the given subject alternative names. */
const makeCertificate = (name: string, alternatives: string, days: number): void => {
  openssl(
    'req',
    '-newkey',
    'rsa:2048',
    '-nodes',
    '-subj',
    `/CN=${name}.test`,
    '-keyout',
    `${name}.key`,
    '-out',
    `${name}.csr`,
  );
  writeFileSync(file(`${name}.ext`), `subjectAltName=${alternatives}\n`);
  openssl(
    'x509',
    '-req',
    '-in',
    `${name}.csr`,
    '-CA',
    'ca.pem',
    '-CAkey',
    'ca.key',
    '-CAcreateserial',
    '-days',
    String(days),
    '-extfile',
    `${name}.ext`,
    '-out',
    `${name}.pem`,
  );
};

let plain: TestServer;
/** Its certificate is for 127.0.0.1 and for the name localhost. */
let secured: TestServer;
/** Its certificate is for another host. */
let misnamed: TestServer;
/** Its certificate ended yesterday. */
let expired: TestServer;

beforeAll(async () => {
  openssl(
    'req',
    '-x509',
    '-newkey',
    'rsa:2048',
    '-nodes',
    '-days',
    '2',
    '-subj',
    '/CN=test authority',
    '-keyout',
    'ca.key',
    '-out',
    'ca.pem',
  );
  openssl(
    'req',
    '-x509',
    '-newkey',
    'rsa:2048',
    '-nodes',
    '-days',
    '2',
    '-subj',
    '/CN=other authority',
    '-keyout',
    'other.key',
    '-out',
    'other-ca.pem',
  );
  makeCertificate('right', 'IP:127.0.0.1,DNS:localhost', 2);
  makeCertificate('wrong', 'DNS:elsewhere.test', 2);
  makeCertificate('old', 'IP:127.0.0.1', -1);
  const withTls = (name: string): readonly string[] => [
    `--ssl-cert=${file(`${name}.pem`)}`,
    `--ssl-key=${file(`${name}.key`)}`,
    `--ssl-ca=${file('ca.pem')}`,
  ];
  [plain, secured, misnamed, expired] = await Promise.all([
    startServer(['--skip-ssl']),
    startServer(withTls('right')),
    startServer(withTls('wrong')),
    startServer(withTls('old')),
  ]);
});

afterAll(async () => {
  await Promise.all([plain, secured, misnamed, expired].map(async (server) => server.stop()));
  rmSync(folder, { recursive: true });
});

const endpointOf = (port: number, mode: TlsMode = 'disabled', changes: Partial<Endpoint> = {}): Endpoint => ({
  name: toConnectionName('prod'),
  role: 'source',
  address: { kind: 'tcp', host: '127.0.0.1', port },
  user: ROOT.user,
  password: new Secret(ROOT.password),
  tls: { mode },
  access: 'read-only',
  isProtected: false,
  timeoutMilliseconds: 5_000,
  isPipelined: true,
  isSaved: true,
  ...changes,
});

const readRow = async (connection: mysql.Connection, sql: string): Promise<unknown> => {
  const [rows] = await connection.query<mysql.RowDataPacket[]>(sql);
  return rows[0];
};

/** Connects, reads the session's cipher (empty: not encrypted) and hangs up. */
const cipherOf = async (endpoint: Endpoint): Promise<string> => {
  const connection = await openConnection(endpoint);
  const row = await readRow(connection, "SHOW SESSION STATUS LIKE 'Ssl_cipher'");
  await connection.end();
  return (row as { Value: string }).Value;
};

const failureOf = async (endpoint: Endpoint): Promise<SyncError> => {
  const outcome = await openConnection(endpoint).then(
    async (connection) => connection.end(),
    (error: unknown) => error,
  );
  if (!(outcome instanceof SyncError)) throw new Error(`expected a SyncError, got ${String(outcome)}`);
  expect(inspect(outcome, { depth: 10 })).not.toContain('canary');
  return outcome;
};

/** A TCP listener that treats every client as told. */
const listen = async (
  onClient: (client: Socket) => void,
): Promise<{ readonly port: number; close(): void }> => {
  const clients: Socket[] = [];
  const listener: Server = createServer((client) => {
    clients.push(client);
    client.on('error', () => undefined);
    onClient(client);
  });
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
  return {
    port: (listener.address() as AddressInfo).port,
    close: () => {
      for (const client of clients) client.destroy();
      listener.close();
    },
  };
};

describe('TLS has one meaning', () => {
  const cases: readonly {
    readonly mode: TlsMode;
    readonly ca?: string;
    readonly host?: string;
    readonly at: () => TestServer;
    readonly expected: 'plain' | 'encrypted' | RegExp;
  }[] = [
    { mode: 'disabled', at: () => secured, expected: 'plain' },
    { mode: 'preferred', at: () => plain, expected: 'plain' },
    { mode: 'preferred', at: () => secured, expected: 'encrypted' },
    { mode: 'required', at: () => secured, expected: 'encrypted' },
    { mode: 'required', at: () => plain, expected: /does not support secure connection/ },
    { mode: 'verify-ca', at: () => plain, ca: 'ca.pem', expected: /does not support secure connection/ },
    { mode: 'verify-ca', at: () => secured, expected: /certificate/ },
    { mode: 'verify-ca', at: () => secured, ca: 'other-ca.pem', expected: /certificate/ },
    { mode: 'verify-ca', at: () => misnamed, ca: 'ca.pem', expected: 'encrypted' },
    { mode: 'required', at: () => expired, expected: 'encrypted' },
    { mode: 'verify-ca', at: () => expired, ca: 'ca.pem', expected: /certificate has expired/ },
    { mode: 'verify-identity', at: () => expired, ca: 'ca.pem', expected: /certificate has expired/ },
    { mode: 'verify-identity', at: () => secured, ca: 'ca.pem', expected: 'encrypted' },
    { mode: 'verify-identity', at: () => secured, ca: 'ca.pem', host: 'localhost', expected: 'encrypted' },
    {
      mode: 'verify-identity',
      at: () => misnamed,
      ca: 'ca.pem',
      expected: /127\.0\.0\.1 is not in the cert/,
    },
    {
      mode: 'verify-identity',
      at: () => misnamed,
      ca: 'ca.pem',
      host: 'localhost',
      expected: /localhost.*elsewhere\.test/,
    },
  ];
  for (const { mode, ca, host = '127.0.0.1', at, expected } of cases) {
    test(`${mode} with ${ca ?? 'no own CA'} at ${host}: ${String(expected)}`, async () => {
      const endpoint = endpointOf(0, mode, {
        address: { kind: 'tcp', host, port: at().port },
        tls: { mode, ...(ca ? { ca: file(ca) } : {}) },
      });
      if (typeof expected === 'string') {
        expect((await cipherOf(endpoint)) === '' ? 'plain' : 'encrypted').toBe(expected);
        return;
      }
      const failure = await failureOf(endpoint);
      expect(failure.code).toBe('CONN_TLS');
      expect(failure.message).toMatch(expected);
      expect(failure.hints.join()).toContain(`"${mode}"`);
    });
  }
});

test.each([
  ['directly', false],
  ['through a tunnel', true],
])('a server without TLS is asked for it once, %s', async (_, isTunnelled) => {
  const tunnel = { open: () => Promise.resolve(plain.socket), lastWords: () => Promise.resolve('') };
  const address = { kind: 'tcp', host: '127.0.0.1', port: plain.port } as const;
  const endpoint = endpointOf(0, 'preferred', {
    address: isTunnelled ? { ...address, ssh: 'bastion.test' } : address,
    ...(isTunnelled && { tunnel }),
  });
  const countConnections = async (): Promise<number> =>
    Number((await plain.query("SHOW GLOBAL STATUS LIKE 'Connections'"))[0]?.['Value']);
  const before = await countConnections();
  expect([await cipherOf(endpoint), await cipherOf(endpoint)]).toEqual(['', '']);
  // One that is refused, the two, and the one that counts.
  expect((await countConnections()) - before).toBe(4);
});

test('a unix socket; TLS modes that want it encrypt there too', async () => {
  const address = { kind: 'socket', path: secured.socket } as const;
  expect(await cipherOf(endpointOf(0, 'preferred', { address }))).toBe('');
  expect(await cipherOf(endpointOf(0, 'required', { address }))).not.toBe('');
});

test('the session is UTF-8, UTC, without sql_mode and time limits, whatever the server is set to', async () => {
  await plain.query(
    "SET GLOBAL sql_mode = 'ANSI_QUOTES,PAD_CHAR_TO_FULL_LENGTH', GLOBAL time_zone = '+05:30', GLOBAL max_statement_time = 2, GLOBAL sql_quote_show_create = 0, GLOBAL wait_timeout = 3",
  );
  const connection = await openConnection(endpointOf(plain.port));
  const row = await readRow(
    connection,
    `SELECT @@sql_mode AS modes, @@time_zone AS zone, @@max_statement_time AS statement_limit, @@wait_timeout AS idle_limit,
       @@sql_quote_show_create AS quotes, @@character_set_client AS client, @@character_set_results AS results,
       9007199254740993 AS big, CAST('0000-00-00' AS DATE) AS no_day, '🚀' AS rocket`,
  );
  await connection.end();
  await plain.query(
    'SET GLOBAL sql_mode = DEFAULT, GLOBAL time_zone = DEFAULT, GLOBAL max_statement_time = DEFAULT, GLOBAL sql_quote_show_create = DEFAULT, GLOBAL wait_timeout = DEFAULT',
  );
  expect(row).toEqual({
    modes: '',
    zone: '+00:00',
    statement_limit: 0,
    idle_limit: '86400',
    quotes: '1',
    client: 'utf8mb4',
    results: 'utf8mb4',
    big: '9007199254740993',
    no_day: '0000-00-00',
    rocket: '🚀',
  });
});

test('one statement a query, and no file leaves this machine', async () => {
  const connection = await openConnection(endpointOf(plain.port));
  await expect(connection.query('SELECT 1; SELECT 2')).rejects.toMatchObject({ errno: 1064 });
  await connection.query('CREATE TEMPORARY TABLE mysql.letters (a TEXT)');
  await expect(
    connection.query(`LOAD DATA LOCAL INFILE '/etc/hostname' INTO TABLE mysql.letters`),
  ).rejects.toMatchObject({ errno: 4166 });
  await connection.end();
});

describe('what goes wrong is said in full', () => {
  test('wrong password', async () => {
    const failure = await failureOf(
      endpointOf(plain.port, 'disabled', { password: new Secret('canary wrong') }),
    );
    expect(failure.code).toBe('CONN_AUTH');
    expect(failure.exitCode).toBe(4);
    expect(failure.message).toBe(
      `prod: the server refused the login of tester@127.0.0.1:${String(plain.port)}: Access denied for user 'tester'@'127.0.0.1' (using password: YES) (ER_ACCESS_DENIED_ERROR 1045)`,
    );
    expect(failure.hints.join('\n')).toContain('mysql-sync connections test prod');
    expect(failure.hints.join('\n')).toContain('mysql-sync connections add prod --replace');
  });

  test('no password', async () => {
    expect(
      (await failureOf(endpointOf(plain.port, 'disabled', { password: new Secret('') }))).message,
    ).toContain('using password: NO');
  });

  test('an account that must use TLS', async () => {
    await secured.query("CREATE USER careful@127.0.0.1 IDENTIFIED BY 'x' REQUIRE SSL");
    const account = { user: 'careful', password: new Secret('x') };
    expect((await failureOf(endpointOf(secured.port, 'disabled', account))).code).toBe('CONN_AUTH');
    expect(await cipherOf(endpointOf(secured.port, 'preferred', account))).not.toBe('');
  });

  test('a server that wants TLS', async () => {
    await secured.query('SET GLOBAL require_secure_transport = ON');
    const failure = await failureOf(endpointOf(secured.port));
    const admin = await openConnection(endpointOf(secured.port, 'required'));
    await admin.query('SET GLOBAL require_secure_transport = OFF');
    await admin.end();
    // MariaDB 10.11 answers like to a wrong password.
    expect(failure.code).toBe('CONN_AUTH');
    expect(failure.hints.join('\n')).toContain('TLS mode is "disabled"');
  });

  test('an account of an authentication plugin that is not there', async () => {
    await plain.query(
      "INSTALL SONAME 'auth_ed25519'; CREATE USER curve@127.0.0.1 IDENTIFIED VIA ed25519 USING PASSWORD('x')",
    );
    const failure = await failureOf(
      endpointOf(plain.port, 'disabled', { user: 'curve', password: new Secret('x') }),
    );
    expect(failure.code).toBe('CONN_AUTH');
    expect(failure.message).toContain('client_ed25519');
  });

  test('an account that only a user of the operating system has', async () => {
    await plain.query('CREATE USER nobody_here@127.0.0.1 IDENTIFIED VIA unix_socket');
    const failure = await failureOf(
      endpointOf(plain.port, 'disabled', { user: 'nobody_here', password: new Secret('x') }),
    );
    expect(failure.code).toBe('CONN_AUTH');
    expect(failure.message).toContain('1698');
  });

  test('a password that has expired: the server lets it in and answers nothing', async () => {
    await plain.query("CREATE USER stale@127.0.0.1 IDENTIFIED BY 'x' PASSWORD EXPIRE");
    const endpoint = endpointOf(plain.port, 'disabled', { user: 'stale', password: new Secret('x') });
    await expect(createServers().openSource(endpoint)).rejects.toMatchObject({
      code: 'CONN_AUTH',
      message: expect.stringContaining('1820') as string,
    });
  });

  test('too many connections', async () => {
    await plain.query("CREATE USER single@127.0.0.1 IDENTIFIED BY 'x' WITH MAX_USER_CONNECTIONS 1");
    const account = { user: 'single', password: new Secret('x') };
    const first = await openConnection(endpointOf(plain.port, 'disabled', account));
    const failure = await failureOf(endpointOf(plain.port, 'disabled', account));
    await first.end();
    expect(failure.code).toBe('CONN_REFUSED');
    expect(failure.message).toContain('1226');
  });

  test('nobody listens', async () => {
    const closed = await listen(() => undefined);
    closed.close();
    const failure = await failureOf(endpointOf(closed.port));
    expect(failure.code).toBe('CONN_REFUSED');
    expect(failure.message).toContain(`127.0.0.1:${String(closed.port)}`);
    expect(failure.message).toContain('ECONNREFUSED');
  });

  test('nobody listens at any address of the name', async () => {
    const closed = await listen(() => undefined);
    closed.close();
    const address = { kind: 'tcp', host: 'localhost', port: closed.port } as const;
    const failure = await failureOf(endpointOf(0, 'disabled', { address }));
    expect(failure.code).toBe('CONN_REFUSED');
    expect(failure.message).toContain('ECONNREFUSED');
  });

  test('no such socket', async () => {
    const failure = await failureOf(
      endpointOf(0, 'disabled', { address: { kind: 'socket', path: file('none.sock') } }),
    );
    expect(failure.code).toBe('CONN_REFUSED');
    expect(failure.message).toContain('none.sock');
  });

  test('no such host', async () => {
    const address = { kind: 'tcp', host: 'no-such-host.invalid', port: 3306 } as const;
    const failure = await failureOf(endpointOf(0, 'disabled', { address }));
    expect(failure.code).toBe('CONN_DNS');
    expect(failure.message).toContain('no-such-host.invalid');
  });

  test.each(['disabled', 'preferred'] as const)(
    'a server that accepts and never answers (%s)',
    async (mode) => {
      const silent = await listen(() => undefined);
      const start = performance.now();
      const failure = await failureOf(endpointOf(silent.port, mode, { timeoutMilliseconds: 300 }));
      const elapsed = performance.now() - start;
      silent.close();
      expect(failure.code).toBe('CONN_TIMEOUT');
      expect(failure.message).toContain('no answer within 0.3 s');
      expect(elapsed).toBeGreaterThan(290);
      expect(elapsed).toBeLessThan(3_000);
    },
  );

  test('a server that freezes after the login, before the session is ready', async () => {
    const slow = await startServer();
    try {
      await slow.query(
        "SET GLOBAL init_connect = 'DO SLEEP(30)'; CREATE USER plain_user@127.0.0.1 IDENTIFIED BY 'x'",
      );
      const failure = await failureOf(
        endpointOf(slow.port, 'disabled', {
          user: 'plain_user',
          password: new Secret('x'),
          timeoutMilliseconds: 500,
        }),
      );
      expect(failure.code).toBe('CONN_TIMEOUT');
    } finally {
      await slow.stop();
    }
  });

  test('a server that hangs up', async () => {
    const rude = await listen((client) => client.destroy());
    const failure = await failureOf(endpointOf(rude.port));
    rude.close();
    expect(failure.code).toBe('CONN_LOST');
  });

  const answering = (answer: (question: Buffer) => string | Buffer | undefined) => (client: Socket) =>
    client.once('data', (question) => client.end(answer(question) ?? ''));
  const [tlsAlert, xNotice] = [
    [0x15, 3, 1, 0, 2, 2, 0x16],
    [5, 0, 0, 0, 0x0b, 8, 5, 0x1a, 0],
  ].map((bytes) => Buffer.from(bytes)) as [Buffer, Buffer];
  test.each<[string, (client: Socket) => unknown, string]>([
    [
      'SSH',
      (client) => client.write('SSH-2.0-OpenSSH_9.2p1\r\n'),
      'an SSH server listens there: it said "SSH-2.0',
    ],
    [
      'mail',
      (client) => client.write('220 mx ESMTP\r\n'),
      'a mail or FTP server listens there: it said "220 mx',
    ],
    ["MySQL's X protocol", (client) => client.write(xNotice), "MySQL's X protocol, and not the classic one"],
    ['evil', (client) => client.write('\x1b]0;x\x07' + 'y'.repeat(99)), 'said "\\x1b]0;x\\x07yyy'],
    [
      'HTTP',
      answering(() => 'HTTP/1.1 400 Bad Request\r\n\r\n'),
      'an HTTP server listens there: it said "HTTP/1.1 400',
    ],
    ['TLS', answering(() => tlsAlert), 'a server that begins with TLS listens there: it said "\\x15\\x03'],
    ['Redis', answering(() => '-ERR unknown command\r\n'), 'a Redis server listens there: it said "-ERR'],
    [
      'PostgreSQL',
      answering((said) => (said[4] === 4 ? 'N' : undefined)),
      'a PostgreSQL server listens there',
    ],
  ])('%s instead of a database server is told at once', async (_, greet, message) => {
    const other = await listen((client) => {
      greet(client);
    });
    const startedAt = performance.now();
    const failure = await failureOf(endpointOf(other.port, 'preferred', { timeoutMilliseconds: 60_000 }));
    other.close();
    expect(failure.code).toBe('SERVER_UNSUPPORTED');
    expect(failure.message).toContain(message);
    expect(failure.message.length).toBeLessThan(250);
    expect(performance.now() - startedAt).toBeLessThan(20_000);
  });

  test('who stays silent is asked once for an endpoint: a server would count each question as a failed login', async () => {
    let questions = 0;
    const silent = await listen((client) => {
      client.once('data', () => (questions += 1));
    });
    const endpoint = endpointOf(silent.port, 'disabled', { timeoutMilliseconds: 1500 });
    for (let login = 0; login < 2; login += 1) expect((await failureOf(endpoint)).code).toBe('CONN_TIMEOUT');
    silent.close();
    // That of HTTP and that of PostgreSQL.
    expect(questions).toBe(2);
  });

  const pem = '-----BEGIN CERTIFICATE-----\nnonsense\n-----END CERTIFICATE-----\n';
  test.each([
    ['missing.pem', undefined, /there is no/],
    ['empty.pem', '', /no PEM certificate/],
    ['text.pem', 'hello', /no PEM certificate/],
    ['bad.pem', pem, /asn1|PEM/],
  ])('the CA file %s', async (name, content, expected) => {
    if (content !== undefined) writeFileSync(file(name), content);
    const failure = await failureOf(
      endpointOf(secured.port, 'verify-ca', { tls: { mode: 'verify-ca', ca: file(name) } }),
    );
    expect(failure.code).toBe('CONN_TLS');
    expect(failure.message).toContain(file(name));
    expect(failure.message).toMatch(expected);
  });
});

test('a connection that dies while idle does not end the process; the next statement says so', async () => {
  const connection = await openConnection(endpointOf(plain.port));
  const ended = new Promise((resolve) => connection.on('end', resolve));
  await plain.query(`KILL ${String(connection.threadId)}`);
  await ended;
  const error: unknown = await connection.query('SELECT 1').catch((reason: unknown) => reason);
  expect(isConnectionLost(error)).toBe(true);
});

describe.each(availableFlavors().map((flavor) => [flavor.id, flavor] as const))('%s', (_, flavor) => {
  let server: TestServer;
  let xPort: number;
  beforeAll(async () => {
    const free = await listen(() => undefined);
    xPort = free.port;
    free.close();
    const withX = ['--mysqlx=ON', `--mysqlx-port=${String(xPort)}`, '--mysqlx-socket=x.sock'];
    server = await flavor.start(flavor.vendor === 'mysql' ? withX : []);
  });
  afterAll(async () => server.stop());

  test.runIf(flavor.vendor === 'mysql')(
    'the port of its own X protocol is told from the classic one',
    async () => {
      const failure = await failureOf(endpointOf(xPort, 'preferred', { timeoutMilliseconds: 60_000 }));
      expect([failure.code, failure.message]).toEqual([
        'SERVER_UNSUPPORTED',
        expect.stringContaining("MySQL's X protocol, and not the classic one"),
      ]);
    },
  );

  test('logs in with and without TLS, with a cold password cache, and says what is wrong', async () => {
    expect(await cipherOf(endpointOf(server.port, 'disabled'))).toBe('');
    await server.query('FLUSH PRIVILEGES');
    expect(await cipherOf(endpointOf(server.port, 'disabled'))).toBe('');
    const hasTls = (await cipherOf(endpointOf(server.port, 'preferred'))) !== '';
    expect(hasTls).toBe(['mariadb-11.8', 'mysql-9.7'].includes(flavor.id));
    const untrusted = await failureOf(endpointOf(server.port, 'verify-ca'));
    expect(untrusted.code).toBe('CONN_TLS');
    const refused = await failureOf(
      endpointOf(server.port, 'preferred', { password: new Secret('canary no') }),
    );
    expect([refused.code, refused.message.includes('ER_ACCESS_DENIED_ERROR 1045')]).toEqual([
      'CONN_AUTH',
      true,
    ]);
  });

  test.runIf(['mariadb-11.8', 'mysql-9.7'].includes(flavor.id))(
    'a server that wants TLS says so',
    async () => {
      await server.query('SET GLOBAL require_secure_transport = ON');
      const failure = await failureOf(endpointOf(server.port, 'disabled'));
      const admin = await openConnection(endpointOf(server.port, 'preferred'));
      await admin.query('SET GLOBAL require_secure_transport = OFF');
      await admin.end();
      expect(['CONN_TLS', 'CONN_AUTH']).toContain(failure.code);
      expect(failure.hints.join('\n')).toContain('TLS mode is "disabled"');
    },
  );

  test('has no time limits and no sql_mode', async () => {
    const [limit, idle] =
      flavor.vendor === 'mysql'
        ? ['max_execution_time', 'information_schema_stats_expiry']
        : ['max_statement_time', 'idle_transaction_timeout'];
    await server.query(`SET GLOBAL ${limit} = 60, GLOBAL ${idle} = 60`);
    const connection = await openConnection(endpointOf(server.port));
    const row = await readRow(
      connection,
      `SELECT @@sql_mode AS modes, @@${limit} + 0 AS a, @@${idle} + 0 AS b`,
    );
    await connection.end();
    expect(Object.values(row as object).map(Number)).toEqual([0, 0, 0]);
  });
});
