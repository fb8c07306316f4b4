import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { availableFlavors } from '../support/flavors.js';
import { type Rig, startRig } from '../support/rig.js';

/**
 * A process stands still after its journal is written and before its tables move, until the server has ended its
 * sessions; another one has made the database live when it wakes up.
 */

const flavors = availableFlavors().filter(({ id }) => id === 'mariadb-10.11' || id === 'mysql-9.7');

describe.each(flavors)('$id', (flavor) => {
  let rig: Rig;
  beforeAll(async () => {
    rig = await startRig({ flavor });
    await rig.source.query('CREATE DATABASE shop');
    rig.source.load(
      `CREATE TABLE t (id INT PRIMARY KEY, v INT); INSERT INTO t VALUES (1, 1), (2, 2); CREATE VIEW v AS SELECT id FROM t;
       CREATE TRIGGER tr BEFORE INSERT ON t FOR EACH ROW SET NEW.v = NEW.id`,
      'shop',
    );
    await rig.target.query("SET GLOBAL log_output = 'TABLE'");
  });
  afterAll(async () => rig.stop());

  let saved: string;
  beforeEach(async () => {
    await rig.clearTarget('shop');
    await rig.target.query('CREATE DATABASE shop');
    rig.target.load(
      `CREATE TABLE t (id INT PRIMARY KEY, v INT, gone INT); CREATE VIEW v AS SELECT gone FROM t;
       CREATE TRIGGER tr BEFORE INSERT ON t FOR EACH ROW SET NEW.gone = 1`,
      'shop',
    );
    saved = join(rig.home, 'shop.json');
    const planned = await rig.run(['plan', rig.writePlan('databases: [{name: shop}]'), '--out', saved]);
    expect([planned.code, planned.stderr]).toEqual([0, planned.stderr]);
    await rig.target.query(
      'SET GLOBAL general_log = 0; TRUNCATE mysql.general_log; SET GLOBAL general_log = 1',
    );
  });

  const words = (...more: readonly string[]) => ['apply', saved, ...more, '--confirm-target', 'staging'];

  /** What sessions sent, in that order. */
  const readLog = async (): Promise<readonly { readonly session: number; readonly text: string }[]> =>
    (
      await rig.target.query(
        'SELECT thread_id AS session, command_type AS type, CONVERT(argument USING utf8mb4) AS text FROM mysql.general_log',
      )
    ).map((row) => ({
      session: Number(row['session']),
      text:
        row['type'] === 'Query' || row['type'] === 'Execute'
          ? String(row['text'])
          : `(${String(row['type'])})`,
    }));

  /** After how many seconds the server ends each session, as it was told last. */
  const listTimeouts = (log: Awaited<ReturnType<typeof readLog>>): ReadonlyMap<number, number> => {
    const seconds = new Map<number, number>();
    for (const { session, text } of log) {
      if (text.startsWith('(Reset')) seconds.delete(session);
      for (const [, told] of text.matchAll(/(?<![a-z_])wait_timeout\s*=\s*(\d+)/g))
        seconds.set(session, Number(told));
    }
    return seconds;
  };

  test.each([[['--claim']], [[]]])('with %j: it touches nothing of what is live', async (flags) => {
    // Makes the place for what runs write down.
    expect((await rig.run(words())).code).toBe(0);
    await rig.target.query(
      'DROP TABLE shop.t; DROP VIEW shop.v; CREATE TABLE shop.t (id INT PRIMARY KEY, gone INT)',
    );
    rig.target.load(
      'CREATE VIEW v AS SELECT gone FROM t; CREATE TRIGGER tr BEFORE INSERT ON t FOR EACH ROW SET NEW.gone = 1',
      'shop',
    );
    const plan = rig.writePlan('databases: [{name: shop}]');
    const planned = await rig.run(['plan', plan, '--out', saved]);
    expect([planned.code, planned.stderr]).toEqual([0, planned.stderr]);
    const [writer, guard] = await Promise.all([rig.source.connect(), rig.target.connect()]);
    await writer.query('LOCK TABLES shop.t WRITE');
    const events = join(rig.home, `${String(flags.length)}.ndjson`);
    const stopped = rig.spawn([...words(...flags), '--events', events]);
    await expect
      .poll(() => /"run":"(\w{6})"[^]*"phase":"copy"/.exec(readIfThere(events))?.[1], { timeout: 30_000 })
      .toBeDefined();
    // What is written between the journal and the first step of the swap has to wait.
    await guard.query('LOCK TABLES mysqlsync.provenance WRITE');
    await writer.end();
    await expect
      .poll(
        () =>
          rig.target.query(
            "SELECT ID FROM information_schema.PROCESSLIST WHERE STATE LIKE 'Waiting for table%' AND INFO LIKE '%mysqlsync%'",
          ),
        { timeout: 30_000 },
      )
      .toHaveLength(1);
    stopped.child.kill('SIGSTOP');
    const [, run = ''] = /"run":"(\w{6})"/.exec(readIfThere(events)) ?? [];
    const [holder] = await rig.target.query(`SELECT IS_USED_LOCK('mysql-sync:run:${run}') AS id`);
    // As the server does with sessions that say nothing for so long.
    const short = [...listTimeouts(await readLog())].filter(([, seconds]) => seconds < 300).map(([id]) => id);
    for (const id of [...short, Number(holder?.['id'])])
      await rig.target.query(`KILL ${String(id)}`).catch(() => undefined);
    await guard.end();
    // Without --claim one process had begun with the saved plan, and another one plans anew.
    const other = await rig.run(
      flags.length > 0 ? words(...flags) : ['apply', plan, '--confirm-target', 'staging'],
    );
    expect([other.code, other.stderr]).toEqual([0, other.stderr]);
    const wanted = await rig.contentOf('source', 'shop');
    expect(await rig.contentOf('target', 'shop')).toEqual(wanted);
    stopped.child.kill('SIGCONT');
    const { code, stdout } = await stopped.ended;
    expect([code, stdout]).toEqual([3, expect.stringContaining('SWAP_UNSETTLED')]);
    expect(await rig.contentOf('target', 'shop')).toEqual(wanted);
  });

  test('every session that takes part in a swap is one that the server ends soon', async () => {
    expect((await rig.run(words('--claim'))).code).toBe(0);
    const log = await readLog();
    const steps = log.flatMap(({ session, text }, at) =>
      /^(RENAME TABLE|DROP (VIEW|TRIGGER).*`shop`|ALTER DATABASE `shop`)/i.test(text)
        ? [{ session, text, at }]
        : [],
    );
    const kinds = new Set(steps.map(({ text }) => text.split(' ').slice(0, 2).join(' ').toUpperCase()));
    expect([...kinds].toSorted()).toEqual(['ALTER DATABASE', 'DROP TRIGGER', 'DROP VIEW', 'RENAME TABLE']);
    const slow = steps.filter(({ session, at }) => {
      const seconds = listTimeouts(log.slice(0, at)).get(session);
      return seconds === undefined || seconds > 120;
    });
    expect(slow).toEqual([]);
  });
});

const readIfThere = (path: string): string => {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
};
