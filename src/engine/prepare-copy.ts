import type { CopyRecord } from '../core/change/copy-record.js';
import { traitsOf } from '../core/plan/row-engines.js';
import type { Phase } from '../core/run/run-event.js';
import { type CopyToRecord, readPositions } from './describe-origin.js';
import { readMarks } from './record-copy.js';
import { withKept } from './refresh-database.js';
import type { CopiedDatabase, DatabaseRun, StagedDatabase } from './run-context.js';
import { copyRows } from './tasks/copy.js';
import { preserveRows } from './tasks/preserve-rows.js';
import { refuseLeaks } from './tasks/refuse-leaks.js';
import { runHooks } from './tasks/run-hooks.js';
import { stageDatabase } from './tasks/stage.js';
import { readTables } from './read-tables.js';
import { type SourceDigests, digestSource, verifyCopy } from './tasks/verify.js';

/** A verified copy in its staging database. */
export interface PreparedCopy extends CopyToRecord {
  readonly staged: StagedDatabase;
  readonly marks: CopyRecord['tables'];
}

/** From an empty staging database to a copy that is verified, with what the plan adds to it. What is live has not changed then. */
export const prepareCopy = async (context: DatabaseRun): Promise<PreparedCopy> => {
  enter(context, 'stage');
  // Asked on the side, so that nobody waits for it.
  const [staged, positions] = await Promise.all([stageDatabase(context), readPositions(context.source)]);
  enter(context, 'copy');
  const moment = context.moment ?? { positions, asOf: context.ports.clock.now().toISOString() };
  const { copied, digests } = await copyAndDigest(context, staged);
  await copySequences(context, staged);
  await context.target.setCounters(context.journal.staging, copied.adopted);
  enter(context, 'verify');
  const { verification, tables } = await verifyCopy(context, staged, copied, digests);
  const masks = await refuseLeaks(context, copied);
  const { preserve = [], hooks = [] } = context.change;
  const kept = preserve.flatMap(({ live, ...one }) => (live === null ? [] : [{ ...one, live }]));
  if (kept.length > 0) enter(context, 'preserve');
  const preserved = await preserveRows(context, kept);
  if (hooks.length > 0) enter(context, 'hooks');
  const results = await runHooks(context, hooks);
  const isAltered = kept.length + hooks.length > 0;
  const now = isAltered ? await readTables(context.target, context.journal.staging) : tables;
  const copy = { context, staged, copied, moment, masks, preserved };
  return {
    ...copy,
    verification: withKept(verification, context.kept),
    hooks: results,
    marks: [...readMarks(context, now), ...context.kept.map(({ record }) => record)],
  };
};

/** Tells that a phase of a database begins. @throws what the run was stopped with */
export const enter = ({ change, signals, ports }: DatabaseRun, phase: Phase): void => {
  signals.abort.throwIfAborted();
  ports.events({ type: 'phase-started', database: change.to, phase });
};

/** The source is digested while its rows travel, in a snapshot opened before the first row leaves. */
const copyAndDigest = async (
  context: DatabaseRun,
  staged: StagedDatabase,
): Promise<{ copied: CopiedDatabase; digests: SourceDigests }> => {
  // An engine that proves its copies itself does so in its own snapshot, which is better than a second one.
  if (traitsOf(context.ports.rowEngine.name).provesCopies)
    return { copied: await copyRows(context, staged), digests: new Map() };
  const snapshot = await context.source.openSnapshot(context.plan.mask?.key);
  try {
    const digesting = digestSource(context, staged, snapshot);
    // When the copy fails first, closing the snapshot fails the digest, and nobody is left to hear of it.
    digesting.catch(() => undefined);
    const copied = await copyRows(context, staged);
    return { copied, digests: await digesting };
  } finally {
    await snapshot.close();
  }
};

/** Rows may hold values that a sequence gave out meanwhile, so its state is read after them: it must never give one twice. */
const copySequences = async (
  { change, source, target, journal }: DatabaseRun,
  { tables }: StagedDatabase,
): Promise<void> => {
  const sequences = tables.filter(({ kind }) => kind === 'sequence').map(({ name }) => name);
  if (sequences.length === 0) return;
  await target.setSequences(journal.staging, await source.readTableDefinitions(change.from, sequences));
};
