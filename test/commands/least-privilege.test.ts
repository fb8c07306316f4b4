import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { availableFlavors } from '../support/flavors.js';
import type { Home } from '../support/home.js';
import { type Rig, startRig } from '../support/rig.js';
import { makeSavedHome, saveConnection } from '../support/saved-home.js';

/** Accounts with what `connections test --grants` prints, and nothing else: no SUPER, no RELOAD, no BACKUP_ADMIN. */

const SHOP = `CREATE TABLE a (id INT PRIMARY KEY, n INT, KEY (n)); CREATE TABLE b (id INT PRIMARY KEY, a INT, CONSTRAINT fk FOREIGN KEY (a) REFERENCES a (id));
  INSERT INTO a VALUES (1, 1), (2, 2); INSERT INTO b VALUES (1, 2);
  CREATE DEFINER = owner@'%' FUNCTION f(x INT) RETURNS INT DETERMINISTIC RETURN x + 1;
  CREATE DEFINER = owner@'%' PROCEDURE p() SELECT COUNT(*) FROM a;
  CREATE DEFINER = owner@'%' VIEW v AS SELECT f(id) AS id FROM a;
  CREATE DEFINER = owner@'%' TRIGGER t BEFORE INSERT ON b FOR EACH ROW SET NEW.a = f(0);
  CREATE DEFINER = owner@'%' EVENT e ON SCHEDULE EVERY 1 DAY STARTS '2030-01-01 00:00:00' DO DO 1`;

const READER = { user: 'reader', password: 'r3ader' };
const WRITER = { user: 'writer', password: 'wr1ter' };

describe.each(availableFlavors().filter(({ id }) => id !== 'mariadb-10.5'))('$id', (flavor) => {
  let rig: Rig;
  let home: Home;
  beforeAll(async () => {
    rig = await startRig({
      flavor,
      sourceOptions: ['--log-bin', '--server-id=1'],
      targetOptions: ['--log-bin', '--server-id=2', '--log-bin-trust-function-creators=1'],
    });
    home = await makeSavedHome(rig, 'read-write');
    for (const [server, { user, password }] of [
      [rig.source, READER],
      [rig.target, WRITER],
    ] as const)
      await server.query(
        `CREATE USER owner@'%'; GRANT ALL ON shop.* TO owner@'%'; CREATE USER ${user}@'127.0.0.1' IDENTIFIED BY '${password}'`,
      );
    await saveConnection(home, 'prod', rig.source, { account: READER });
    await saveConnection(home, 'staging', rig.target, { account: WRITER, access: 'read-write' });
    await rig.source.query('CREATE DATABASE shop');
    rig.source.load(SHOP, 'shop');
    const { stdout, code } = await home.run(['connections', 'test', 'prod', 'staging', '--grants', 'shop']);
    expect(code).toBe(0);
    for (const [name, server] of [
      ['prod', rig.source],
      ['staging', rig.target],
    ] as const) {
      const [, grants = ''] = new RegExp(`^-- ${name}, .*:\\n((?:GRANT .*\\n)+)`, 'm').exec(stdout) ?? [];
      await server.query(grants);
    }
  });
  afterAll(async () => {
    home.close();
    await rig.stop();
  });
  beforeEach(async () => {
    await rig.clearTarget('shop');
    await rig.target.query('CREATE DATABASE shop');
    rig.target.load(SHOP.replace('n INT, KEY (n)', 'n INT').replaceAll('(2, 2)', '(2, 7)'), 'shop');
  });

  test.each([
    ['native', 'full'],
    ['native', 'strict'],
    ['dump', 'full'],
  ])('%s, refresh %s: apply, verify and rollback need no more', async (engine, refresh) => {
    const before = await rig.contentOf('target', 'shop');
    const plan = rig.writePlan(
      `databases: [{name: shop}]\noptions: {engine: ${engine}, refresh: ${refresh}}`,
      {
        source: 'prod',
        target: 'staging',
      },
    );
    const env = { PATH: `${flavor.binFolder}:${process.env['PATH'] ?? ''}` };
    const applied = await home.run(['apply', plan, '--confirm-target', 'staging'], { env });
    expect(`${applied.stdout}${applied.stderr}`).not.toMatch(/error\[|FAILED/);
    expect(applied.code).toBe(0);
    expect(await rig.contentOf('target', 'shop')).toEqual(await rig.contentOf('source', 'shop'));
    expect((await home.run(['verify', plan])).stdout).toMatch(/^same\tshop/);
    expect((await home.run(['rollback', '--plan', plan, '--confirm-target', 'staging'])).code).toBe(0);
    expect(await rig.contentOf('target', 'shop')).toEqual(before);
  });
});
