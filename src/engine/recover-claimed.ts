import type { RecoveryStep } from '../core/change/recovery.js';
import { sha256Hex } from '../core/fingerprint.js';
import { type DatabaseName, nameScratchDatabase, parseScratchName, toRunId } from '../core/names.js';
import { type ReadScratch, readScratch } from './journal.js';
import type { RunLock } from './ports/locks.js';
import type { TargetServer } from './ports/target-server.js';
import { type Recovery, performRecovery, planRecovery, refuseUnapproved } from './recover.js';
import { listSwapping } from './swapped-together.js';
import type { MayStay } from './unfinished.js';

export interface ClaimedNames {
  /** Live databases, whose locks this worker has. */
  readonly names: readonly DatabaseName[];
  readonly savedPlan: string;
  /** With the saved plan. */
  readonly approved: readonly RecoveryStep[];
  readonly mayStay: MayStay;
}

/** Scratch databases that are there for these live databases, by their names alone. */
export const listScratchOf = (
  scratch: readonly DatabaseName[],
  live: readonly DatabaseName[],
): readonly DatabaseName[] => {
  const hashes = new Set(live.map(hashOf));
  return scratch.filter((name) => hashes.has(parseScratchName(name)?.hash));
};

/** As the names of scratch databases have it. */
const hashOf = (live: DatabaseName): string | undefined =>
  parseScratchName(nameScratchDatabase('new', toRunId('aaaaaa'), sha256Hex(live)))?.hash;

/**
 * Puts in order what killed runs left of databases that this worker has claimed, and nothing else: what is there of
 * others may be another worker's, at work. Of this saved plan everything may be settled, of other runs what was approved.
 * @throws SyncError PLAN_STALE when there is more to do
 */
export const recoverClaimed = async (
  target: TargetServer,
  lock: RunLock,
  { names, savedPlan, approved, mayStay }: ClaimedNames,
): Promise<Recovery> => {
  const there = await readScratch(target);
  const wanted = new Set(
    listScratchOf(
      there.map(({ database }) => database),
      names,
    ),
  );
  const found = there.filter(({ database }) => wanted.has(database));
  const apart = findApart(found, names);
  const mine = found.filter(({ journal }) => journal === undefined || !apart.has(journal.live));
  const plan = await planRecovery(target, mine, mayStay);
  const ownRuns = new Set(
    mine.flatMap(({ journal }) => (journal?.savedPlan === savedPlan ? [journal.run] : [])),
  );
  const own = plan.steps.filter(({ run }) => run === null || ownRuns.has(run));
  refuseUnapproved([...approved, ...own], plan.steps);
  const recovery = await performRecovery(target, lock, mine, plan);
  return { ...recovery, unsettled: new Map([...recovery.unsettled, ...apart]) };
};

/** Databases whose swap was one with others that this worker has not claimed, and why that keeps it from being settled. */
const findApart = (
  found: readonly ReadScratch[],
  names: readonly DatabaseName[],
): ReadonlyMap<DatabaseName, string> =>
  new Map(
    listSwapping(found).flatMap(({ live, together = [] }) => {
      const other = together.find((name) => !names.includes(name));
      const reason = `it was swapped together with ${other ?? ''}, so only an apply without --claim can settle it`;
      return other === undefined ? [] : [[live, reason]];
    }),
  );
