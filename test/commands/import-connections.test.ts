import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { ENTER, converse } from '../support/conversation.js';
import { availableFlavors } from '../support/flavors.js';
import { type Home, makeHome } from '../support/home.js';
import { saveUnused } from '../support/saved-home.js';
import { ROOT, type TestServer } from '../support/servers.js';

const flavors = availableFlavors().filter(({ id }) => id === 'mariadb-10.11' || id === 'mysql-9.7');

describe.each(flavors)('$id', (flavor) => {
  let server: TestServer;
  let home: Home;
  let elsewhere: string;

  beforeAll(async () => {
    server = await flavor.start([]);
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

  const listed = async (): Promise<readonly Readonly<Record<string, unknown>>[]> => {
    const { stdout } = await home.run(['connections', 'list', '--json']);
    return (JSON.parse(stdout) as { readonly connections: readonly Record<string, unknown>[] }).connections;
  };

  const urlOf = (user: string, password = ''): string =>
    `mysql://${user}${password === '' ? '' : `:${encodeURIComponent(password)}`}@127.0.0.1:${String(server.port)}/shop`;

  const writeEnv = (): string => {
    const path = join(elsewhere, '.env');
    const lines = [
      `DATABASE_URL="${urlOf(ROOT.user, ROOT.password)}"`,
      'STAGING_DATABASE_URL=mysql://${DB_USER}:x@db/shop',
      'REPORTS_DB_URL=postgres://u:p@db/x',
      `export QA_DB_URL="${urlOf(ROOT.user, ROOT.password)}?ssl=false&sslcert=c.pem"`,
      'APP_KEY=x',
    ];
    writeFileSync(path, `${lines.join('\n')}\n`, { mode: 0o600 });
    return path;
  };

  test('an option file: every group with a host is listed without passwords, and what is selected is tested and saved', async () => {
    const path = join(elsewhere, 'groups.cnf');
    const groups = [
      `[client]\npassword="${ROOT.password.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"\n[mysqld]\nsocket=/x`,
      `[client-prod]\nhost=127.0.0.1\nport=${String(server.port)}\nuser=${ROOT.user}`,
      '[old]\nhost=127.0.0.1\nport=1\nuser=u',
      '[nobody]\nhost=db',
    ];
    writeFileSync(path, `${groups.join('\n')}\n`, { mode: 0o600 });
    const unsaid = await home.run(['connections', 'import', path]);
    expect(unsaid.code).toBe(64);
    const { code, stdout, stderr } = await home.run(['connections', 'import', path, '--select', '1,2']);
    expect(code).toBe(4);
    expect(stdout).toMatch(/^Saved prod: M[^\n]+\n$/);
    expect(stderr).toMatch(
      /^ {2}1 {2}prod: tester@127\.0\.0\.1:\d+, TLS preferred, with a password, from \[client-prod\]$/m,
    );
    expect(stderr).toContain('nobody: from [nobody], cannot be taken: it says no user');
    expect(stderr).toContain('error[CONN_REFUSED]');
    expect(await listed()).toMatchObject([{ name: 'prod', access: 'read-only', password: 'encrypted' }]);
    const again = await home.run(['connections', 'import', path, '--select', 'prod']);
    expect([again.code, again.stderr]).toEqual([5, expect.stringContaining('error[CONN_EXISTS]')]);
  });

  test('a .env file: URLs of MySQL are taken, and what is not understood of them is told', async () => {
    const { code, stderr } = await home.run(['connections', 'import', writeEnv(), '--all', '--json']);
    expect(code).toBe(0);
    expect(stderr).toContain('staging: from STAGING_DATABASE_URL, cannot be taken: the URL is put together');
    expect(stderr).toContain('warning: qa: sslcert is not known and was not taken');
    expect(stderr).not.toMatch(/reports|postgres/i);
    const saved = (await listed()).toSorted((a, b) => String(a['name']).localeCompare(String(b['name'])));
    expect(saved).toMatchObject([
      { name: 'database', tls: { mode: 'preferred' } },
      { name: 'qa', tls: { mode: 'preferred' } },
    ]);
  });

  test('at a terminal what is ticked is saved, and a name that is taken is asked for again', async () => {
    await saveUnused(home, 'qa');
    const person = converse(['connections', 'import', writeEnv()], { home: home.folder });
    await person.answers('Which of them are saved?', 'a');
    await person.answers('◉ qa', ENTER);
    await person.answers('Name for the connection', `qa-2${ENTER}`);
    const { code, screen } = await person.ends();
    expect(code).toBe(0);
    expect(screen).toContain('There is a connection called "qa" already, of another login.');
    expect(screen).not.toContain(ROOT.password);
    expect((await listed()).map(({ name }) => name).toSorted()).toEqual(['database', 'qa', 'qa-2']);
  });

  test('a URL with a password is typed at the question, and refused on the command line', async () => {
    const url = urlOf(ROOT.user, ROOT.password);
    const refused = await home.run(['connections', 'import', urlOf('u', 'canary-pw'), '--all']);
    expect([refused.code, refused.stderr]).toEqual([64, expect.not.stringContaining('canary-pw')]);
    const person = converse(['connections', 'import', '--all'], { home: home.folder });
    await person.answers('it is not shown', `${url}${ENTER}`);
    const { code, screen } = await person.ends();
    expect([code, screen]).toEqual([0, expect.stringContaining('Saved 127.0.0.1: M')]);
    expect(screen).not.toContain(encodeURIComponent(ROOT.password));
    const none = await home.run(['connections', 'import', urlOf('u'), '--all', '--no-test']);
    expect(none.code).toBe(5);
  });
});
