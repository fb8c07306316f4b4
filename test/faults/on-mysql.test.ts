import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type FaultRig, startFaultRig } from '../support/fault-rig.js';
import { availableFlavors } from '../support/flavors.js';

/** The faults that MySQL may take otherwise than MariaDB. */

const flavors = availableFlavors().filter(({ vendor }) => vendor === 'mysql');

describe.each(flavors)('$id', (flavor) => {
  let rig: FaultRig;
  beforeAll(async () => {
    rig = await startFaultRig({ flavor, targetOptions: ['--log-bin-trust-function-creators=1'] });
  });
  afterAll(async () => rig.stop());
  beforeEach(async () => {
    await rig.reset();
    await rig.target.query(
      `DROP USER IF EXISTS app; CREATE USER app IDENTIFIED BY 'app'; GRANT SELECT, INSERT, UPDATE, DELETE, CREATE, DROP, REFERENCES, INDEX, ALTER,
       LOCK TABLES, EXECUTE, CREATE VIEW, SHOW VIEW, CREATE ROUTINE, ALTER ROUTINE, EVENT, TRIGGER ON *.* TO app;
       GRANT SET_ANY_DEFINER, SYSTEM_USER, SHOW_ROUTINE ON *.* TO app`,
    );
  });

  const planOfApp = (): string =>
    rig.planWith('{engine: native}', {
      target: `{name: staging, host: 127.0.0.1, port: ${String(rig.proxies.target.port)}, user: app, password: "\${APP_PASSWORD}", access: read-write}`,
    });
  const APP = { env: { APP_PASSWORD: 'app' } };

  test('SIGKILL of the tool in the swap', async () => {
    const plan = rig.planWith('{engine: native}');
    const cli = rig.startApply(plan);
    await cli.waitFor('shop: swapping in');
    cli.child.kill('SIGKILL');
    await cli.ended;
    const { stdout } = await rig.run(['plan', plan, '--json']);
    if (!stdout.includes('"swapping"')) expect(await rig.liveContent()).not.toBe('neither');
    await rig.expectNextApplyGoesOn(plan);
  });

  test('SIGKILL of the target server in the swap', async () => {
    const plan = rig.planWith('{engine: native}');
    const cli = rig.startApply(plan);
    await cli.waitFor('shop: swapping in');
    rig.target.kill('SIGKILL');
    const { code } = await cli.ended;
    await rig.target.restart();
    const { stdout } = await rig.run(['plan', plan, '--json']);
    if (!stdout.includes('"swapping"')) expect(await rig.liveContent()).toBe(code === 0 ? 'new' : 'old');
    await rig.expectNextApplyGoesOn(plan);
  });

  test('databases whose views read each other are removed by a rollback, and come back by its own rollback', async () => {
    await rig.source.query('CREATE DATABASE crm; CREATE DATABASE erp');
    rig.source.load(
      `CREATE TABLE crm.t (id INT PRIMARY KEY); CREATE TABLE erp.t (id INT PRIMARY KEY, CONSTRAINT k FOREIGN KEY (id) REFERENCES crm.t (id));
       CREATE TABLE crm.u (id INT PRIMARY KEY, CONSTRAINT k FOREIGN KEY (id) REFERENCES erp.t (id));
       INSERT INTO crm.t VALUES (1); INSERT INTO erp.t VALUES (1); INSERT INTO crm.u VALUES (1);
       CREATE VIEW crm.v AS SELECT id FROM erp.t; CREATE VIEW erp.v AS SELECT id FROM crm.v`,
    );
    const read = (server: 'source' | 'target') =>
      Promise.all(['crm', 'erp'].map((name) => rig.contentOf(server, name)));
    const plan = rig.writePlan('databases: [{name: crm}, {name: erp}]');
    const applied = await rig.run(['apply', plan, '--confirm-target', 'staging', '--json']);
    const { run } = JSON.parse(applied.stdout) as { readonly run: string };
    const removed = await rig.run(['rollback', run, '--confirm-target', 'staging']);
    expect(removed.stdout).toMatch(/crm +removed.*\n *erp +removed/);
    expect(await read('target')).toEqual([undefined, undefined]);
    const [, again = ''] = /Undo: {2}mysql-sync rollback (\w+)/.exec(removed.stdout) ?? [];
    const restored = await rig.run(['rollback', again, '--confirm-target', 'staging']);
    expect(restored.stdout).toMatch(/crm +restored.*\n *erp +restored/);
    expect(await read('target')).toEqual(await read('source'));
  });

  test('the target becomes read-only during the copy', async () => {
    const cli = rig.startApply(planOfApp(), APP);
    await cli.waitFor('shop: copying');
    await rig.target.query('SET GLOBAL read_only = 1');
    const result = await cli.ended;
    await rig.target.query('SET GLOBAL read_only = 0');
    await rig.expectOld(result, /read-only/);
    await rig.expectNextApplyGoesOn(rig.planWith('{engine: native}'));
  });

  test('a privilege is revoked during the copy', async () => {
    const cli = rig.startApply(planOfApp(), APP);
    await cli.waitFor('shop: copying');
    await rig.target.query('REVOKE ALTER ON *.* FROM app');
    const result = await cli.ended;
    await rig.expectOld(result, /error\[PRIVILEGE_MISSING\].*ALTER/);
    await rig.expectNextApplyGoesOn(rig.planWith('{engine: native}'));
  });
});
