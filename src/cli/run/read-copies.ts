import { isScratchDatabase, isSystemDatabase } from '../../core/names.js';
import type { DatabaseName } from '../../core/names.js';
import { describeAddress, type Endpoint } from '../../core/server/connection.js';
import { type KeptPrevious, type LiveCopy, listLiveCopies } from '../../core/run/live-copies.js';
import type { PastRun } from '../../core/run/run.js';
import type { ReadScratch } from '../../engine/journal.js';
import type { FoundProvenance } from '../../engine/ports/records.js';
import type { TargetServer } from '../../engine/ports/target-server.js';
import { listClaims, listMarks, parseFound, provenanceKey } from '../../engine/provenance.js';
import type { KeptContent } from '../../engine/roll-back.js';
import type { Screen } from '../frame/screen.js';
import type { Services } from '../services/compose.js';
import { isUnusable } from '../services/unusable-store.js';

/** A target that is open, and what its journals tell. */
export interface KnownTarget {
  readonly target: TargetServer;
  readonly endpoint: Endpoint;
  readonly found: readonly ReadScratch[];
  readonly kept: readonly KeptContent[];
}

/** Everything that tells of the databases of a target, and what is `expected` there. Reads no rows. */
export const readCopies = async (
  services: Services<'memory'>,
  { target, endpoint, found, kept }: KnownTarget,
  screen: Pick<Screen, 'notice'>,
  expected: readonly DatabaseName[] = [],
): Promise<readonly LiveCopy[]> => {
  const [written, there, runs] = await Promise.all([
    target.readProvenance(),
    target.listDatabases(),
    readRunsOn(services, endpoint, screen),
  ]);
  if (written.kind === 'refused') screen.notice(`warning: ${explainRefused(written)}`);
  const spell = spellAsServer(target, there);
  // Nothing is a copy that no run can have made.
  const records = parseFound(written)
    .filter(({ live }) => !isSystemDatabase(live) && !isScratchDatabase(live))
    .map((record) => ({ ...record, live: spell(record.live) }));
  const previous = kept.map(toPrevious);
  const evidence = {
    records,
    marks: listMarks(found),
    claims: listClaims(found),
    kept: previous,
    runs,
    expected: expected.map((name) => spell(provenanceKey(target, name))),
  };
  const everywhere = new Map(there.map((name) => [name, 0]));
  const names = listLiveCopies({ ...evidence, sizes: everywhere }).map(({ database }) => database);
  const present = names.filter((name) => everywhere.has(name));
  const [sizes, writes] = await Promise.all([
    target.measureDatabases(present),
    target.readLastWrites(present),
  ]);
  const measured = new Map(there.map((name) => [name, sizes.get(name) ?? 0]));
  return listLiveCopies({ ...evidence, sizes: measured }).map((copy) => {
    const { updatedAt = null, createdAt = null } = writes.get(copy.database) ?? {};
    const latest = [updatedAt, createdAt]
      .flatMap((time) => time ?? [])
      .toSorted()
      .at(-1);
    const isSince = latest !== undefined && copy.liveAt !== null && latest > copy.liveAt;
    return { ...copy, changedAt: isSince ? latest : null };
  });
};

const explainRefused = ({ reason, isDenied }: Extract<FoundProvenance, { kind: 'refused' }>): string =>
  isDenied
    ? `${reason}: what the target has written down of its databases is not known`
    : `${reason}, so it is not what mysql-sync writes down of databases`;

/** By the names that the target has now, where it tells no cases apart. */
const spellAsServer = (
  target: TargetServer,
  there: readonly DatabaseName[],
): ((key: DatabaseName) => DatabaseName) => {
  const spelled = new Map(there.map((name) => [provenanceKey(target, name), name]));
  return (key) => spelled.get(key) ?? key;
};

const toPrevious = ({ journal, bytes }: KeptContent): KeptPrevious => ({
  live: journal.live,
  run: journal.run,
  plan: journal.plan.name,
  startedAt: journal.startedAt,
  scratch: journal.retired,
  tables: journal.swap.outgoing?.tables.length ?? null,
  bytes,
});

/** Runs on this target, the newest first. What the target itself tells is worth showing without them. */
const readRunsOn = async (
  services: Pick<Services<'memory'>, 'memory'>,
  endpoint: Endpoint,
  screen: Pick<Screen, 'notice'>,
): Promise<readonly PastRun[]> => {
  try {
    const history = await services.memory.history();
    const runs = await history.listRuns({ limit: Number.MAX_SAFE_INTEGER });
    const address = describeAddress(endpoint);
    return runs.filter(({ target }) => target.name === endpoint.name || target.address === address);
  } catch (error) {
    if (!isUnusable(error)) throw error;
    screen.notice(`warning: the history of this machine cannot be read: ${error.message}`);
    return [];
  }
};
