import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import knex, { type Knex } from 'knex';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type FaultRig, startFaultRig } from '../support/fault-rig.js';

/** What goes wrong where mysql-sync itself runs: its store is locked or damaged, its clock is moved. */

let rig: FaultRig;
let plan: string;
beforeAll(async () => {
  rig = await startFaultRig();
});
afterAll(async () => rig.stop());
beforeEach(async () => {
  await rig.reset();
  rig.forgetState();
  plan = rig.planWith('{engine: dump}');
  expect((await rig.run(['history'])).code).toBe(0);
});

const storeFile = (): string => join(rig.home, 'state.db');
const LOST = /shop: the history does not have all of this run: .*state\.db/;

describe('the store is locked by another process', () => {
  let other: Knex;
  beforeEach(() => {
    const connection = { filename: storeFile() };
    other = knex({ client: 'sqlite3', connection, useNullAsDefault: true, pool: { min: 1, max: 1 } });
    return () => other.destroy();
  });

  test('before the run: nothing is changed', async () => {
    await other.raw('BEGIN EXCLUSIVE');
    const { code, stderr } = await rig.startApply(plan).ended;
    expect(stderr).toMatch(/error\[STORE_UNUSABLE\] .*state\.db is locked by another process; waited 5 s/);
    expect(code).toBe(5);
    expect(await rig.liveContent()).toBe('old');
    expect(await rig.scratchDatabases()).toEqual([]);
  });

  test('during the run: the copy goes on, and says what the history lacks', async () => {
    // Whether it was interrupted, its process tells.
    const cli = rig.spawn(['apply', plan, '--confirm-target', 'staging']);
    await cli.waitFor('shop: copying');
    await other.raw('BEGIN EXCLUSIVE');
    const { code, stdout, stderr } = await cli.ended;
    expect(stderr).toMatch(LOST);
    expect(stdout).toMatch(/shop +overwritten/);
    expect(code).toBe(0);
    expect(await rig.liveContent()).toBe('new');
    await other.raw('COMMIT');
    expect((await rig.run(['history'])).stdout).toContain('interrupted');
  });
});

describe('the store is damaged', () => {
  const damage = (): void => writeFileSync(storeFile(), 'no database '.repeat(1000));

  test('before the run: nothing is changed, and the file is left as it is', async () => {
    damage();
    const { code, stderr } = await rig.startApply(plan).ended;
    expect(stderr).toMatch(/error\[STORE_UNUSABLE\] .*state\.db is damaged and was left as it is/);
    expect(code).toBe(5);
    expect(readFileSync(storeFile(), 'utf8')).toContain('no database');
    expect(await rig.liveContent()).toBe('old');
  });

  test('during the run: the copy goes on, and says what the history lacks', async () => {
    const cli = rig.startApply(plan);
    await cli.waitFor('shop: copying');
    damage();
    const { code, stderr } = await cli.ended;
    expect(stderr).toMatch(LOST);
    expect(code).toBe(0);
    expect(await rig.liveContent()).toBe('new');
  });
});

describe('the clock is moved back by more than a year', () => {
  const moved = (): string => join(rig.home, 'clock-is-moved');
  const preload = `--import=${resolve(import.meta.dirname, '../support/moved-clock.mjs')}`;
  const env = (): Record<string, string> => ({ NODE_OPTIONS: preload, CLOCK_MOVED_WHILE: moved() });
  beforeEach(() => () => rmSync(moved(), { force: true }));

  test('during a run: it ends well, takes its time and can be rolled back', async () => {
    const cli = rig.startApply(plan, { env: env() });
    await cli.waitFor('shop: copying');
    writeFileSync(moved(), '');
    const { code, stdout } = await cli.ended;
    rmSync(moved());
    expect(stdout).toMatch(/shop +overwritten +2 tables .* \d+s\n/);
    expect(code).toBe(0);
    expect(await rig.liveContent()).toBe('new');
    const { runs } = JSON.parse((await rig.run(['history', '--json'])).stdout) as {
      runs: { state: string }[];
    };
    expect(runs.map(({ state }) => state)).toEqual(['finished']);
    expect((await rig.run(['history', 'show', 'latest'])).stdout).not.toMatch(/\s-\d/);
    expect((await rig.rollBackNewest()).code).toBe(0);
    expect(await rig.liveContent()).toBe('old');
  });

  test('a plan that was saved before is not good for longer', async () => {
    const saved = join(rig.home, 'shop.plan.json');
    expect((await rig.run(['plan', plan, '--out', saved])).code).toBe(0);
    writeFileSync(moved(), '');
    const { code, stderr } = await rig.startApply(saved, { env: env() }).ended;
    expect(stderr).toMatch(/error\[PLAN_EXPIRED\] .*was saved at .*, and the clock of this machine shows/);
    expect(code).toBe(7);
    expect(await rig.liveContent()).toBe('old');
  });
});
