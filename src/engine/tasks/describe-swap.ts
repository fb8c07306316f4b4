import type { ProgramChange, TableChange } from '../../core/change/change-set.js';
import { SyncError } from '../../core/errors.js';
import { defaultsOf, keyOfProgram } from '../../core/server/inventory.js';
import { type ChosenEvents, chooseEvents } from '../choose-events.js';
import type { DatabaseRun, StagedDatabase } from '../run-context.js';
import type { DatabaseName, TableName } from '../../core/names.js';
import { readKeysToStaying } from './keys-to-staying.js';
import { readBefore } from './swap.js';
import type { DatabaseContent, Swap } from './swap-definition.js';

export interface DescribedSwap {
  readonly swap: Swap;
  readonly events: ChosenEvents;
}

/** Whether events are on is decided last: the target's own may have been switched on or off during the copy. */
export const describeSwap = async (
  context: DatabaseRun,
  { tables, programs }: StagedDatabase,
): Promise<DescribedSwap> => {
  const { plan, change, inventory, journal, target } = context;
  const outgoing = change.action === 'create' ? null : await readOutgoing(context);
  const events = await chooseEvents(programs, {
    options: plan.options,
    source: inventory.programs,
    live: outgoing?.programs ?? [],
    target,
  });
  const { staging, retired } = journal;
  const coming = tables.map(({ name }) => name);
  const isPartial = change.tables.some(({ action }) => action === 'keep');
  const readKeys = async (place: DatabaseName, names: readonly TableName[]) =>
    isPartial ? readKeysToStaying(target, { live: change.to, place, tables: names }) : {};
  const incoming = {
    tables: coming,
    programs: events.programs,
    defaults: change.defaults,
    printedAs: change.to,
    ...(await readKeys(staging, coming)),
  };
  // They follow tables that leave, and there are none.
  const outsideKeys = outgoing === null ? [] : await target.readOutsideKeys(change.to, outgoing.tables);
  const before = outgoing === null ? [] : await readBefore(target, change.to, outgoing.tables);
  const leaving = outgoing && { ...outgoing, ...(await readKeys(change.to, outgoing.tables)) };
  return {
    swap: { live: change.to, staging, retired, incoming, outgoing: leaving, outsideKeys, before },
    events,
  };
};

/** What is live now and has to leave: what the change set replaces or drops, never what it keeps. */
const readOutgoing = async ({ change, target }: DatabaseRun): Promise<DatabaseContent> => {
  const [live] = await target.inspectDatabases([change.to]);
  if (!live)
    throw new SyncError('PLAN_STALE', { message: `${change.to} vanished from the target during the run` });
  const isLeaving = ({ action }: TableChange | ProgramChange): boolean =>
    action === 'replace' || action === 'drop';
  const leaving = new Set(change.programs.filter(isLeaving).map(keyOfProgram));
  const programs = await target.readProgramDefinitions(change.to);
  return {
    tables: change.tables.filter(isLeaving).map(({ name }) => name),
    programs: programs.filter((program) => leaving.has(keyOfProgram(program))),
    defaults: defaultsOf(live),
    printedAs: live.name,
  };
};
