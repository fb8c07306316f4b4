import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { CliResult, RunningCli } from '../support/cli.js';
import { availableFlavors } from '../support/flavors.js';
import { type Rig, startRig } from '../support/rig.js';
import type { TestServer } from '../support/servers.js';
import { type StatementProxy, startStatementProxy } from '../support/statement-proxy.js';

/** With `refresh: strict` nobody writes to a table that stays between its comparison and the swap of the others. */

const SHOP = `CREATE DATABASE shop CHARACTER SET utf8mb4; USE shop;
  CREATE TABLE logs (id INT AUTO_INCREMENT PRIMARY KEY, line VARCHAR(80)) ENGINE=InnoDB;
  CREATE TABLE colours (name VARCHAR(20) PRIMARY KEY) ENGINE=InnoDB;
  CREATE TABLE owners (id INT PRIMARY KEY, name VARCHAR(20)) ENGINE=InnoDB;
  CREATE TABLE pets (id INT PRIMARY KEY, owner INT, KEY pet_of (owner), CONSTRAINT pet_of FOREIGN KEY (owner) REFERENCES owners (id)) ENGINE=InnoDB;
  CREATE TABLE visits (id INT PRIMARY KEY, pet INT, KEY of_pet (pet), CONSTRAINT of_pet FOREIGN KEY (pet) REFERENCES pets (id)) ENGINE=InnoDB;
  INSERT INTO logs VALUES (1, 'a'), (2, 'b'); INSERT INTO colours VALUES ('red');
  INSERT INTO owners VALUES (1, 'Anna'); INSERT INTO pets VALUES (1, 1); INSERT INTO visits VALUES (1, 1);
  CREATE VIEW seen AS SELECT line, name FROM logs JOIN colours;
  CREATE TRIGGER log_colours AFTER INSERT ON logs FOR EACH ROW UPDATE colours SET name = NEW.line;
  CREATE TRIGGER colour_logs AFTER UPDATE ON colours FOR EACH ROW UPDATE owners SET name = NEW.name;
`;

const flavors = availableFlavors().filter(({ id }) => id === 'mariadb-10.11' || id === 'mysql-9.7');

describe.each(flavors)('a strict refresh of $id', (flavor) => {
  let rig: Rig;
  let proxy: StatementProxy;
  beforeAll(async () => {
    // MySQL logs by itself, and lets few accounts make triggers then.
    rig = await startRig({
      flavor,
      targetOptions: flavor.vendor === 'mysql' ? ['--log-bin-trust-function-creators=1'] : [],
    });
    proxy = await startStatementProxy(rig.target.port);
    rig.source.load(SHOP);
  });
  afterAll(async () => {
    await proxy.stop();
    await rig.stop();
  });

  let plan: string;
  let cli: RunningCli | undefined;
  beforeEach(async () => {
    await rig.clearTarget('shop');
    rig.target.load(SHOP);
    await rig.target.query("UPDATE shop.colours SET name = 'blue'; UPDATE shop.owners SET name = 'Anna'");
    plan = rig.writePlan('databases:\n  - name: shop\noptions: {refresh: strict}', {
      target: rig.inlineTarget(proxy.port),
    });
  });
  afterEach(async () => {
    cli?.child.kill('SIGKILL');
    await cli?.ended;
  });

  /** An apply that stops where it sends such a statement to the target, until it is released. */
  const applyUntil = async (
    statement: RegExp,
  ): Promise<{ readonly release: () => void; readonly ended: Promise<CliResult> }> => {
    const isHeld = proxy.hold(statement);
    cli = rig.spawn(['apply', plan, '--confirm-target', 'staging'], {
      MYSQL_SYNC_CONNECTIONS_MAX_RETRIES: '0',
    });
    const { ended } = cli;
    const hasEnded = ended.then(({ stdout, stderr }): never => {
      throw new Error(`it ended and sent nothing that matches ${String(statement)}:\n${stdout}${stderr}`);
    });
    return { release: await Promise.race([isHeld, hasEnded]), ended };
  };

  const linesOnTarget = async (): Promise<readonly unknown[]> =>
    (await rig.target.query('SELECT line FROM shop.logs ORDER BY id')).map((row) => row['line'] as unknown);

  /** A write that waits for a lock. `done` resolves when it has got through. */
  const writeBeside = async (sql: string): Promise<{ readonly done: Promise<unknown> }> => {
    const done = rig.target.query(sql);
    const isWaiting = async (): Promise<unknown> => {
      const [row] = await rig.target.query(
        `SELECT COUNT(*) AS waiting FROM information_schema.PROCESSLIST WHERE INFO = '${sql.replaceAll("'", "''")}'`,
      );
      return Number(row?.['waiting']);
    };
    await expect.poll(isWaiting).toBe(1);
    return { done };
  };

  test.each([
    ['a row', "UPDATE shop.logs SET line = 'theirs' WHERE id = 1"],
    [
      'a row that is gone again',
      "INSERT INTO shop.logs VALUES (9, 'Anna'); DELETE FROM shop.logs WHERE id = 9",
    ],
    ['a column', 'ALTER TABLE shop.logs ADD more INT'],
  ])('%s that others wrote before the swap fails it, and all is theirs', async (_, write) => {
    const { release, ended } = await applyUntil(/^LOCK TABLES/);
    await rig.target.query(`USE shop; ${write}`);
    const theirs = await rig.contentOf('target', 'shop');
    release();
    const { code, stdout, stderr } = await ended;
    expect(code, stdout + stderr).toBe(3);
    expect(stdout + stderr).toContain(
      'shop: logs was written to on the target after the rows had been compared',
    );
    expect(stdout + stderr).toContain('Apply again');
    expect(await rig.contentOf('target', 'shop')).toEqual(theirs);
    expect(await rig.scratchDatabases()).toEqual([]);
    const again = await rig.run(['apply', plan, '--confirm-target', 'staging']);
    expect(again.code, again.stdout + again.stderr).toBe(0);
    expect(await rig.contentOf('target', 'shop')).toEqual(await rig.contentOf('source', 'shop'));
  });

  test('others who write while the tables are swapped wait, and get through then', async () => {
    const { release, ended } = await applyUntil(/^RENAME TABLE/);
    const { done } = await writeBeside("UPDATE shop.logs SET line = 'later' WHERE id = 1");
    // Who reads does not wait.
    expect(await linesOnTarget()).toEqual(['a', 'b']);
    release();
    const { code, stdout } = await ended;
    expect(code, stdout).toBe(0);
    await done;
    expect(await linesOnTarget()).toEqual(['later', 'b']);
    expect(await rig.target.query('SELECT name FROM shop.colours')).toEqual([{ name: 'red' }]);
    expect(stdout).toMatch(
      /4 tables that stayed were locked against writes for (\d+ ms|\d+s) until the others were swapped/,
    );
    expect(stdout).not.toContain('was written to');
  });

  test('it waits for a transaction that has written, and sees what that commits', async () => {
    const writer = await rig.target.connect();
    try {
      const { release, ended } = await applyUntil(/^LOCK TABLES/);
      await writer.query("BEGIN; UPDATE shop.logs SET line = 'theirs' WHERE id = 1");
      release();
      await expect
        .poll(() =>
          rig.target.query("SELECT ID FROM information_schema.PROCESSLIST WHERE INFO LIKE 'LOCK TABLES%'"),
        )
        .toHaveLength(1);
      await writer.query('COMMIT');
      expect((await ended).code).toBe(3);
      expect(await linesOnTarget()).toEqual(['theirs', 'b']);
    } finally {
      await writer.end();
    }
  });

  test('the source is read once', async () => {
    const countDigests = async (server: TestServer): Promise<unknown> => {
      const [row] = await server.query(
        "SELECT COUNT(*) AS digests FROM mysql.general_log WHERE argument LIKE 'SELECT %COUNT(*), SUM(%FROM `shop`.`logs`%' AND argument NOT LIKE '%general_log%'",
      );
      return Number(row?.['digests']);
    };
    for (const server of [rig.source, rig.target])
      await server.query("TRUNCATE mysql.general_log; SET GLOBAL log_output = 'TABLE', general_log = ON");
    try {
      const { code, stderr } = await rig.run(['apply', plan, '--confirm-target', 'staging']);
      expect(code, stderr).toBe(0);
      expect([await countDigests(rig.source), await countDigests(rig.target)]).toEqual([1, 2]);
    } finally {
      for (const server of [rig.source, rig.target]) await server.query('SET GLOBAL general_log = OFF');
    }
  });

  test('Ctrl-C twice ends the wait for a transaction of others, and locks nothing', async () => {
    const writer = await rig.target.connect();
    try {
      const { release, ended } = await applyUntil(/^LOCK TABLES/);
      await writer.query("BEGIN; UPDATE shop.logs SET line = 'theirs' WHERE id = 1");
      release();
      cli?.child.kill('SIGINT');
      await cli?.waitFor('SIGINT: finishing');
      cli?.child.kill('SIGINT');
      expect((await ended).code).toBe(130);
      await writer.query("UPDATE shop.owners SET name = 'theirs'; COMMIT");
      expect(await linesOnTarget()).toEqual(['theirs', 'b']);
    } finally {
      await writer.end();
    }
  });

  test('SIGKILL frees the tables', async () => {
    await applyUntil(/^RENAME TABLE/);
    const { done } = await writeBeside("UPDATE shop.logs SET line = 'later' WHERE id = 1");
    cli?.child.kill('SIGKILL');
    await done;
    expect(await linesOnTarget()).toEqual(['later', 'b']);
  });

  test('a lock that was lost before the swap undoes it', async () => {
    await rig.target.query("SET GLOBAL log_output = 'TABLE', general_log = ON; TRUNCATE mysql.general_log");
    const before = await rig.contentOf('target', 'shop');
    const { release, ended } = await applyUntil(/^RENAME TABLE/);
    const [holder] = await rig.target.query(
      "SELECT thread_id AS id FROM mysql.general_log WHERE argument LIKE 'LOCK TABLES `shop`%' ORDER BY event_time DESC LIMIT 1",
    );
    await rig.target.query(`SET GLOBAL general_log = OFF; KILL ${String(holder?.['id'])}`);
    release();
    const { stdout, stderr } = await ended;
    expect(stdout + stderr).toContain('could not unlock');
    expect(await rig.contentOf('target', 'shop')).toEqual(before);
  });

  test('foreign keys take tables along that would stay, and the plan says so', async () => {
    await rig.target.query("UPDATE shop.owners SET name = 'Bert'");
    const { stdout, stderr: notes } = await rig.run(['plan', plan, '--rows', '--verbose']);
    expect(notes).toContain('shop: note [WRITERS_WAIT] others cannot write to tables that stay');
    expect((await rig.run(['plan', plan, '--refresh', 'auto'])).stderr).not.toContain('WRITERS_WAIT');
    const reason = 'a foreign key ties it to a table that is swapped';
    for (const name of ['pets', 'visits'])
      expect(stdout).toContain(['refresh', 'shop', name, 'copy', reason].join('\t'));
    expect(stdout).toContain(['refresh', 'shop', 'logs', 'keep'].join('\t'));
    const { release, ended } = await applyUntil(/^LOCK TABLES `shop`\.`logs` READ$/);
    release();
    const { code, stdout: said, stderr } = await ended;
    expect(code, stderr).toBe(0);
    expect(said).toContain('1 table that stayed was locked');
    expect(await rig.contentOf('target', 'shop')).toEqual(await rig.contentOf('source', 'shop'));
  });

  test('a saved plan carries it, and the dump engine cannot do it', async () => {
    const auto = rig.writePlan('databases:\n  - name: shop');
    const saved = `${auto}.saved.json`;
    const planned = await rig.run(['plan', auto, '--refresh', 'strict', '--out', saved]);
    expect(planned.code, planned.stderr).toBe(0);
    const { code, stdout } = await rig.run(['apply', saved, '--confirm-target', 'staging']);
    expect(code, stdout).toBe(0);
    expect(stdout).toContain('4 tables that stayed were locked');
    const dump = rig.writePlan('databases:\n  - name: shop\noptions: {engine: dump}');
    const refused = await rig.run(['plan', dump, '--refresh', 'strict']);
    expect(refused.code).toBe(5);
    expect(refused.stderr).toContain('refresh is strict, and the dump engine cannot compare');
  });

  test('the account needs LOCK TABLES on the database, and no more than for an overwrite', async () => {
    const all = 'SELECT, INSERT, CREATE, DROP, ALTER, INDEX, REFERENCES, CREATE VIEW, SHOW VIEW, TRIGGER';
    const definer = flavor.vendor === 'mysql' ? 'SET_ANY_DEFINER, SYSTEM_USER' : 'SET USER';
    await rig.target.query(
      `CREATE USER poor@'%' IDENTIFIED BY 'pw-of-poor'; GRANT ${all} ON shop.* TO poor@'%'; GRANT ${all}, DELETE ON \`mysql\\_sync\\_%\`.* TO poor@'%';
       GRANT ${definer} ON *.* TO poor@'%'`,
    );
    const poor = rig.writePlan('databases:\n  - name: shop\noptions: {refresh: strict}', {
      target: `{name: staging, host: 127.0.0.1, port: ${String(rig.target.port)}, user: poor, password: "\${POOR_PASSWORD}", access: read-write}`,
    });
    const refused = await rig.run(['apply', poor, '--confirm-target', 'staging']);
    expect(refused.code, refused.stderr).toBe(4);
    expect(refused.stderr).toContain('poor@% lacks LOCK TABLES on `shop`.* of the target');
    await rig.target.query("GRANT LOCK TABLES ON shop.* TO poor@'%'");
    const { code, stdout, stderr } = await rig.run(['apply', poor, '--confirm-target', 'staging']);
    expect(code, stdout + stderr).toBe(0);
    expect(stdout).toContain('4 tables that stayed were locked');
  });

  test('where nothing is left to do nothing is locked', async () => {
    await rig.target.query("UPDATE shop.colours SET name = 'red'; UPDATE shop.owners SET name = 'Anna'");
    const { code, stdout } = await rig.run(['apply', plan, '--confirm-target', 'staging']);
    expect(code, stdout).toBe(0);
    expect(stdout).toContain('5 tables stayed: the rows are those of the source');
    expect(stdout).not.toContain('locked');
  });
});
