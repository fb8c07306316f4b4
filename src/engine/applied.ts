import type { AppliedRecord } from '../core/run/applied-record.js';
import { SyncError } from '../core/errors.js';
import type { JournalHeader } from './journal-form.js';
import type { FoundApplied } from './ports/locks.js';
import type { TargetServer } from './ports/target-server.js';
import { provenanceKey } from './provenance.js';

type Header = Pick<JournalHeader, 'live' | 'run' | 'savedPlan'>;

/**
 * Writes down that these databases of a saved plan are live, so that no other worker copies them again. Called while their
 * journals are open: whoever settles the swap of a run that was killed writes it too. Nothing of what has no saved plan;
 * where the account may not, the plan is one that no worker shares.
 */
export const recordApplied = (target: TargetServer, headers: readonly Header[]): Promise<void> =>
  forEachPlan(target, headers, (plan, records) => target.writeApplied(plan, records));

/** Of swaps that a killed run had begun, after they were finished or undone. Null when it is done, or why it is not. */
export const settleApplied = async (
  target: TargetServer,
  unit: readonly Header[],
  end: 'finished' | 'undone',
): Promise<unknown> => {
  try {
    if (end === 'finished') await recordApplied(target, unit);
    else await forEachPlan(target, unit, (plan, records) => target.forgetApplied(plan, records));
    return null;
  } catch (error) {
    return error;
  }
};

const forEachPlan = async (
  target: TargetServer,
  headers: readonly Header[],
  write: (savedPlan: string, records: readonly AppliedRecord[]) => Promise<unknown>,
): Promise<void> => {
  const plans = new Map<string, AppliedRecord[]>();
  for (const { savedPlan, live, run } of headers) {
    if (savedPlan === undefined) continue;
    const records = plans.get(savedPlan) ?? [];
    plans.set(savedPlan, [...records, { live: provenanceKey(target, live), run }]);
  }
  for (const [plan, records] of plans) await write(plan, records);
};

/**
 * What the target says of a saved plan.
 * @throws SyncError SERVER_ERROR where it cannot be read: taken for nothing, databases would be copied twice
 */
export const listApplied = (found: FoundApplied): readonly AppliedRecord[] => {
  if (found.kind === 'rows') return found.rows;
  const reason = found.kind === 'none' ? 'the table mysqlsync.applied is gone' : found.reason;
  throw new SyncError('SERVER_ERROR', {
    message: `which databases of this saved plan are applied cannot be read: ${reason}`,
  });
};
