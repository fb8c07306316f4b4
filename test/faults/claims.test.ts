import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  type ClaimTrialEnd,
  FAULTS,
  drawClaimTrials,
  listOddCodes,
  renderClaimTrials,
  runClaimTrial,
  startClaimRig,
} from '../support/claim-trials.js';
import type { Rig } from '../support/rig.js';

/** Workers of one saved plan, killed, paused or cut off. `node bench/claim-faults.mjs` runs many of these trials. */

const count = Number(process.env['MYSQL_SYNC_CLAIM_TRIALS'] ?? FAULTS.length);
const workers = Number(process.env['MYSQL_SYNC_CLAIM_WORKERS'] ?? 3);
const seed = Number(process.env['MYSQL_SYNC_FAULT_SEED'] ?? 1);

let rig: Rig;
beforeAll(async () => {
  rig = await startClaimRig();
});
afterAll(async () => rig.stop());

test(
  `${String(count)} trials of ${String(workers)} workers, seed ${String(seed)}: each database once, and whole`,
  async () => {
    const ends: ClaimTrialEnd[] = [];
    for (const trial of drawClaimTrials(count, workers, seed)) {
      const end = await runClaimTrial(rig, trial);
      ends.push(end);
      if (count > FAULTS.length) process.stdout.write(`${JSON.stringify(end)}\n`);
    }
    if (count > FAULTS.length) process.stdout.write(`\n${renderClaimTrials(ends)}\n\n`);
    expect(ends.filter(({ neither }) => neither.length > 0)).toEqual([]);
    expect(ends.filter(({ twice }) => twice.length > 0)).toEqual([]);
    expect(ends.filter((end) => listOddCodes(end).length > 0)).toEqual([]);
  },
  60_000 + count * 120_000,
);
