import { rmSync } from 'node:fs';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type TestFlavor, availableFlavors } from '../support/flavors.js';
import { type Home, makeHome } from '../support/home.js';
import { type Rig, startRig } from '../support/rig.js';
import { ROOT } from '../support/servers.js';
import { type TcpProxy, startProxy } from '../support/tcp-proxy.js';

const FLAVORS = availableFlavors().filter(({ id }) => id === 'mariadb-10.11' || id === 'mysql-9.7');

describe.each(FLAVORS)('$id', (flavor: TestFlavor) => {
  let rig: Rig;
  let proxy: TcpProxy;
  let home: Home;
  beforeAll(async () => {
    rig = await startRig({ flavor });
    proxy = await startProxy(rig.target.port);
    for (const server of [rig.source, rig.target])
      await server.query('CREATE DATABASE shop; CREATE TABLE shop.t (id INT PRIMARY KEY)');
    await rig.source.query('INSERT INTO shop.t VALUES (1)');
    await rig.target.query('INSERT INTO shop.t VALUES (7)');
  });
  afterAll(async () => {
    await proxy.stop();
    await rig.stop();
  });
  beforeEach(async () => {
    home = makeHome();
    const added = await home.run(
      [
        ...['connections', 'add', 'live', '--host', '127.0.0.1', '--port', String(rig.target.port)],
        ...['--user', ROOT.user, '--password-env', 'DB_PASSWORD', '--access', 'read-write', '--protected'],
      ],
      { env: rig.env },
    );
    expect(added).toMatchObject({ code: 0 });
    return () => home.close();
  });

  const inline = (name: string, place: string): string =>
    `{name: ${name}, ${place}, user: ${ROOT.user}, password: "\${DB_PASSWORD}", access: read-write}`;
  const at = (port: number): string => `host: 127.0.0.1, port: ${String(port)}`;
  const planTo = (target: string): string => rig.writePlan('databases: [{name: shop}]', { target });
  const apply = (plan: string, ...flags: readonly string[]) =>
    home.run(['apply', plan, ...flags], { env: rig.env });
  const rowsOfTarget = () => rig.target.query('SELECT id FROM shop.t');

  test.each([
    ['an inline connection', () => at(rig.target.port)],
    ['another address', () => at(proxy.port)],
    ['the socket', () => `socket: ${rig.target.socket}`],
  ])(
    'a plan reaches a protected server by %s: it is protected, and called by its saved name',
    async (_, place) => {
      const plan = planTo(inline('harmless', place()));
      const { code, stderr } = await apply(plan, '--confirm-target', 'harmless');
      expect(code).toBe(6);
      expect(stderr).toContain('the target is "live"');
      const named = await apply(plan, '--confirm-target', 'live');
      expect(named.code).toBe(9);
      expect(named.stderr).toContain('error[TARGET_PROTECTED]');
      expect(named.stderr).toContain(
        'note: the target harmless is the server of the saved connection live, which is protected',
      );
      expect(await rowsOfTarget()).toEqual([{ id: 7 }]);
      const planned = await home.run(['plan', plan, '--json'], { env: rig.env });
      expect(JSON.parse(planned.stdout)).toMatchObject({ target: { name: 'live', is_protected: true } });
    },
  );

  test('an alias of a protected server: it is protected too', async () => {
    const added = await home.run(
      [
        ...['connections', 'add', 'alias', '--host', '127.0.0.1', '--port', String(proxy.port)],
        ...['--user', ROOT.user, '--password-env', 'DB_PASSWORD', '--access', 'read-write'],
      ],
      { env: rig.env },
    );
    expect(added.code).toBe(0);
    const { code, stderr } = await apply(planTo('alias'), '--confirm-target', 'alias');
    expect(code).toBe(9);
    expect(stderr).toContain('error[TARGET_PROTECTED] alias is protected');
    expect(await rowsOfTarget()).toEqual([{ id: 7 }]);
  });

  test('a plan calls another server by a saved name: refused, and what to do is said', async () => {
    const plan = rig.writePlan('databases: [{name: shop}]', {
      target: inline('live', at(rig.source.port)),
      source: inline('from', at(rig.target.port)),
    });
    const { code, stderr } = await apply(plan, '--confirm-target', 'live');
    expect(code).toBe(9);
    expect(stderr).toContain('error[CONN_OTHER_SERVER]');
    expect(stderr).toContain('mysql-sync connections test live');
    expect(await rig.source.query('SELECT id FROM shop.t')).toEqual([{ id: 1 }]);
  });

  test('rollback asks for the saved name as well', async () => {
    const plan = planTo(inline('harmless', at(proxy.port)));
    await home.run(['plan', plan, '--out', `${home.folder}/saved.json`], { env: rig.env });
    const applied = await apply(`${home.folder}/saved.json`, '--confirm-target', 'live');
    expect({ code: applied.code, stderr: applied.stderr }).toMatchObject({ code: 0 });
    const borrowed = await home.run(['rollback', '--plan', plan, '--confirm-target', 'harmless'], {
      env: rig.env,
    });
    expect(borrowed.code).toBe(6);
    const named = await home.run(['rollback', '--plan', plan, '--confirm-target', 'live'], { env: rig.env });
    expect(named.code).toBe(0);
    expect(await rowsOfTarget()).toEqual([{ id: 7 }]);
  });

  test('where nothing is saved nothing is known, and no store is made', async () => {
    for (const name of ['state.db', 'state.db-wal', 'state.db-shm', 'state.key'])
      rmSync(`${home.folder}/${name}`, { force: true });
    const { code } = await home.run(['plan', planTo(inline('harmless', at(rig.target.port)))], {
      env: { ...rig.env, CI: 'true' },
    });
    expect(code).toBe(0);
  });
});
