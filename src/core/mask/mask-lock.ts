import type { Detector } from './detector.js';
import type { MaskDecision } from './mask-rule.js';

/** What somebody decided about one column, and what the column was then. */
export interface LockedColumn {
  readonly decision: MaskDecision;
  /** As the source writes it, with length and attributes. */
  readonly type: string;
  /** Part of a unique index. */
  readonly isUnique: boolean;
  readonly reason?: string;
  /** What may be found in it, because it is nobody's data. */
  readonly allow?: readonly Detector[];
}

/** The file beside a plan that holds a decision for every column of its copies. */
export interface MaskLock {
  readonly path: string;
  /** SHA-256 of the file's bytes, hex. */
  readonly digest: string;
  /** By `nameColumn` of database, table and column, in lower case. */
  readonly columns: ReadonlyMap<string, LockedColumn>;
}

/** `plans/shop.mask.lock.yaml` of `plans/shop.yaml`. */
export const lockPathOf = (planPath: string): string =>
  `${planPath.replace(/(?<=[^/\\])\.ya?ml$/, '')}.mask.lock.yaml`;

export const isSameDecision = (one: MaskDecision, other: MaskDecision): boolean =>
  JSON.stringify(showDecision(one)) === JSON.stringify(showDecision(other));

/** As a plan writes it. */
export type WrittenDecision = string | null | Readonly<Record<string, unknown>>;

/** As a plan writes it. */
export const showDecision = (decision: MaskDecision): WrittenDecision => {
  switch (decision.kind) {
    case 'null':
      return null;
    case 'value':
      return { value: decision.value };
    case 'date-to':
      return { date: decision.unit };
    case 'ends':
      return { ends: decision.keep };
    case 'sql':
      return { sql: decision.sql };
    case 'json':
      return {
        json: Object.fromEntries(decision.paths.map(({ path, rule }) => [path, showDecision(rule)])),
      };
    default:
      return decision.kind;
  }
};

/** In one line for people: `email`, `ends: 4`, `null`. */
export const describeDecision = (decision: MaskDecision): string => {
  const written = showDecision(decision);
  if (typeof written === 'string') return written;
  return written === null ? 'null' : JSON.stringify(written);
};

/** Leaves a rule more of the values than the one that was accepted, or may it do so? */
export const isWeaker = (now: MaskDecision, locked: MaskDecision): boolean => {
  if (isSameDecision(now, locked)) return false;
  if (strengthOf(now) !== strengthOf(locked)) return strengthOf(now) < strengthOf(locked);
  if (now.kind === 'ends' && locked.kind === 'ends') return now.keep > locked.keep;
  if (now.kind === 'date-to' && locked.kind === 'date-to') return now.unit === 'month';
  // What an expression, a part of a document or another part of the value leaves is for a person to see.
  return strengthOf(now) <= AUTHORED;
};

const AUTHORED = 2;

/** 0 keeps all, 1 a part, 2 what its author left, 3 nothing but which values are equal, 4 not even that. */
const strengthOf = ({ kind }: MaskDecision): number => {
  if (kind === 'keep') return 0;
  if (kind === 'ends' || kind === 'date-to' || kind === 'digits') return 1;
  if (kind === 'sql' || kind === 'json') return AUTHORED;
  return kind === 'null' || kind === 'default' || kind === 'value' ? 4 : 3;
};
