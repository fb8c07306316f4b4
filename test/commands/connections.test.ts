import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { ENTER, converse } from '../support/conversation.js';
import { type Home, makeHome } from '../support/home.js';
import { listSaved, saveConnection, saveUnused } from '../support/saved-home.js';
import { ROOT, type TestServer, startServer } from '../support/servers.js';
import { runInTerminal } from '../support/terminal.js';

let server: TestServer;
let home: Home;
let elsewhere: string;

beforeAll(async () => {
  server = await startServer();
  elsewhere = mkdtempSync(join(tmpdir(), 'mysql-sync-elsewhere-'));
});
afterAll(async () => {
  rmSync(elsewhere, { recursive: true, force: true });
  await server.stop();
});
beforeEach(() => {
  home = makeHome();
});
afterEach(() => {
  home.close();
});

const serverFlags = (): readonly string[] => [
  '--host',
  '127.0.0.1',
  '--port',
  String(server.port),
  '--user',
  ROOT.user,
];
const addServer = (name: string, ...flags: readonly string[]) =>
  home.run(['connections', 'add', name, ...serverFlags(), '--password-stdin', ...flags], {
    stdin: `${ROOT.password}\n`,
  });
const addUntested = (name: string, ...flags: readonly string[]) =>
  home.run([
    'connections',
    'add',
    name,
    '--host',
    '127.0.0.1',
    '--port',
    '1',
    '--user',
    'u',
    '--no-test',
    ...flags,
  ]);
const listed = async (): Promise<readonly string[]> =>
  (await home.run(['connections', 'list'])).stdout.split('\n').filter((line) => line !== '');
interface Listed {
  readonly connections: readonly Record<string, unknown>[];
}
const listedJson = async (): Promise<Listed['connections']> =>
  (JSON.parse((await home.run(['connections', 'list', '--json'])).stdout) as Listed).connections;
const testOf = (...argv: readonly string[]) => home.run(['connections', 'test', ...argv]);

test('a connection is tested, saved, listed and tested again with the kept password', async () => {
  const added = await addServer('prod', '--access', 'read-write', '--protected');
  expect(added.code).toBe(0);
  expect(added.stdout).toMatch(/^Saved prod: MariaDB 10\.\d+\.\d+, (no TLS|TLSv1\.\d), \d+ ms\n$/);
  expect(added.stderr).toBe(
    'Its password is kept encrypted; whoever can read both state.db and state.key can read it.\n',
  );
  expect(await listed()).toEqual([
    expect.stringMatching(
      /^prod\ttester@127\.0\.0\.1:\d+\tMariaDB [\d.]+\tread-write, protected\t\d{4}-\d\d-\d\dT[\d:.]+Z\tkept \(encrypted\)$/,
    ),
  ]);
  const tested = await testOf('prod');
  expect(tested.stdout).toMatch(/^prod\tok\tMariaDB [\d.]+\t(no TLS|TLSv1\.\d)\t\d+\n$/);
  expect([tested.code, tested.stderr]).toEqual([0, '']);
});

test('an account without a password is asked for none again', async () => {
  await server.query("CREATE USER IF NOT EXISTS open@'%'");
  const flags = ['--host', '127.0.0.1', '--port', String(server.port), '--user', 'open'];
  const added = await home.run(['connections', 'add', 'local', ...flags]);
  expect(added.stderr).toContain('The account has no password.');
  expect(await listedJson()).toMatchObject([{ name: 'local', password: 'none' }]);
  const { screen, code } = await converse(['connections', 'test', 'local'], { home: home.folder }).ends();
  expect(screen).not.toContain('Password');
  expect(code).toBe(0);
});

test('one is shown, copied with its password and renamed, and plans that named it are told', async () => {
  await addServer('prod', '--access', 'read-write', '--protected');
  const shown = await home.run(['connections', 'show', 'prod']);
  expect(shown.stdout).toMatch(
    /^Name\tprod\nAddress\ttester@127\.0\.0\.1:\d+\nTLS\tpreferred\nAccess\tread-write, protected\nPassword\tkept \(encrypted\)\nServer\tMariaDB .*\nSaved\t\S+\nLast used\t\S+\n$/,
  );
  expect((await home.run(['connections', 'show', 'prd'])).stderr).toContain('did you mean "prod"?');
  expect((await home.run(['connections', 'duplicate', 'prod', 'second'])).code).toBe(0);
  const renamed = await home.run(['connections', 'rename', 'prod', 'first']);
  expect(renamed.stderr).toContain('A plan that names prod must name first from now on.');
  expect(await listedJson()).toMatchObject([
    { name: 'first', access: 'read-write', protected: true },
    { name: 'second', access: 'read-write', protected: true },
  ]);
  expect((await home.run(['connections', 'test', 'first', 'second'])).code).toBe(0);
  const taken = await home.run(['connections', 'rename', 'first', 'second']);
  expect(taken.stderr).toContain('there is a connection called "second" already');
  expect(taken.code).toBe(5);
});

test('a URL in the place of the host says it all but the password', async () => {
  const url = `mysql://${ROOT.user}@127.0.0.1:${String(server.port)}/shop?ssl-mode=PREFERRED`;
  const { code } = await home.run(['connections', 'add', 'prod', '--host', url, '--password-stdin'], {
    stdin: ROOT.password,
  });
  expect(code).toBe(0);
  expect(await listedJson()).toMatchObject([
    { host: '127.0.0.1', port: server.port, user: ROOT.user, tls: { mode: 'preferred' } },
  ]);
  const secret = await home.run(['connections', 'add', 'x', '--host', 'mysql://u:sup3r@127.0.0.1']);
  expect(secret.stderr).toContain('the URL has a password in it');
  expect(secret.stderr).not.toContain('sup3r');
  expect(secret.code).toBe(64);
});

test('words of a hint that are typed as they stand, and what is missing, are asked for at a terminal', async () => {
  const typed = ['connections', 'add', 'NAME', '--host', 'HOST', '--user', '<user>'];
  const person = converse(typed, { home: home.folder });
  await person.answers('Name for the connection', `prod${ENTER}`);
  await person.answers('Host name or address', `mysql://127.0.0.1:${String(server.port)}${ENTER}`);
  await person.answers("the server's account", `${ROOT.user}${ENTER}`);
  await person.answers('Password of prod', `${ROOT.password}${ENTER}`);
  expect((await person.ends()).code).toBe(0);
  const other = converse(['connections', 'add', 'second'], { home: home.folder });
  const password = encodeURIComponent(ROOT.password);
  await other.answers(
    'Host name or address',
    `mysql://${ROOT.user}:${password}@127.0.0.1:${String(server.port)}${ENTER}`,
  );
  const { code, raw, screen } = await other.ends();
  expect(code).toBe(0);
  // Neither while it was typed, nor what stays on the screen.
  expect(raw).not.toContain(password);
  expect(screen).toContain(`mysql://${ROOT.user}:${'*'.repeat(password.length)}@127.0.0.1:`);
  expect(await listedJson()).toMatchObject([{ name: 'second' }, { name: 'prod', user: ROOT.user }]);
});

test('what cannot be reached or logged into is not saved', async () => {
  const refused = await home.run([
    'connections',
    'add',
    'a',
    '--host',
    '127.0.0.1',
    '--port',
    '1',
    '--user',
    'u',
  ]);
  expect([refused.code, refused.stdout]).toEqual([4, '']);
  expect(refused.stderr).toMatch(/^error\[CONN_REFUSED\] a: .*ECONNREFUSED/);
  const denied = await home.run(['connections', 'add', 'b', ...serverFlags(), '--password-stdin'], {
    stdin: 'wrong',
  });
  expect(denied.code).toBe(4);
  expect(denied.stderr).toContain('ER_ACCESS_DENIED_ERROR 1045');
  expect(denied.stderr).toContain('Nothing was saved. To save it without a test:  --no-test');
  const without = await home.run(['connections', 'add', 'c', ...serverFlags()]);
  expect(without.stderr).toContain('No password was given: --password-stdin, --password-env VAR');
  expect(await listSaved(home)).toEqual([]);
});

test('a name is taken once; --replace changes what is given and keeps the rest', async () => {
  await saveConnection(home, 'prod', server);
  const again = await addServer('prod');
  expect([again.code, again.stderr.split('\n')[0]]).toEqual([
    5,
    'error[CONN_EXISTS] there is a connection called "prod" already',
  ]);
  const replaced = await home.run(['connections', 'add', 'prod', '--replace', '--access', 'read-write']);
  expect([replaced.code, replaced.stdout]).toEqual([0, expect.stringMatching(/^Saved prod: MariaDB/)]);
  expect(await listedJson()).toMatchObject([
    { name: 'prod', user: ROOT.user, port: server.port, access: 'read-write', password: 'encrypted' },
  ]);
  const failed = await home.run(['connections', 'add', 'prod', '--replace', '--user', 'nobody']);
  expect(failed.code).toBe(5);
  expect(await listedJson()).toMatchObject([{ user: ROOT.user, access: 'read-write' }]);
});

test.each([
  ['--password-env', () => ['--password-env', 'DB_PASSWORD'], 'encrypted'],
  [
    '--password-command',
    () => {
      const file = join(elsewhere, 'password');
      writeFileSync(file, `${ROOT.password}\n`, { mode: 0o600 });
      return ['--password-command', `cat '${file}'`];
    },
    'command',
  ],
  [
    '--from-defaults-file',
    () => {
      const file = join(elsewhere, 'my.cnf');
      const quoted = ROOT.password.replaceAll('\\', '\\\\').replaceAll('"', '\\"');
      writeFileSync(file, `[client]\nuser=x\n[db]\nuser=${ROOT.user}\npassword="${quoted}"\nssl-key=/k\n`, {
        mode: 0o600,
      });
      return ['--from-defaults-file', file, '--group', 'db'];
    },
    'encrypted',
  ],
])('the password can come from %s', async (_, makeFlags, kept) => {
  const user = _ === '--from-defaults-file' ? [] : ['--user', ROOT.user];
  const added = await home.run(
    [
      'connections',
      'add',
      'prod',
      '--host',
      '127.0.0.1',
      '--port',
      String(server.port),
      ...user,
      ...makeFlags(),
    ],
    { env: { DB_PASSWORD: ROOT.password } },
  );
  expect([added.code, added.stdout]).toEqual([0, expect.stringMatching(/^Saved prod: MariaDB/)]);
  expect(added.stderr.includes('ssl-key of the option file is not used')).toBe(user.length === 0);
  expect(await listedJson()).toMatchObject([{ password: kept, user: ROOT.user }]);
  expect((await testOf('prod')).code).toBe(0);
});

test('stdin wins over the cache, and names one connection only', async () => {
  await saveConnection(home, 'prod', server);
  const wrong = await home.run(['connections', 'test', 'prod', '--password-stdin'], { stdin: 'wrong' });
  expect([wrong.code, wrong.stdout]).toEqual([4, 'prod\tFAILED CONN_AUTH\t\t\t\n']);
  const several = await home.run(['connections', 'test', '--password-stdin'], { stdin: 'x' });
  expect(several.code).toBe(64);
});

test('a password in a pipe is never taken for a name', async () => {
  for (const argv of [
    ['connections', 'add', ...serverFlags(), '--password-stdin'],
    ['connections', 'test'],
  ]) {
    const refused = await home.run(argv, { stdin: ROOT.password });
    expect([refused.code, refused.stdout]).toEqual([argv.length > 2 ? 64 : 0, '']);
  }
});

test('all connections are tested side by side; one that fails makes exit 4', async () => {
  await saveConnection(home, 'good', server);
  await saveConnection(home, 'twin', server);
  await saveUnused(home, 'bad');
  const tested = await testOf();
  expect(tested.code).toBe(4);
  expect(tested.stdout.split('\n').map((line) => line.split('\t').slice(0, 2).join(' '))).toEqual([
    'twin ok',
    'good ok',
    'bad FAILED CONN_REFUSED',
    '',
  ]);
  expect(tested.stderr).toContain('error[CONN_REFUSED] bad: ');
  const json = await testOf('good', 'bad', '--json');
  expect(JSON.parse(json.stdout)).toMatchObject({
    kind: 'connection-tests',
    ok: false,
    tests: [
      { name: 'good', ok: true, server: expect.stringContaining('MariaDB') as string },
      { name: 'bad', ok: false, error: { code: 'CONN_REFUSED' } },
    ],
  });
  const unknown = await testOf('goood', 'good');
  expect([unknown.code, unknown.stdout]).toEqual([4, '']);
  expect(unknown.stderr).toContain('no connection is called "goood" (did you mean "good"?)');
});

test('passwords are not kept when nobody wants it', async () => {
  await addServer('flag', '--no-cache-password');
  writeFileSync(join(home.folder, 'config.yaml'), 'connections:\n  cache_passwords: false\n', {
    mode: 0o600,
  });
  const added = await addServer('config');
  expect(added.stderr).toContain('No password is kept for it.');
  expect(await listedJson()).toMatchObject([{ password: null }, { password: null }]);
  expect((await testOf('flag')).stdout).toContain('CONN_AUTH');
});

test('base64 storage says what it is, wherever the password is mentioned', async () => {
  writeFileSync(join(home.folder, 'config.yaml'), 'connections:\n  password_storage: base64\n', {
    mode: 0o600,
  });
  const added = await home.run(
    ['connections', 'add', 'a', '--host', 'h', '--user', 'u', '--no-test', '--password-env', 'P'],
    { env: { P: 'not the canary' } },
  );
  expect(added.stderr).toContain('kept as base64, which is not encryption');
  const list = await home.run(['connections', 'list']);
  expect(list.stdout).toContain('\tkept (base64, not encrypted)\n');
  expect(list.stderr).toContain('Passwords kept as base64 are not encrypted');
});

test('in CI a password is not written unless leaving it out is said', async () => {
  const env = { CI: 'true', DB_PASSWORD: ROOT.password };
  const add = (...flags: readonly string[]) =>
    home.run(['connections', 'add', 'ci', ...serverFlags(), '--password-env', 'DB_PASSWORD', ...flags], {
      env,
    });
  const refused = await add();
  expect([refused.code, refused.stdout]).toEqual([5, '']);
  expect(refused.stderr).toContain('--no-cache-password');
  expect(refused.stderr).toContain('source: {name: ci,');
  expect((await add('--no-cache-password')).code).toBe(0);
  expect(await listedJson()).toMatchObject([{ name: 'ci', password: null }]);
});

test.each(['--password', '-p'])('a password in argv (%s) is refused and not repeated', async (flag) => {
  for (const argv of [[`${flag}${flag === '-p' ? '' : '='}${ROOT.password}`], [flag, ROOT.password]]) {
    const refused = await home.run(['connections', 'add', 'a', '--host', 'h', '--user', 'u', ...argv]);
    expect([refused.code, refused.stdout]).toEqual([64, '']);
    expect(refused.stderr).toContain('--password-stdin');
  }
});

test('several are deleted at once, or none', async () => {
  for (const name of ['a', 'b', 'c']) await saveUnused(home, name);
  const refused = await home.run(['connections', 'delete', 'a', 'x']);
  expect([refused.code, refused.stdout]).toEqual([4, '']);
  expect(await listSaved(home)).toHaveLength(3);
  const deleted = await home.run(['connections', 'delete', 'a', 'c', 'a']);
  expect([deleted.code, deleted.stdout]).toEqual([0, 'Deleted a, c\n']);
  expect(await listSaved(home)).toMatchObject([{ name: 'b' }]);
});

test('clear needs --yes without a terminal', async () => {
  for (const name of ['a', 'b']) await saveUnused(home, name);
  const refused = await home.run(['connections', 'clear'], { stdin: 'clear\ny\n' });
  expect([refused.code, refused.stdout]).toEqual([6, '']);
  expect(refused.stderr).toContain('connections clear --yes');
  expect(await listSaved(home)).toHaveLength(2);
  const cleared = await home.run(['connections', 'clear', '--yes']);
  expect([cleared.code, cleared.stdout]).toEqual([0, 'Deleted 2 connections\n']);
  expect((await home.run(['connections', 'clear'])).code).toBe(0);
});

test('on a terminal clear wants a word typed', async () => {
  for (const name of ['a', 'b']) await saveUnused(home, name);
  const answer = (type: string) =>
    runInTerminal(['connections', 'clear'], {
      home: home.folder,
      answers: [{ after: 'Type "clear" to delete 2 connections', type }],
    });
  for (const no of ['y\r', '\r']) {
    const { code, screen } = await answer(no);
    expect([code, screen.includes('Aborted. Nothing was changed.')]).toEqual([6, true]);
  }
  expect(await listSaved(home)).toHaveLength(2);
  const yes = await answer('clear\r');
  expect([yes.code, yes.screen.includes('Deleted 2 connections')]).toEqual([0, true]);
});

test('on a terminal a password is asked for, and not shown', async () => {
  const added = await runInTerminal(['connections', 'add', 'prod', ...serverFlags()], {
    home: home.folder,
    answers: [{ after: 'Password of prod', type: `${ROOT.password}\r` }],
  });
  expect(added).toMatchObject({ code: 0, screen: expect.stringContaining('Saved prod: MariaDB') as string });
  expect(added.screen).not.toContain('canary');
  const list = await runInTerminal(['connections', 'list'], { home: home.folder });
  expect(list.screen).toMatch(/^NAME +ADDRESS +SERVER +ACCESS +LAST USED +PASSWORD/);
  expect(list.screen).toMatch(/\nprod .* just now +kept \(encrypted\)/);

  await server.query(`CREATE USER replaced IDENTIFIED BY 'new one'; GRANT ALL ON *.* TO replaced`);
  await saveConnection(home, 'prod', server, { account: { user: 'replaced', password: 'old one' } });
  const replace = (type: string) =>
    runInTerminal(['connections', 'add', 'prod', '--replace'], {
      home: home.folder,
      answers: [{ after: 'New password of prod (Enter keeps the old one)', type }],
    });
  expect((await replace('\r')).code).toBe(4);
  expect((await replace('new one\r')).code).toBe(0);
  expect((await testOf('prod')).code).toBe(0);
});

test('a lost key is said, and the password can be entered again without a terminal', async () => {
  await saveConnection(home, 'prod', server);
  rmSync(join(home.folder, 'state.key'));
  const tested = await testOf('prod');
  expect([tested.code, tested.stdout]).toEqual([4, 'prod\tFAILED CONN_PASSWORD\t\t\t\n']);
  expect(tested.stderr).toContain('mysql-sync connections add prod --replace --password-stdin');
  const replaced = await home.run(['connections', 'add', 'prod', '--replace', '--password-stdin'], {
    stdin: ROOT.password,
  });
  expect(replaced.code).toBe(0);
  expect((await testOf('prod')).code).toBe(0);
});

test('a store that others can read is closed, and the command goes on', async () => {
  await saveUnused(home, 'a');
  chmodSync(join(home.folder, 'state.db'), 0o644);
  const list = await home.run(['connections', 'list', '--json']);
  expect([list.code, (JSON.parse(list.stdout) as Listed).connections.length]).toEqual([0, 1]);
  expect(list.stderr).toContain('state.db was open to others (mode 0644); it is 0600 now');
});

test('several processes that start at once make one store', async () => {
  const names = ['a', 'b', 'c', 'd', 'e', 'f'];
  const added = await Promise.all(
    names.map((name) => addUntested(name, '--password-command', 'true', '--access', 'read-write')),
  );
  expect(added.map(({ code, stderr }) => [code, stderr])).toEqual(
    names.map(() => [0, 'Its password comes from the command at each use.\n']),
  );
  expect((await listedJson()).map(({ name }) => name)).toEqual(names);
});

test('without the sqlite3 package Node 22 uses its own SQLite, and Node 20 says what to do', async () => {
  const blocker = new URL('../support/without-sqlite3.mjs', import.meta.url).href;
  const env = { NODE_OPTIONS: `--import=${blocker}` };
  const added = await home.run(['connections', 'add', 'a', '--host', 'h', '--user', 'u', '--no-test'], {
    env,
  });
  if (Number(process.versions.node.split('.')[0]) >= 22) {
    expect(added).toMatchObject({ code: 0, stderr: 'No password is kept for it.\n' });
    expect(await listed()).toHaveLength(1);
  } else {
    expect(added.code).toBe(5);
    expect(added.stderr).toContain('Use Node 22.16 or newer, which has SQLite built in');
  }
});
