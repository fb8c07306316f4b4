import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { availableFlavors } from '../support/flavors.js';
import { type Rig, startRig } from '../support/rig.js';

/** What runs write down on the target, and what `status` makes of it, also on a machine that has never seen it. */

const TWO = ['mariadb-10.11', 'mysql-9.7'];

interface Told {
  readonly target: string;
  readonly databases: readonly {
    readonly database: string;
    readonly run: string | null;
    readonly by: string;
    readonly source: { readonly server: string; readonly database: string } | null;
    readonly as_of: string | null;
    readonly origin: Readonly<Record<string, unknown>> | null;
    readonly live_at: string | null;
    readonly changed_at: string | null;
    readonly doubt: string | null;
    readonly too_old?: string | null;
    readonly bytes: number | null;
    readonly previous: { readonly origin: Readonly<Record<string, unknown>> | null } | null;
  }[];
}

describe.each(availableFlavors().filter(({ id }) => TWO.includes(id)))('$id', (flavor) => {
  let rig: Rig;
  beforeAll(async () => {
    const gtids = flavor.vendor === 'mysql' ? ['--gtid-mode=OFF', '--enforce-gtid-consistency=OFF'] : [];
    rig = await startRig({ flavor, sourceOptions: ['--log-bin', '--server-id=1', ...gtids] });
    await rig.source.query(
      `CREATE DATABASE shop; CREATE TABLE shop.a (id INT PRIMARY KEY, n INT); INSERT INTO shop.a VALUES (1, 1), (2, 2);
       CREATE TABLE shop.b (id INT PRIMARY KEY); CREATE DATABASE crm; CREATE TABLE crm.c (id INT PRIMARY KEY)`,
    );
    await rig.target.query(
      `CREATE USER poor@'127.0.0.1' IDENTIFIED BY 'pw-of-poor';
       GRANT ALL ON shop.* TO poor@'127.0.0.1'; GRANT ALL ON crm.* TO poor@'127.0.0.1'; GRANT ALL ON \`mysql\\_sync\\_%\`.* TO poor@'127.0.0.1'`,
    );
  });
  afterAll(async () => rig.stop());
  beforeEach(async () => {
    for (const name of ['shop', 'crm', 'mysqlsync', ...(await rig.scratchDatabases())])
      await rig.target.query(`DROP DATABASE IF EXISTS \`${name}\``);
    rig.forgetState();
  });

  const planOf = (body = '', names = ['shop']): string =>
    rig.writePlan(`databases: [${names.map((name) => `{name: ${name}}`).join(', ')}]\n${body}`);
  const apply = async (plan: string, ...words: readonly string[]): Promise<string> => {
    const { code, stdout, stderr } = await rig.run([
      ...['apply', plan, '--auto-approve', '--confirm-target', 'staging'],
      ...words,
    ]);
    expect([code, stderr]).toEqual([0, expect.not.stringContaining('error')]);
    return /run (\w{6})$/m.exec(stdout)?.[1] ?? '';
  };
  const targetAs = (user: string, access: string): string =>
    `{name: staging, host: 127.0.0.1, port: ${String(rig.target.port)}, user: ${user}, password: "\${POOR_PASSWORD}", ${access}}`;
  const rollBack = (plan: string, ...words: readonly string[]) =>
    rig.run(['rollback', '--plan', plan, '--confirm-target', 'staging', ...words]);
  const status = (plan: string, ...words: readonly string[]) => rig.run(['status', plan, ...words]);
  const askElsewhere = async (plan: string, ...words: readonly string[]): Promise<Told['databases']> => {
    rig.forgetState();
    return (JSON.parse((await status(plan, '--json', ...words)).stdout) as Told).databases;
  };
  const edit = (path: string, value: string): Promise<unknown> =>
    rig.target.query(`UPDATE mysqlsync.provenance SET body = JSON_SET(body, '${path}', '${value}')`);

  /** MariaDB tells the position of a snapshot; otherwise it is one that was read before. */
  const positionsOf = (engine: string): readonly object[] => {
    const text = expect.stringMatching(/\w/) as string;
    if (flavor.vendor === 'mysql') return [{ kind: 'file', text, is_exact: false }];
    const exact = engine === 'native' ? [{ kind: 'file', text, is_exact: true }] : [];
    return [...exact, { kind: 'gtid', text, is_exact: false }];
  };

  test.each(['native', 'dump'])(
    '%s: another machine is told what each database is a copy of',
    async (engine) => {
      const before = Date.now();
      const plan = planOf(`options: {engine: ${engine}}
hooks: {staged: ["UPDATE a SET n = 0"], assert: ["SELECT COUNT(*) = 2 FROM a"]}`);
      const run = await apply(plan);
      const [copy, ...others] = await askElsewhere(plan);
      expect(others).toEqual([]);
      expect(copy).toMatchObject({
        database: 'shop',
        run,
        by: 'apply',
        source: { server: 'prod', database: 'shop' },
        origin: {
          run,
          plan: { name: 'test' },
          engine,
          positions: positionsOf(engine),
          verification: { digested: 2, counted: 2, moved: 0 },
          preserved: 0,
          masks: null,
          hooks: { count: 2, fingerprint: expect.stringMatching(/^\w+$/) as string },
          by: expect.stringContaining('@') as string,
        },
        changed_at: null,
        doubt: null,
        previous: { origin: null },
      });
      const asOf = Date.parse(copy?.as_of ?? '');
      expect(asOf >= before && asOf <= Date.now()).toBe(true);
      expect((await status(plan, '--max-age', '1h')).code).toBe(0);
      const again = await apply(plan);
      expect(await askElsewhere(plan)).toMatchObject([{ run: again, previous: { origin: { run } } }]);
    },
  );

  test('databases of one moment are as of one time', async () => {
    const plan = planOf('options: {consistency: batch}', ['shop', 'crm']);
    await apply(plan);
    const [crm, shop] = await askElsewhere(plan);
    expect(crm?.as_of).toMatch(/^20/);
    expect(crm?.as_of).toBe(shop?.as_of);
  });

  test('writes after the swap are a hint', async () => {
    const plan = planOf();
    await apply(plan);
    await edit('$.liveAt', '2020-01-01T00:00:00Z');
    expect(await askElsewhere(plan)).toMatchObject([
      { live_at: '2020-01-01T00:00:00Z', changed_at: expect.stringMatching(/^20.*Z$/) as string },
    ]);
  });

  test('--max-age: exit code 2 and the reason, for what is old, gone, rolled back or not known', async () => {
    const plan = planOf('', ['shop', 'crm']);
    await apply(plan);
    rig.forgetState();
    expect((await status(plan, '--max-age', '26h')).code).toBe(0);
    await edit('$.content.asOf', '2026-01-01T00:00:00.000Z');
    const old = await status(plan, '--max-age', '26h', '--only', 'shop', '--json');
    expect(old.code).toBe(2);
    const { databases } = JSON.parse(old.stdout) as Told;
    expect(databases).toMatchObject([{ database: 'shop', too_old: 'it is as of 2026-01-01T00:00:00.000Z' }]);
    expect((await status(plan)).code).toBe(0);
    await rig.target.query('DROP DATABASE crm');
    const gone = await status(plan, '--max-age', '520w', '--only', 'crm');
    expect([gone.code, gone.stdout]).toEqual([2, expect.stringContaining('\tthere is no such database\n')]);
    await apply(plan);
    expect((await rollBack(plan, '--only', 'shop')).code).toBe(0);
    const back = await status(plan, '--max-age', '520w', '--only', 'shop');
    expect([back.code, back.stdout]).toEqual([2, expect.stringContaining('\tit was rolled back\n')]);
    await rig.target.query('DROP TABLE mysqlsync.provenance');
    rig.forgetState();
    const unknown = await status(plan, '--max-age', '520w', '--only', 'shop');
    expect([unknown.code, unknown.stdout]).toEqual([
      2,
      expect.stringContaining('\tnothing says as of when it is\n'),
    ]);
  });

  test('--max-age of a plan: what it names and was never copied is not new', async () => {
    const both = planOf('', ['shop', 'crm']);
    await apply(planOf());
    await rig.target.query('CREATE DATABASE IF NOT EXISTS crm');
    const { code, stdout } = await status(both, '--max-age', '26h');
    expect([code, stdout]).toEqual([2, expect.stringMatching(/^crm\t.*\tnothing says as of when it is$/m)]);
    await rig.target.query('DROP DATABASE crm');
    const gone = await status(both, '--max-age', '26h', '--only', 'crm', '--json');
    expect(gone.code).toBe(2);
    expect((JSON.parse(gone.stdout) as Told).databases).toMatchObject([
      { database: 'crm', too_old: 'there is no such database' },
    ]);
    expect((await status(both)).stdout).not.toContain('crm');
    expect((await status(both, '--max-age', '26h', '--only', 'shop')).code).toBe(0);
  });

  test('--drop-previous of a mistyped name drops nothing, and of one of which nothing is kept neither', async () => {
    const plan = planOf();
    await apply(plan);
    await apply(plan);
    const drop = (...only: readonly string[]) =>
      status(
        plan,
        '--drop-previous',
        '--confirm-target',
        'staging',
        ...only.flatMap((one) => ['--only', one]),
      );
    const mistyped = await drop('shop', 'shpo');
    expect([mistyped.code, mistyped.stderr]).toEqual([
      5,
      expect.stringContaining('--only "shpo" matches no database'),
    ]);
    expect((await drop('shop')).stdout).toContain('shop: what run');
    const again = await drop('shop');
    expect([again.code, again.stderr]).toEqual([
      0,
      expect.stringContaining('has nothing kept of those databases'),
    ]);
  });

  test('--max-age of a target without copies, of a mistyped name and of no age', async () => {
    const plan = planOf();
    const named = await status(plan, '--max-age', '26h');
    expect([named.code, named.stdout]).toEqual([2, expect.stringContaining('\tthere is no such database\n')]);
    const empty = await status(rig.writePlan('databases: [{match: "sh*"}]'), '--max-age', '26h');
    expect([empty.code, empty.stderr]).toEqual([
      2,
      expect.stringContaining('has no database that mysql-sync'),
    ]);
    await apply(plan);
    const mistyped = await status(plan, '--max-age', '26h', '--only', 'shop', '--only', 'shpo');
    expect([mistyped.code, mistyped.stderr]).toEqual([
      5,
      expect.stringContaining('--only "shpo" matches no database of staging'),
    ]);
    expect(mistyped.stderr).toContain('did you mean "shop"?');
    expect((await status(plan, '--max-age', 'yesterday')).code).toBe(64);
    expect((await status(plan, '--max-age', '1h', '--drop-previous')).code).toBe(64);
  });

  test('a rollback brings back what is known of the content, and its own rollback too', async () => {
    const plan = planOf();
    const first = await apply(plan);
    const second = await apply(plan);
    expect((await rollBack(plan)).code).toBe(0);
    const [back] = await askElsewhere(plan);
    expect(back).toMatchObject({
      by: 'rollback',
      origin: { run: first },
      previous: { origin: { run: second } },
      doubt: null,
    });
    expect([first, second]).not.toContain(back?.run);
    expect((await rollBack(plan)).code).toBe(0);
    expect(await askElsewhere(plan)).toMatchObject([
      { by: 'rollback', origin: { run: second }, previous: { origin: { run: first } } },
    ]);
  });

  test('a rollback of what nobody wrote down says so, and one that removes a database takes its record away', async () => {
    const plan = planOf();
    await rig.target.query('CREATE DATABASE shop; CREATE TABLE shop.old (id INT PRIMARY KEY)');
    await apply(plan);
    expect((await rollBack(plan)).code).toBe(0);
    expect(await askElsewhere(plan)).toMatchObject([
      { by: 'rollback', source: null, origin: null, as_of: null },
    ]);
    await rig.target.query('DROP DATABASE shop; DROP DATABASE mysqlsync');
    for (const name of await rig.scratchDatabases()) await rig.target.query(`DROP DATABASE ${name}`);
    await apply(plan);
    expect((await rollBack(plan)).code).toBe(0);
    expect(await rig.target.query('SELECT * FROM mysqlsync.provenance')).toEqual([]);
  });

  test('an account without the rights loses nothing else, is told once, and leaves nothing that lies', async () => {
    const poorPlan = rig.writePlan('databases: [{name: shop}, {name: crm}]', {
      target: targetAs('poor', 'access: read-write'),
    });
    const applied = await rig.run(['apply', poorPlan, '--auto-approve', '--confirm-target', 'staging']);
    expect(applied.code).toBe(0);
    expect((await status(poorPlan)).stderr).toContain(
      'what the target has written down of its databases is not known',
    );
    expect(applied.stdout.match(/status on other machines will not know/g)).toHaveLength(1);
    expect(await rig.contentOf('target', 'shop')).toEqual(await rig.contentOf('source', 'shop'));
    const plan = planOf('', ['shop', 'crm']);
    const run = await apply(plan);
    const later = await rig.run(['apply', poorPlan, '--confirm-target', 'staging', '--only', 'shop']);
    expect(later.code).toBe(0);
    // Its own history knows better than what the other account had written down.
    const told = JSON.parse((await status(plan, '--json')).stdout) as Told;
    expect(told.databases).toMatchObject([
      { database: 'crm', run, origin: { run } },
      { database: 'shop', by: 'apply', origin: null, source: { server: 'prod' } },
    ]);
    expect(told.databases[1]?.run).not.toBe(run);
    // Elsewhere nobody can check its journal, and what is written down is doubtful.
    rmSync(join(rig.home, 'journal.key'));
    const [, shop] = await askElsewhere(plan);
    expect(shop).toMatchObject({
      run,
      doubt: expect.stringContaining('may have replaced it since') as string,
    });
    expect((await status(plan, '--max-age', '1h', '--only', 'shop')).code).toBe(2);
  });

  test('a monitor needs SELECT on the one table, and may write nothing', async () => {
    const plan = planOf();
    await apply(plan);
    await rig.target.query(
      `CREATE USER monitor@'127.0.0.1' IDENTIFIED BY 'pw-of-poor'; GRANT SELECT ON mysqlsync.provenance TO monitor@'127.0.0.1';
       GRANT SHOW VIEW ON shop.* TO monitor@'127.0.0.1'`,
    );
    rig.forgetState();
    const monitored = rig.writePlan('databases: [{name: shop}]', {
      target: targetAs('monitor', 'access: read-only'),
    });
    const { code, stdout, stderr } = await status(monitored, '--max-age', '1h', '--json');
    await rig.target.query(`DROP USER monitor@'127.0.0.1'`);
    expect([code, stderr]).toEqual([0, '']);
    expect((JSON.parse(stdout) as Told).databases).toMatchObject([
      { database: 'shop', source: { server: 'prod' }, too_old: null },
    ]);
  });

  test('a table, a view or columns of somebody else: said, never changed, and the apply goes on', async () => {
    const plan = planOf();
    for (const [made, kind] of [
      ['TABLE mysqlsync.provenance (live INT PRIMARY KEY, body TEXT)', 'TABLE'],
      ['VIEW mysqlsync.provenance AS SELECT 1 AS live, 2 AS body', 'VIEW'],
    ] as const) {
      await rig.target.query(`CREATE DATABASE IF NOT EXISTS mysqlsync; CREATE ${made}`);
      const before = await rig.target.query('SHOW CREATE TABLE mysqlsync.provenance');
      const applied = await rig.run(['apply', plan, '--auto-approve', '--confirm-target', 'staging']);
      expect(applied.code).toBe(0);
      expect(applied.stdout).toContain('status on other machines will not know where this copy is from');
      const asked = await status(plan, '--max-age', '1h');
      expect(asked.stderr).toContain('so it is not what mysql-sync writes down of databases');
      // This machine's history knows.
      expect(asked.code).toBe(0);
      expect(await rig.target.query('SHOW CREATE TABLE mysqlsync.provenance')).toEqual(before);
      await rig.target.query(`DROP ${kind} mysqlsync.provenance`);
    }
  });

  test('rows of somebody else are text, read strictly', async () => {
    const plan = planOf('', ['shop', 'crm']);
    await apply(plan);
    const evil = '\u001b[2J\n##[error]';
    await edit('$.content.source.name', evil.replace('\n', '\\n'));
    const planted = [
      [`x'; DROP DATABASE shop; --`, '{"format":1}'],
      ['crm', '{"format":2,"anything":true}'],
      [evil, 'no JSON'],
      ['mysql', '{"format":2}'],
    ];
    for (const [live = '', body = ''] of planted)
      await rig.target.query(
        `REPLACE INTO mysqlsync.provenance VALUES (0x${Buffer.from(live).toString('hex')}, 0x${Buffer.from(body).toString('hex')})`,
      );
    await rig.target.query(`REPLACE INTO mysqlsync.provenance SELECT 'long', REPEAT('x', 70000)`);
    rig.forgetState();
    const shown = await status(plan, '--max-age', '1h');
    expect(shown.code).toBe(2);
    expect(shown.stdout).not.toContain('\u001b');
    expect(shown.stdout).not.toMatch(/##\[/);
    const lines = shown.stdout.trimEnd().split('\n');
    expect(lines.map((line) => line.split('\t')[0])).toEqual(['crm', 'shop']);
    expect(lines[0]).toContain(
      'what is written down of it cannot be read: a newer version of mysql-sync wrote it',
    );
    expect(lines[1]).toContain('\\x1b[2J');
    // The next run puts its own in their place.
    const run = await apply(plan);
    expect(await askElsewhere(plan)).toMatchObject([
      { run, doubt: null },
      { run, doubt: null },
    ]);
  });

  test('a saved plan names its target as its sync plan does', async () => {
    const plan = planOf();
    const saved = `${plan}.json`;
    expect((await rig.run(['plan', plan, '--out', saved])).code).toBe(0);
    await apply(plan);
    expect((await status(saved)).stdout).toMatch(/^shop\tprod\t/);
    expect((await status(`${plan}.none.json`)).code).toBe(5);
  });
});
