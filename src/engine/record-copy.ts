import {
  type CopiedTableRecord,
  type CopyRecord,
  type WriteMark,
  readWriteMark,
} from '../core/change/copy-record.js';
import { fingerprintOfHooks } from '../core/change/hooks.js';
import { fingerprintOfPreserve } from '../core/change/preserve.js';
import { SyncError } from '../core/errors.js';
import { fingerprintOfMasks } from '../core/change/mask-fingerprint.js';
import type { ServerFacts, TableInventory } from '../core/server/inventory.js';
import type { TargetServer } from './ports/target-server.js';
import type { DatabaseRun } from './run-context.js';

/**
 * The source's marks are those from before its rows were read, so that a write meanwhile shows; the copy's are from its
 * staging database, and the swap leaves them as they are.
 */
export const readMarks = (
  { change, inventory, source, target }: DatabaseRun,
  staged: readonly TableInventory[],
): readonly CopiedTableRecord[] =>
  change.tables
    .filter(({ action }) => action === 'create' || action === 'replace')
    .map(({ name, content }) => ({
      name,
      content,
      source: describeMark(inventory.tables, name, source.facts),
      target: describeMark(staged, name, target.facts),
    }));

export const describeMark = (
  tables: readonly TableInventory[],
  wanted: string,
  { flavor }: Pick<ServerFacts, 'flavor'>,
): WriteMark => {
  const table = tables.find(({ name }) => name === wanted);
  return table ? readWriteMark(table, flavor) : null;
};

/** The target's time. What it was asked for is live by now, so a target that does not answer is no failure. */
export const readLiveAt = async (target: TargetServer): Promise<string | undefined> => {
  try {
    const time = (await target.readClocks(['+00:00'])).get('+00:00');
    return time === undefined ? undefined : `${time.replace(' ', 'T')}Z`;
  } catch (error) {
    if (error instanceof SyncError) return undefined;
    throw error;
  }
};

/** What a later plan compares with. */
export const recordCopy = (
  { plan, change, journal, source, target, ports }: DatabaseRun,
  tables: CopyRecord['tables'],
  liveAt: string,
): CopyRecord => {
  const hooks = fingerprintOfHooks(change);
  const masks = fingerprintOfMasks(change, plan.mask);
  const preserve = fingerprintOfPreserve(change);
  return {
    run: journal.run,
    source: { identity: source.facts.identity, database: change.from },
    target: { identity: target.facts.identity, database: change.to },
    at: ports.clock.now().toISOString(),
    liveAt,
    tables,
    ...(hooks === undefined ? {} : { hooks }),
    ...(masks === undefined ? {} : { masks }),
    ...(preserve === undefined ? {} : { preserve }),
  };
};
