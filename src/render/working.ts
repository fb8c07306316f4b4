import { makePrintable } from '../core/printable.js';
import type { WorkingRun } from '../core/run/working-run.js';
import { formatRelativeTime } from './relative-time.js';

/** A line for each database that a run is at. */
export const renderWorking = (working: readonly WorkingRun[], now: Date): readonly string[] =>
  working.map(({ database, run, plan, startedAt, phase, by }) => {
    const doing = phase === 'staging' ? 'is copied' : 'is swapped';
    const who = by === null ? '' : `, ${makePrintable(by)}`;
    return `${makePrintable(database)} ${doing} by run ${run} of ${makePrintable(plan)}${who}, begun ${makePrintable(formatRelativeTime(startedAt, now))}`;
  });
