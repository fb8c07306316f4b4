import type { DatabaseName, RunId } from '../names.js';
import type { LiveRecord, ProvenanceRecord } from './provenance.js';

/** What the signed journals on a target say of a live database, beside its record. */
export interface JournalMark {
  readonly live: DatabaseName;
  readonly run: RunId;
  /** RFC 3339 */
  readonly startedAt: string;
  readonly phase: 'swapping' | 'kept';
}

/**
 * How a record stands to what else the target tells. `unsettled`: a swap of that run has begun, and nothing says how it ended.
 * `superseded`: that run made something else live and left no record.
 */
export type Standing =
  | { readonly kind: 'none' }
  | { readonly kind: 'known'; readonly record: LiveRecord }
  | { readonly kind: 'unsettled' | 'superseded'; readonly run: RunId };

/**
 * A record is written around a swap, and a run can be killed there or have no right to write; the journals of the same
 * database tell of that. `marks` are those of this database.
 */
export const judgeRecord = (
  record: ProvenanceRecord | undefined,
  marks: readonly Omit<JournalMark, 'live'>[],
): Standing => {
  const swapping = marks.find(({ phase }) => phase === 'swapping');
  if (swapping) return { kind: 'unsettled', run: swapping.run };
  if (!record) return { kind: 'none' };
  if (record.phase === 'swapping') {
    const isDone = marks.some(({ run }) => run === record.run);
    if (!isDone) return { kind: 'unsettled', run: record.run };
    return record.next ? { kind: 'known', record: record.next } : { kind: 'none' };
  }
  const later = marks.find(({ run, startedAt }) => run !== record.run && startedAt > record.startedAt);
  return later ? { kind: 'superseded', run: later.run } : { kind: 'known', record };
};
