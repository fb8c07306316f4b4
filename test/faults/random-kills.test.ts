import { afterAll, beforeAll, expect, test } from 'vitest';
import { type FaultRig, startFaultRig } from '../support/fault-rig.js';
import {
  type TrialEnd,
  VICTIMS,
  drawTrials,
  measureWholeRun,
  renderTrials,
  runTrial,
} from '../support/kill-trials.js';

/** SIGKILL of any process at a random moment. `node bench/faults.mjs` runs many of these trials and prints the table. */

const count = Number(process.env['MYSQL_SYNC_FAULT_TRIALS'] ?? VICTIMS.length);
const seed = Number(process.env['MYSQL_SYNC_FAULT_SEED'] ?? 4);

let rig: FaultRig;
beforeAll(async () => {
  rig = await startFaultRig();
});
afterAll(async () => rig.stop());

test(
  `${String(count)} trials of seed ${String(seed)}: the target is old or new, and the next apply goes on`,
  async () => {
    const whole = { dump: await measureWholeRun(rig, 'dump'), native: await measureWholeRun(rig, 'native') };
    const ends: TrialEnd[] = [];
    for (const trial of drawTrials(count, seed)) ends.push(await runTrial(rig, trial, whole[trial.engine]));
    if (count > VICTIMS.length) process.stdout.write(`\n${renderTrials(ends)}\n\n`);
    expect(ends.filter(({ live }) => live === 'neither')).toEqual([]);
    expect(ends.filter(({ exitCode, live }) => exitCode === 0 && live !== 'new')).toEqual([]);
  },
  60_000 + count * 30_000,
);
