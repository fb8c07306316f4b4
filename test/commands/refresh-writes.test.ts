import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { RunningCli } from '../support/cli.js';
import { availableFlavors } from '../support/flavors.js';
import { type Rig, startRig } from '../support/rig.js';
import { type StatementProxy, startStatementProxy } from '../support/statement-proxy.js';

/** Others write to a table of the target while it is compared, and after that. */

const SHOP = `CREATE DATABASE shop; CREATE TABLE shop.logs (id INT PRIMARY KEY, line VARCHAR(80)) ENGINE=InnoDB;
  CREATE TABLE shop.colours (name VARCHAR(20) PRIMARY KEY) ENGINE=InnoDB;
  INSERT INTO shop.logs VALUES (1, 'a'), (2, 'b'); INSERT INTO shop.colours VALUES ('red')`;

const flavors = availableFlavors().filter(({ id }) => id === 'mariadb-10.11' || id === 'mysql-9.7');

describe.each(flavors)('a refresh of $id', (flavor) => {
  let rig: Rig;
  let proxy: StatementProxy;
  beforeAll(async () => {
    rig = await startRig({ flavor });
    proxy = await startStatementProxy(rig.target.port);
    await rig.source.query(SHOP);
  });
  afterAll(async () => {
    await proxy.stop();
    await rig.stop();
  });

  beforeEach(async () => {
    await rig.clearTarget('shop');
    await rig.target.query(SHOP);
    // UPDATE_TIME has whole seconds: one that is over is needed for the next write to show.
    await expect.poll(readAge, { timeout: 10_000 }).toBeGreaterThan(1);
  });

  /** Seconds since the last write to the table, as the server tells it. */
  const readAge = async (): Promise<number> => {
    const rows = await rig.target.query(
      `${flavor.vendor === 'mysql' ? 'SET SESSION information_schema_stats_expiry = 0; ' : ''}SELECT TIMESTAMPDIFF(SECOND, UPDATE_TIME, NOW()) AS age
       FROM information_schema.TABLES WHERE TABLE_SCHEMA = 'shop' AND TABLE_NAME = 'logs'`,
    );
    const row = (rows.flat() as { readonly age?: unknown }[]).at(-1);
    return Number(row?.age ?? Number.NaN);
  };

  let cli: RunningCli | undefined;
  afterEach(async () => {
    cli?.child.kill('SIGKILL');
    await cli?.ended;
  });

  /** An apply that waits until the target has been written to, at the moment when it sends such a statement. */
  const refreshWhile = async (statement: RegExp, write: string): Promise<string> => {
    const plan = rig.writePlan('databases:\n  - name: shop\noptions: {refresh: auto}', {
      target: rig.inlineTarget(proxy.port),
    });
    const isHeld = proxy.hold(statement);
    cli = rig.spawn(['apply', plan, '--confirm-target', 'staging']);
    const { ended } = cli;
    const hasEnded = ended.then(({ stdout, stderr }): never => {
      throw new Error(`it ended and sent nothing that matches ${String(statement)}:\n${stdout}${stderr}`);
    });
    const release = await Promise.race([isHeld, hasEnded]);
    await rig.target.query(write);
    release();
    const { code, stdout } = await ended;
    expect(code, stdout).toBe(0);
    return stdout;
  };

  const linesOnTarget = async (): Promise<readonly unknown[]> =>
    (await rig.target.query('SELECT line FROM shop.logs ORDER BY id')).map((row) => row['line'] as unknown);

  test('a table that is written to while it is compared is copied, though its snapshot was equal', async () => {
    const said = await refreshWhile(
      /^SELECT \d+, COUNT\(\*\), SUM\(.*FROM `shop`\.`logs`/s,
      "UPDATE shop.logs SET line = 'theirs' WHERE id = 1",
    );
    expect(await linesOnTarget()).toEqual(['a', 'b']);
    expect(said).toContain('1 table stayed: the rows are those of the source');
  });

  test('a write after the comparison stays, and the recap tells it', async () => {
    await rig.target.query("UPDATE shop.colours SET name = 'blue'");
    const said = await refreshWhile(/^RENAME TABLE/, "UPDATE shop.logs SET line = 'theirs' WHERE id = 1");
    expect(await linesOnTarget()).toEqual(['theirs', 'b']);
    expect(await rig.target.query('SELECT name FROM shop.colours')).toEqual([{ name: 'red' }]);
    expect(said).toContain('logs stayed, and was written to on the target after its rows had been compared');
  });
});
