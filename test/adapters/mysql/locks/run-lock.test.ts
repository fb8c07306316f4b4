import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createServers } from '../../../../src/adapters/mysql/servers.js';
import { sha256Hex } from '../../../../src/core/fingerprint.js';
import { toRunId } from '../../../../src/core/names.js';
import type { RunLock } from '../../../../src/engine/ports/locks.js';
import type { TargetServer } from '../../../../src/engine/ports/target-server.js';
import { availableFlavors } from '../../../support/flavors.js';
import { endpointOf, factsOf } from '../../../support/server-endpoint.js';
import type { TestServer } from '../../../support/servers.js';

const RUN = toRunId('7q2f4k');

describe.each(availableFlavors())('$id', (flavor) => {
  let server: TestServer;
  let lockName: string;
  const targets: TargetServer[] = [];
  beforeAll(async () => {
    server = await flavor.start();
    const { identity } = await factsOf(endpointOf(server));
    lockName = `mysql-sync:${sha256Hex(identity).slice(0, 40)}`;
  });
  afterAll(async () => {
    for (const target of targets) await target.close();
    await server.stop();
  });

  const lock = async (): Promise<RunLock> => {
    const target = await createServers().openTarget(endpointOf(server));
    targets.push(target);
    return target.lockForRun(RUN);
  };
  const holderOf = async (): Promise<number> => {
    const rows = await server.query(`SELECT IS_USED_LOCK('${lockName}') AS id`);
    return Number(rows[0]?.['id']);
  };

  test('the second run is refused and told who holds the lock, until it is released', async () => {
    const first = await lock();
    const holder = await holderOf();
    await expect(lock()).rejects.toMatchObject({
      code: 'TARGET_LOCKED',
      message: expect.stringMatching(
        new RegExp(
          `^another run works on this target: connection ${String(holder)} of tester@127\\.0\\.0\\.1:\\d+, since \\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d UTC$`,
        ),
      ) as string,
      hints: expect.arrayContaining([expect.stringContaining(`KILL ${String(holder)};`)]) as string[],
    });
    await first.check();
    await first.release();
    const second = await lock();
    await second.release();
  });

  const underLoad = async (work: () => Promise<void>): Promise<void> => {
    const load = Array.from({ length: 8 }, async () => {
      await server.query(`SELECT BENCHMARK(4000000, SHA2('load', 256))`);
    });
    for (let round = 0; round < 60; round += 1) await work();
    await Promise.all(load);
  };

  test('a lock is free as soon as its release has ended, on a server at full load', async () => {
    const holders: number[] = [];
    await underLoad(async () => {
      await (await lock()).release();
      holders.push(await holderOf());
    });
    expect(holders.filter((holder) => holder !== 0)).toEqual([]);
  });

  test('so is the seat of a worker', async () => {
    const target = await createServers().openTarget(endpointOf(server));
    targets.push(target);
    const holders: number[] = [];
    await underLoad(async () => {
      const seat = await target.joinWorkers({ run: RUN, savedPlan: 'saved' });
      await seat.release();
      const rows = await server.query(`SELECT IS_USED_LOCK('${lockName}:0') AS id`);
      holders.push(Number(rows[0]?.['id']));
    });
    expect(holders.filter((holder) => holder !== 0)).toEqual([]);
  });

  test('the second run is told which run holds the lock, among all that have staged something', async () => {
    const staged = ['aaaaaa', RUN, 'zzzzzz'].map((run) => `mysql_sync_new_${run}_0123456789ab`);
    for (const database of staged) await server.query(`CREATE DATABASE ${database}`);
    const first = await lock();
    await expect(lock()).rejects.toMatchObject({
      code: 'TARGET_LOCKED',
      message: expect.stringContaining(`run ${RUN} works on this target: connection`) as string,
      hints: expect.arrayContaining([expect.stringContaining('--lock-timeout')]) as string[],
    });
    await first.release();
    for (const database of staged) await server.query(`DROP DATABASE ${database}`);
  });

  test('a lock that was lost is known', async () => {
    const held = await lock();
    const holder = await holderOf();
    await server.query(`KILL ${String(holder)}`);
    await expect.poll(holderOf).not.toBe(holder);
    await expect(held.check()).rejects.toMatchObject({
      code: 'TARGET_LOCKED',
      message: expect.stringContaining('lost') as string,
    });
    await held.release();
  });

  test('a run that is killed frees it', async () => {
    const script = `
      const mysql = require('mysql2');
      const c = mysql.createConnection({ host: '127.0.0.1', port: ${String(server.port)}, user: 'locker', password: 'l0cker' });
      c.query(process.argv[1], (error, rows) => { if (error) throw error; console.log('held'); });`;
    await server.query(`CREATE USER locker@'127.0.0.1' IDENTIFIED BY 'l0cker'`);
    const sql = `SELECT GET_LOCK('${lockName}', 0)`;
    const child = spawn(process.execPath, ['-e', script, sql], { stdio: ['ignore', 'pipe', 'inherit'] });
    await once(child.stdout, 'data');
    await expect(lock()).rejects.toMatchObject({
      code: 'TARGET_LOCKED',
      message: expect.stringContaining('of locker@') as string,
    });
    child.kill('SIGKILL');
    await expect
      .poll(async () =>
        lock()
          .then((taken) => taken.release())
          .then(
            () => 'free',
            () => 'held',
          ),
      )
      .toBe('free');
  });
});
