import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { type Server, createServer } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { DatabaseContent } from '../support/content.js';
import { type Rig, startRig } from '../support/rig.js';
import { ROOT } from '../support/servers.js';

/** Every way in which a person or their servers can be wrong: the exit code, the message with its fix, the target untouched. */

let rig: Rig;
let before: DatabaseContent | undefined;
let silent: Server;

beforeAll(async () => {
  rig = await startRig();
  await rig.source.query(
    'CREATE DATABASE shop; CREATE TABLE shop.t (id INT PRIMARY KEY, v VARCHAR(20)); INSERT INTO shop.t VALUES (1, "new")',
  );
  await rig.target.query(
    'CREATE DATABASE shop; CREATE TABLE shop.t (id INT PRIMARY KEY, v VARCHAR(20)); INSERT INTO shop.t VALUES (1, "old")',
  );
  before = await rig.contentOf('target', 'shop');
  // Accepts and never says a word.
  silent = createServer(() => undefined).listen(0, '127.0.0.1');
});
afterAll(async () => {
  silent.close();
  await rig.stop();
});

const SHOP = 'databases:\n  - name: shop';

const endpoint = (overrides: Record<string, string | number>, access = 'read-only'): string => {
  const values = {
    name: 'prod',
    host: '127.0.0.1',
    port: rig.source.port,
    user: ROOT.user,
    password: '"${DB_PASSWORD}"',
    access,
    ...overrides,
  };
  return `{${Object.entries(values)
    .map(([key, value]) => `${key}: ${String(value)}`)
    .join(', ')}}`;
};

const expectUntouched = async (): Promise<void> => {
  expect(await rig.contentOf('target', 'shop')).toEqual(before);
  expect(await rig.scratchDatabases()).toEqual([]);
};

/** Applies the plan and checks the exit code and what is said, line by line. */
const expectRefusal = async (
  plan: string,
  code: number,
  ...texts: readonly (string | RegExp)[]
): Promise<void> => {
  const result = await rig.run(['apply', plan, '--confirm-target', 'staging']);
  const said = `${result.stdout}${result.stderr}`;
  for (const text of texts) expect(said).toMatch(text);
  expect(said).not.toContain(ROOT.password);
  expect(said).not.toMatch(/\n {4}at /);
  expect(result.code).toBe(code);
  await expectUntouched();
};

const rawPlan = (text: string): string => {
  const path = join(rig.home, 'raw.yaml');
  writeFileSync(path, text);
  return path;
};

describe('the plan file', () => {
  test('does not exist', () =>
    expectRefusal(join(rig.home, 'nightly.yaml'), 5, 'error[PLAN_NOT_FOUND]', 'mysql-sync init'));
  test('is not YAML', () =>
    expectRefusal(rawPlan('version: 1\nsource: "prod\n'), 5, /raw\.yaml:\d+:\d+: error\[PLAN_SYNTAX\]/));
  test('has an unknown key', () =>
    expectRefusal(
      rig.writePlan('databses:\n  - name: shop'),
      5,
      /:5:1: error\[PLAN_SCHEMA\]/,
      'did you mean "databases"',
    ));
  test('has a value of the wrong type', () =>
    expectRefusal(
      rig.writePlan(`${SHOP}\noptions: {max_concurrent: many}`),
      5,
      /:7:\d+: error\[PLAN_SCHEMA\]/,
      'many',
    ));
  test('uses a variable that is not set', () =>
    expectRefusal(
      rig.writePlan(SHOP, { source: endpoint({ password: '"${NO_SUCH_VARIABLE}"' }) }),
      5,
      'error[PLAN_ENV_UNSET]',
      'NO_SUCH_VARIABLE',
    ));
  test('holds a password', () =>
    expectRefusal(
      rig.writePlan(SHOP, { source: endpoint({ password: 'hunter2hunter2' }) }),
      5,
      'error[PLAN_LITERAL_SECRET]',
      /^(?!.*hunter2hunter2)/s,
    ));
  test('names a connection that nobody saved', () =>
    expectRefusal(
      rig.writePlan(SHOP, { source: 'produ' }),
      4,
      'error[CONN_UNKNOWN]',
      'mysql-sync connections add produ',
    ));
  test('names a database that the source does not have', () =>
    expectRefusal(rig.writePlan('databases:\n  - name: shpo'), 5, 'error[SOURCE_DATABASE_MISSING]', 'shop'));
  test('has a target that is read-only to mysql-sync', () =>
    expectRefusal(
      rig.writePlan(SHOP, { target: endpoint({ name: 'staging', port: rig.target.port }) }),
      9,
      'error[TARGET_READ_ONLY]',
      'access: read-write',
    ));
});

test('piped stdin is never taken for a file name', async () => {
  const { code, stderr } = await rig.run(['plan'], 'nightly.yaml\n');
  expect(stderr).toContain('looked for mysql-sync.yaml');
  expect(code).toBe(5);
});

describe('the servers', () => {
  test('refuse the password', () =>
    expectRefusal(
      rig.writePlan(SHOP, { source: endpoint({ password: '"${WRONG_PASSWORD}"' }) }),
      4,
      'error[CONN_AUTH] prod',
      'ER_ACCESS_DENIED_ERROR 1045',
    ));
  test('do not listen on the port', () =>
    expectRefusal(
      rig.writePlan(SHOP, { source: endpoint({ port: 1 }) }),
      4,
      'error[CONN_REFUSED] prod',
      '127.0.0.1:1',
    ));
  test('have a name that does not resolve', () =>
    expectRefusal(
      rig.writePlan(SHOP, { source: endpoint({ host: 'no-such-host.invalid' }) }),
      4,
      'error[CONN_DNS] prod',
      'no-such-host.invalid',
    ));
  test('never answer: given up after connections.default_timeout', async () => {
    const address = silent.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    writeFileSync(join(rig.home, 'config.yaml'), 'connections: {default_timeout: 1}\n');
    const startedAt = performance.now();
    await expectRefusal(rig.writePlan(SHOP, { source: endpoint({ port }) }), 4, 'error[CONN_TIMEOUT] prod');
    expect(performance.now() - startedAt).toBeGreaterThan(900);
    writeFileSync(join(rig.home, 'config.yaml'), '');
  });
  test('are one server: a database would replace itself', () =>
    expectRefusal(
      rig.writePlan(SHOP, {
        source: endpoint({ host: 'localhost', port: rig.target.port }),
        target: endpoint({ name: 'staging', port: rig.target.port }, 'read-write'),
      }),
      9,
      'error[SAME_DATABASE]',
      'another name',
    ));
  test('target is read_only', async () => {
    await rig.target.query('SET GLOBAL read_only = 1');
    try {
      await expectRefusal(rig.writePlan(SHOP), 9, 'error[TARGET_READ_ONLY]', '@@read_only');
    } finally {
      await rig.target.query('SET GLOBAL read_only = 0');
    }
  });
});

describe('privileges', () => {
  const account = async (server: 'source' | 'target', grants: string): Promise<string> => {
    const user = `poor_${server}`;
    await rig[server].query(
      `CREATE OR REPLACE USER ${user}@'127.0.0.1' IDENTIFIED BY 'pw-of-poor'; ${grants.replaceAll('USER', `${user}@'127.0.0.1'`)}`,
    );
    return endpoint(
      {
        user,
        password: '"${POOR_PASSWORD}"',
        port: rig[server].port,
        name: server === 'source' ? 'prod' : 'staging',
      },
      'read-write',
    );
  };
  test('missing on the source', async () => {
    const source = await account('source', 'GRANT SELECT ON shop.* TO USER');
    await expectRefusal(
      rig.writePlan(SHOP, { source }),
      4,
      'error[PRIVILEGE_MISSING]',
      'SHOW VIEW, TRIGGER and EVENT',
      /GRANT SHOW VIEW, TRIGGER, EVENT ON `shop`\.\* TO 'poor_source'/,
    );
  });
  test('missing on the target', async () => {
    const target = await account('target', 'GRANT SELECT, INSERT ON shop.* TO USER');
    await expectRefusal(
      rig.writePlan(SHOP, { target }),
      4,
      'error[PRIVILEGE_MISSING]',
      /GRANT CREATE, DROP, ALTER, INDEX, REFERENCES ON `shop`\.\* TO 'poor_target'/,
      'mysql\\_sync\\_%',
    );
  });
});

describe('the client programs of the dump engine', () => {
  const DUMP = `${SHOP}\noptions: {engine: dump}`;
  let folder: string;
  const real = (name: string): string => execFileSync('which', [name], { encoding: 'utf8' }).trim();
  beforeEach(() => {
    folder = join(rig.home, `bin-${String(Math.random()).slice(2)}`);
    mkdirSync(folder);
    symlinkSync(process.execPath, join(folder, 'node'));
    for (const name of ['sh', 'head', 'cat', 'env']) symlinkSync(real(name), join(folder, name));
  });
  const script = (name: string, text: string): void => {
    writeFileSync(join(folder, name), `#!/bin/sh\n${text}\n`);
    chmodSync(join(folder, name), 0o755);
  };
  const apply = async (): Promise<{ code: number | null; said: string }> => {
    const { code, stdout, stderr } = await rig.start(
      ['apply', rig.writePlan(DUMP), '--confirm-target', 'staging'],
      { PATH: folder },
    ).ended;
    return { code, said: `${stdout}${stderr}` };
  };

  test('are not in PATH', async () => {
    const { code, said } = await apply();
    expect(said).toMatch(/error\[TOOL_MISSING\]/);
    expect(said).toMatch(/apt-get install|apt install/);
    expect(code).toBe(5);
    await expectUntouched();
  });

  test('mysqldump fails in the middle', async () => {
    script(
      'mariadb-dump',
      `case "$*" in *--help*|*--version*) exec ${real('mariadb-dump')} "$@";; esac\n${real('mariadb-dump')} "$@" | head -c 900; echo "mysqldump: Error 2013: Lost connection to server during query when dumping table t at row: 1" >&2; exit 3`,
    );
    symlinkSync(real('mariadb'), join(folder, 'mariadb'));
    const { code, said } = await apply();
    expect(said).toMatch(/error\[COPY_FAILED\].*Error 2013/);
    expect(said).toContain('shop on the target is UNCHANGED');
    expect(code).toBe(3);
    await expectUntouched();
  });

  test('mysql fails in the middle', async () => {
    symlinkSync(real('mariadb-dump'), join(folder, 'mariadb-dump'));
    script(
      'mariadb',
      `case "$*" in *--help*|*--version*) exec ${real('mariadb')} "$@";; esac\nhead -c 500 > /dev/null; echo "ERROR 1114 (HY000) at line 20: The table 't' is full" >&2; exit 1`,
    );
    const { code, said } = await apply();
    expect(said).toMatch(/error\[COPY_FAILED\].*1114/);
    expect(said).toContain('shop on the target is UNCHANGED');
    expect(code).toBe(3);
    await expectUntouched();
  });
});

test('no file of the home holds a password', () => {
  const files = execFileSync('find', [rig.home, '-type', 'f'], { encoding: 'utf8' }).trim().split('\n');
  expect(files.length).toBeGreaterThan(2);
  for (const file of files) expect(readFileSync(file).includes(ROOT.password)).toBe(false);
});
