import { execFileSync } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import { createServers } from '../../src/adapters/mysql/servers.js';
import { readScratch } from '../../src/engine/journal.js';
import { type MayStay, listUnfinished } from '../../src/engine/unfinished.js';
import { recoverAll } from './dying-run.js';
import type { RunningCli } from './cli.js';
import type { FaultRig } from './fault-rig.js';
import { startRandom } from './random.js';
import { endpointOf } from './server-endpoint.js';

export const VICTIMS = [
  'mysql-sync',
  'dump client',
  'load client',
  'source server',
  'target server',
] as const;
export type Victim = (typeof VICTIMS)[number];

export interface Trial {
  readonly victim: Victim;
  readonly engine: 'dump' | 'native';
  /** How the moment is found: after so many bytes on the way to both servers, after so much time, or in the swap. */
  readonly unit: 'bytes' | 'milliseconds' | 'swap';
  /** Of a whole run, or of its swap, from 0 to 1. */
  readonly share: number;
}

export interface TrialEnd {
  readonly trial: Trial;
  readonly exitCode: number | null;
  /** The live database when all is quiet again: a swap that was cut off has been settled by the next run. */
  readonly live: 'old' | 'new' | 'neither';
  /** The kill came in the middle of a swap. */
  readonly wasSwapping: boolean;
  /** The run had ended before its victim was there to be killed. */
  readonly wasLate: boolean;
}

/** The same trials for the same seed, every victim as often as the others. */
export const drawTrials = (count: number, seed: number): readonly Trial[] => {
  const random = startRandom(seed);
  return Array.from({ length: count }, (_, index) => {
    const victim = VICTIMS[index % VICTIMS.length] ?? 'mysql-sync';
    const isClient = victim.endsWith('client');
    const engine = isClient || random() < 0.5 ? 'dump' : 'native';
    const units = isClient ? (['bytes', 'milliseconds'] as const) : UNITS;
    const unit = units[Math.floor(random() * units.length)] ?? 'bytes';
    return { victim, engine, unit, share: random() };
  });
};

const UNITS = ['bytes', 'milliseconds', 'swap'] as const;

/** Of a run that nobody disturbs. */
export interface WholeRun {
  readonly bytes: number;
  readonly milliseconds: number;
}

export const measureWholeRun = async (rig: FaultRig, engine: Trial['engine']): Promise<WholeRun> => {
  await rig.reset();
  return measureApply(rig, rig.planWith(`{engine: ${engine}}`));
};

export const measureApply = async (
  rig: FaultRig,
  plan: string,
): Promise<WholeRun & { readonly stdout: string }> => {
  const before = passedBytes(rig);
  const startedAt = performance.now();
  const { code, stdout } = await rig.startApply(plan).ended;
  if (code !== 0) throw new Error(stdout);
  return { stdout, bytes: passedBytes(rig) - before, milliseconds: performance.now() - startedAt };
};

const passedBytes = ({ proxies: { source, target } }: FaultRig): number =>
  source.passedBytes + target.passedBytes;

/** Kills one process at its moment with SIGKILL and looks at what is live afterwards. */
export const runTrial = async (rig: FaultRig, trial: Trial, whole: WholeRun): Promise<TrialEnd> => {
  await rig.reset();
  const plan = rig.planWith(`{engine: ${trial.engine}}`);
  const cli = rig.startApply(plan);
  await waitForMoment(rig, cli, trial, whole);
  const wasLate = !(await killVictim(rig, cli, trial.victim));
  const { code } = await cli.ended;
  if (trial.victim === 'source server') await rig.source.restart();
  if (trial.victim === 'target server') await rig.target.restart();
  const wasSwapping = await settle(rig);
  const live = await rig.liveContent();
  await rig.expectNextApplyGoesOn(plan);
  return { trial, exitCode: code, live, wasSwapping, wasLate };
};

/** From its first word on, and a little longer. */
const SWAP_MILLISECONDS = 250;

export const waitForMoment = async (
  rig: FaultRig,
  cli: RunningCli,
  { unit, share }: Trial,
  whole: WholeRun,
): Promise<void> => {
  if (unit === 'milliseconds') return delay(share * whole.milliseconds);
  if (unit === 'swap') {
    await cli.waitFor('shop: swapping in');
    return delay(share * SWAP_MILLISECONDS);
  }
  const before = passedBytes(rig);
  while (passedBytes(rig) - before < share * whole.bytes && cli.child.exitCode === null) await delay(1);
};

/** False when the run ended first. A client program may have to be waited for. */
export const killVictim = async (rig: FaultRig, cli: RunningCli, victim: Victim): Promise<boolean> => {
  if (victim === 'source server') rig.source.kill('SIGKILL');
  else if (victim === 'target server') rig.target.kill('SIGKILL');
  else if (victim === 'mysql-sync') return cli.child.kill('SIGKILL');
  else {
    let pid: number | undefined;
    while ((pid = findClient(cli, victim)) === undefined && cli.child.exitCode === null) await delay(5);
    if (pid === undefined) return false;
    process.kill(pid, 'SIGKILL');
  }
  return cli.child.exitCode === null;
};

const findClient = ({ child: { pid } }: RunningCli, victim: Victim): number | undefined => {
  const name = victim === 'dump client' ? /dump --defaults/ : /(mariadb|mysql) --defaults/;
  const line = execFileSync('ps', ['-eo', 'pid=,ppid=,args='], { encoding: 'utf8' })
    .split('\n')
    .find((one) => Number(one.trim().split(/\s+/)[1]) === pid && name.test(one));
  return line === undefined ? undefined : Number(line.trim().split(/\s+/)[0]);
};

/** Whether a run left a copy that the next one may go on from. */
export const hasUnfinished = async (rig: FaultRig): Promise<boolean> => {
  const target = await createServers().openTarget(endpointOf(rig.target));
  try {
    return listUnfinished(await readScratch(target), () => true).length > 0;
  } finally {
    await target.close();
  }
};

/** What the next apply or rollback does first. Tells whether a swap was cut off. */
export const settle = async (rig: FaultRig, mayStay?: MayStay): Promise<boolean> => {
  const target = await createServers().openTarget(endpointOf(rig.target));
  try {
    const found = await readScratch(target);
    await recoverAll(target, mayStay);
    return found.some(({ journal }) => journal?.phase === 'swapping');
  } finally {
    await target.close();
  }
};

/** One line for each victim. */
export const renderTrials = (ends: readonly TrialEnd[]): string => {
  const count = (of: (end: TrialEnd) => boolean, victim: Victim): string =>
    String(ends.filter((end) => end.trial.victim === victim && of(end)).length).padStart(8);
  const lines = VICTIMS.map((victim) =>
    [
      `SIGKILL of ${victim}`.padEnd(26),
      count(() => true, victim),
      count(({ live }) => live === 'old', victim),
      count(({ live }) => live === 'new', victim),
      count(({ live }) => live === 'neither', victim),
      count(({ wasSwapping }) => wasSwapping, victim),
      count(({ wasLate }) => wasLate, victim),
    ].join(''),
  );
  const head = ['trials', 'old', 'new', 'neither', 'in swap', 'late'].map((word) => word.padStart(8));
  return ['fault'.padEnd(26) + head.join(''), ...lines].join('\n');
};
