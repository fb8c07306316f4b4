import { afterAll, beforeAll, expect, test } from 'vitest';
import { type FaultRig, startFaultRig } from '../support/fault-rig.js';
import {
  type Trial,
  type WholeRun,
  killVictim,
  passedBytes,
  settle,
  waitForMoment,
} from '../support/kill-trials.js';
import { startRandom } from '../support/random.js';

/**
 * SIGKILL at a random moment of refreshes that keep, patch and copy tables, one after the other: each starts from what the one
 * before kept, or goes on from the copy that it left unfinished. `node bench/faults.mjs --refresh` runs many of these trials and prints the table.
 */

const VICTIMS = ['mysql-sync', 'source server', 'target server'] as const;
const UNITS = ['bytes', 'milliseconds', 'swap'] as const;

/** What changes on the source before a refresh. The last one is more than is patched. */
const CHANGES = {
  nothing: [],
  'some rows of one table': [
    'UPDATE shop.orders SET v = LEFT(SHA2(CONCAT(v, ?), 256), 32) WHERE id % 997 = ?',
  ],
  'some rows of both': [
    'UPDATE shop.orders SET v = LEFT(SHA2(CONCAT(v, ?), 256), 32) WHERE id % 997 = ?',
    'UPDATE shop.items SET o = 1 + o % 40000 WHERE id % 501 = ?',
  ],
  'rows that go': ['DELETE FROM shop.items WHERE id % 701 = ?'],
  'every row of one table': ['UPDATE shop.items SET o = 1 + o % 40000'],
} as const;
type Change = keyof typeof CHANGES;

const count = Number(process.env['MYSQL_SYNC_FAULT_TRIALS'] ?? VICTIMS.length);
const seed = Number(process.env['MYSQL_SYNC_FAULT_SEED'] ?? 4);

let rig: FaultRig;
let plan: string;
beforeAll(async () => {
  rig = await startFaultRig();
  plan = rig.planWith('{engine: native, refresh: auto}');
  await rig.target.query('CREATE DATABASE shop');
  for (const change of ['every row of one table', 'some rows of both'] as const) {
    await makeChange(change, 1);
    await apply();
  }
});
afterAll(async () => rig.stop());

const makeChange = async (change: Change, round: number): Promise<void> => {
  for (const sql of CHANGES[change]) await rig.source.query(sql.replaceAll('?', String(round % 500)));
};

const apply = async (): Promise<string> => {
  const { code, stdout, stderr } = await rig.run(['apply', plan, '--confirm-target', 'staging']);
  expect(code, stdout + stderr).toBe(0);
  return stdout;
};

const contentOf = async (server: 'source' | 'target'): Promise<string> =>
  JSON.stringify(await rig.contentOf(server, 'shop'));

interface End {
  readonly change: Change;
  readonly victim: Trial['victim'];
  readonly code: number | null;
  readonly live: 'same' | 'old' | 'new' | 'neither';
  readonly wasSwapping: boolean;
  readonly wasLate: boolean;
  readonly hasStarted: boolean;
  readonly hasGoneOn: boolean;
}

const runTrial = async (trial: Trial, change: Change, whole: WholeRun, round: number): Promise<End> => {
  await makeChange(change, round);
  const [old, fresh] = [await contentOf('target'), await contentOf('source')];
  const cli = rig.startApply(plan);
  await waitForMoment(rig, cli, trial, whole);
  const wasLate = !(await killVictim(rig, cli, trial.victim));
  const { code } = await cli.ended;
  if (trial.victim === 'source server') await rig.source.restart();
  if (trial.victim === 'target server') await rig.target.restart();
  const wasSwapping = await settle(rig, () => true);
  const now = await contentOf('target');
  const isOld = now === old;
  const live = now === fresh ? (isOld ? 'same' : 'new') : isOld ? 'old' : 'neither';
  const recap = await apply();
  expect(await contentOf('target')).toBe(fresh);
  const hasStarted = recap.includes('started from what was kept');
  const hasGoneOn = recap.includes('started from a copy that was not finished');
  return { change, victim: trial.victim, code, live, wasSwapping, wasLate, hasStarted, hasGoneOn };
};

const measureWhole = async (): Promise<WholeRun> => {
  await makeChange('some rows of both', 2);
  const before = passedBytes(rig);
  const startedAt = performance.now();
  const { code, stdout } = await rig.startApply(plan).ended;
  expect(code, stdout).toBe(0);
  expect(stdout).toContain('2 tables started from what was kept');
  return { bytes: passedBytes(rig) - before, milliseconds: performance.now() - startedAt };
};

const render = (ends: readonly End[]): string => {
  const row = (name: string, of: readonly End[]): string =>
    [
      name.padEnd(30),
      ...[
        of.length,
        ...(['same', 'old', 'new', 'neither'] as const).map(
          (live) => of.filter((end) => end.live === live).length,
        ),
        of.filter(({ wasSwapping }) => wasSwapping).length,
        of.filter(({ wasLate }) => wasLate).length,
        of.filter(({ hasStarted }) => hasStarted).length,
        of.filter(({ hasGoneOn }) => hasGoneOn).length,
      ].map((number) => String(number).padStart(9)),
    ].join('');
  const head = ['trials', 'same', 'old', 'new', 'neither', 'in swap', 'late', 'patched', 'resumed'];
  return [
    ''.padEnd(30) + head.map((word) => word.padStart(9)).join(''),
    ...VICTIMS.map((victim) =>
      row(
        `SIGKILL of ${victim}`,
        ends.filter((end) => end.victim === victim),
      ),
    ),
    ...Object.keys(CHANGES).map((change) =>
      row(
        change,
        ends.filter((end) => end.change === change),
      ),
    ),
  ].join('\n');
};

test(
  `${String(count)} refreshes of seed ${String(seed)}: the target is old or new, and the next one goes on`,
  async () => {
    const whole = await measureWhole();
    const random = startRandom(seed);
    const pick = <Item>(items: readonly Item[]): Item | undefined =>
      items[Math.floor(random() * items.length)];
    const ends: End[] = [];
    for (let round = 0; round < count; round += 1) {
      const victim = VICTIMS[round % VICTIMS.length] ?? 'mysql-sync';
      const change = pick(Object.keys(CHANGES) as Change[]) ?? 'nothing';
      const trial = {
        victim,
        engine: 'native',
        unit: (change === 'nothing' ? undefined : pick(UNITS)) ?? 'milliseconds',
        share: random(),
      } as const;
      ends.push(await runTrial(trial, change, whole, round + 3));
    }
    if (count > VICTIMS.length) process.stdout.write(`\n${render(ends)}\n\n`);
    expect(ends.filter(({ live }) => live === 'neither')).toEqual([]);
    expect(ends.filter(({ code, live }) => code === 0 && live === 'old')).toEqual([]);
  },
  120_000 + count * 30_000,
);
