import { readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { availableFlavors } from '../support/flavors.js';
import { type Rig, startRig } from '../support/rig.js';
import { ROOT } from '../support/servers.js';
import { CANARY_PATH, startWebhook } from '../support/webhook.js';

const PLAN = 'databases:\n  - name: shop\n  - name: bad';
const NOTIFYING = `${PLAN}\noptions: {notify: "\${HOOK:-}"}`;

/** Everything in the folder, the store too. */
const readTree = (folder: string): string =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((path) => statSync(path).isFile())
    .map((path) => readFileSync(path, 'latin1'))
    .join('');

const flavors = availableFlavors().filter(({ id }) => id === 'mariadb-10.11' || id === 'mysql-9.7');

describe.each(flavors)('$id', (flavor) => {
  let rig: Rig;
  beforeAll(async () => {
    rig = await startRig({ flavor, sourceOptions: ['--log-bin-trust-function-creators=1'] });
    // A view that needs what the target does not have: its rehearsal fails.
    await rig.source.query(
      `CREATE DATABASE shop; CREATE TABLE shop.t (id INT PRIMARY KEY); INSERT INTO shop.t VALUES (1); CREATE DATABASE bad;
       CREATE DATABASE lib; CREATE FUNCTION lib.x() RETURNS INT DETERMINISTIC RETURN 1; CREATE VIEW bad.v AS SELECT lib.x() AS x`,
    );
  });
  afterAll(async () => rig.stop());
  beforeEach(async () => {
    for (const name of ['shop', 'bad', ...(await rig.scratchDatabases())])
      await rig.target.query(`DROP DATABASE IF EXISTS \`${name}\``);
  });

  const apply = (...flags: readonly string[]) =>
    rig.run(['apply', rig.writePlan(PLAN), '--auto-approve', ...flags]);

  test('a notice tells how an apply ended, and its URL stands nowhere', async () => {
    const hook = await startWebhook();
    try {
      const argv = [
        'apply',
        rig.writePlan(NOTIFYING),
        '--auto-approve',
        '--events',
        join(rig.home, 'events.jsonl'),
      ];
      const { code, stdout, stderr } = await rig.start(argv, { HOOK: hook.url }).ended;
      expect(code).toBe(3);
      expect(hook.bodies).toHaveLength(1);
      const notice = JSON.parse(hook.bodies[0] ?? '') as { text: string };
      expect(notice).toMatchObject({ target: 'staging', exit_code: 3, error: null });
      expect(notice.text).toContain('bad   FAILED');
      const saved = join(rig.home, 'saved.json');
      await rig.start(['plan', rig.writePlan(NOTIFYING), '--out', saved], { HOOK: hook.url }).ended;
      for (const text of [stdout, stderr, readTree(rig.home)]) expect(text).not.toContain(CANARY_PATH);
      for (const body of hook.bodies) expect(body).not.toContain(ROOT.password);
    } finally {
      await hook.stop();
    }
  });

  test('a notice that nobody takes is one warning with the host, and the exit code is that of the run', async () => {
    const hook = await startWebhook([404]);
    try {
      const argv = ['apply', rig.writePlan(NOTIFYING), '--auto-approve', '--only', 'shop'];
      const { code, stdout, stderr } = await rig.start(argv, { HOOK: hook.url }).ended;
      expect(code).toBe(0);
      expect(stderr).toContain(`warning: nobody was notified: ${hook.host} answered with status 404`);
      expect(stdout + stderr).not.toContain(CANARY_PATH);
      expect((await rig.start(argv, { HOOK: 'no-url' }).ended).stderr).toContain(
        'warning: nobody was notified: its address is not a URL',
      );
    } finally {
      await hook.stop();
    }
  });

  test('--notify is told also of what ended before a run began', async () => {
    const hook = await startWebhook();
    try {
      const argv = ['apply', rig.writePlan('databases: [{name: none}]'), '--no-input'];
      const typed = await rig.run([...argv, '--notify', hook.url]);
      expect(typed.stderr).toContain('other users of this machine can see the URL of --notify');
      const named = await rig.start([...argv, '--notify', 'env:HOOK'], { HOOK: hook.url }).ended;
      expect(named.stderr).not.toContain('warning');
      for (const { code, stderr, stdout } of [typed, named]) {
        expect(code).toBe(5);
        expect(stdout + stderr).not.toContain(CANARY_PATH);
      }
      expect(hook.bodies.map((body) => JSON.parse(body) as object)).toMatchObject([
        { run: null, exit_code: 5, outcomes: [], error: { code: 'SOURCE_DATABASE_MISSING' } },
        { run: null, exit_code: 5 },
      ]);
      expect((await rig.run([...argv, '--notify', 'env:UNSET'])).stderr).toContain(
        'the variable UNSET of --notify is empty or not set',
      );
    } finally {
      await hook.stop();
    }
  });

  test('--metrics is one file for everybody to read, and keeps when a database that failed was last copied', async () => {
    const path = join(rig.home, 'sync.prom');
    const read = (): string => readFileSync(path, 'utf8');
    expect((await apply('--only', 'shop', '--metrics', path)).code).toBe(0);
    const success = /^mysql_sync_database_last_success.*database="shop"} (.*)$/m.exec(read())?.[1];
    expect(success).toMatch(/^\d{10}(\.\d+)?$/);
    expect(read()).toContain('mysql_sync_database_rows{plan="test",target="staging",database="shop"} 1');
    await apply('--only', 'bad', '--metrics', path);
    expect(read()).toContain('mysql_sync_last_run_exit_code{plan="test",target="staging"} 3');
    expect(read()).toContain('mysql_sync_database_applied{plan="test",target="staging",database="bad"} 0');
    expect(read()).toContain(`database="shop"} ${success ?? ''}\n`);
    expect(statSync(path).mode & 0o777).toBe(0o644);
    const { code, stderr } = await apply('--only', 'bad', '--metrics', join(rig.home, 'none', 'x.prom'));
    expect(code).toBe(3);
    expect(stderr).toMatch(/warning: cannot write the metrics to .* \(ENOENT\)/);
  });
});
