import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type FaultRig, startFaultRig } from '../support/fault-rig.js';
import {
  type Trial,
  type WholeRun,
  hasUnfinished,
  killVictim,
  measureApply,
  settle,
  waitForMoment,
} from '../support/kill-trials.js';
import { availableFlavors } from '../support/flavors.js';
import { startRandom } from '../support/random.js';

/**
 * SIGKILL at a random moment of refreshes that keep, patch and copy tables, one after the other: each starts from what the one
 * before kept. Of every third, a refresh before it was killed while it copied, so that it goes on from an unfinished copy. `node bench/faults.mjs --refresh` runs many of these trials and prints the table.
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

/** Those that make a refresh copy rows. */
const COPIED: readonly Change[] = [
  'some rows of one table',
  'some rows of both',
  'rows that go',
  'every row of one table',
];

const count = Number(process.env['MYSQL_SYNC_FAULT_TRIALS'] ?? VICTIMS.length);
const seed = Number(process.env['MYSQL_SYNC_FAULT_SEED'] ?? 4);
const flavorId = process.env['MYSQL_SYNC_FAULT_FLAVOR'] ?? 'mariadb-10.11';
const rule = process.env['MYSQL_SYNC_FAULT_REFRESH'] ?? 'auto';

let rig: FaultRig;
let plan: string;
beforeAll(async () => {
  const flavor = availableFlavors().find(({ id }) => id === flavorId);
  if (!flavor) throw new Error(`${flavorId} is not there`);
  rig = await startFaultRig({ flavor });
  plan = rig.planWith(`{engine: native, refresh: ${rule}}`);
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

/** A refresh that is killed while it copies. */
const leaveUnfinished = async (share: number, { milliseconds }: WholeRun): Promise<void> => {
  const cli = rig.startApply(plan);
  await cli.waitFor('shop: copying');
  await delay(share * COPYING * milliseconds);
  cli.child.kill('SIGKILL');
  await cli.ended;
  await settle(rig, () => true);
};

/** Of a refresh that some rows are copied in, so much is the copy. */
const COPYING = 0.2;

/** What the target was when the last trial ended. */
let known: string | undefined;

interface Drawn {
  readonly trial: Trial;
  readonly change: Change;
  /** What a refresh before it was killed in the middle of; undefined where there was none. */
  readonly earlier: { readonly change: Change; readonly share: number } | undefined;
}

interface End {
  readonly change: Change;
  readonly victim: Trial['victim'];
  readonly code: number | null;
  readonly live: 'same' | 'old' | 'new' | 'neither';
  readonly wasSwapping: boolean;
  readonly wasLate: boolean;
  /** There was an unfinished copy when it began. */
  readonly wasBegun: boolean;
  /** What it, or the one after it, said of tables. */
  readonly ways: readonly Way[];
}

const WAYS = {
  kept: 'stayed: the rows are those of the source',
  patched: 'started from what was kept',
  resumed: 'started from a copy that was not finished',
} as const;
type Way = keyof typeof WAYS;

const runTrial = async ({ trial, change, earlier }: Drawn, whole: WholeRun, round: number): Promise<End> => {
  if (earlier) {
    await makeChange(earlier.change, round + 250);
    await leaveUnfinished(earlier.share, whole);
  }
  const wasBegun = await hasUnfinished(rig);
  await makeChange(change, round);
  const old = earlier ? await contentOf('target') : (known ?? (await contentOf('target')));
  const fresh = await contentOf('source');
  const cli = rig.startApply(plan);
  await waitForMoment(rig, cli, trial, whole);
  const wasLate = !(await killVictim(rig, cli, trial.victim));
  const { code, stdout } = await cli.ended;
  if (trial.victim === 'source server') await rig.source.restart();
  if (trial.victim === 'target server') await rig.target.restart();
  const wasSwapping = await settle(rig, () => true);
  const now = await contentOf('target');
  const isOld = now === old;
  const live = now === fresh ? (isOld ? 'same' : 'new') : isOld ? 'old' : 'neither';
  const recaps = stdout + (await apply());
  expect(await contentOf('target')).toBe(fresh);
  known = fresh;
  const ways = (Object.keys(WAYS) as Way[]).filter((way) => recaps.includes(WAYS[way]));
  return { change, victim: trial.victim, code, live, wasSwapping, wasLate, wasBegun, ways };
};

const measureWhole = async (): Promise<WholeRun> => {
  await makeChange('some rows of both', 2);
  const whole = await measureApply(rig, plan);
  expect(whole.stdout).toContain('2 tables started from what was kept');
  return whole;
};

const renderEnd = ({ change, victim, live, wasSwapping, wasBegun, ways }: End, round: number): string =>
  [
    `${String(round + 1).padStart(4)}  ${victim}, ${change}: ${live}${wasSwapping ? ', in the swap' : ''}`,
    ...(wasBegun ? ['an unfinished copy was there'] : []),
    ...ways,
  ].join(', ');

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
        ...(['kept', 'patched'] as const).map((way) => of.filter(({ ways }) => ways.includes(way)).length),
        of.filter(({ wasBegun }) => wasBegun).length,
        of.filter(({ wasBegun, ways }) => wasBegun && ways.includes('resumed')).length,
        of.filter(({ ways }) => ways.includes('resumed')).length,
      ].map((number) => String(number).padStart(9)),
    ].join('');
  const outcomes = ['trials', 'same', 'old', 'new', 'neither', 'in swap', 'late'];
  const head = [...outcomes, 'kept', 'patched', 'begun', 'of these', 'resumed'];
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
      // One of each three victims in turn.
      const hasEarlier = round % 3 === Math.floor(round / 3) % 3;
      const earlier = hasEarlier ? { change: pick(COPIED) ?? 'rows that go', share: random() } : undefined;
      const trial = {
        victim,
        engine: 'native',
        unit: (change === 'nothing' ? undefined : pick(UNITS)) ?? 'milliseconds',
        share: random(),
      } as const;
      const end = await runTrial({ trial, change, earlier }, whole, round + 3);
      ends.push(end);
      if (count > VICTIMS.length) process.stdout.write(`${renderEnd(end, round)}\n`);
    }
    if (count > VICTIMS.length) process.stdout.write(`\n${render(ends)}\n\n`);
    expect(ends.filter(({ live }) => live === 'neither')).toEqual([]);
    expect(ends.some(({ wasBegun }) => wasBegun)).toBe(true);
    expect(ends.filter(({ code, live }) => code === 0 && live === 'old')).toEqual([]);
  },
  120_000 + count * 30_000,
);
