import type { ProgramChange, TableChange } from './change-set.js';
import { type EventCircumstances, decideEventState } from './event-state.js';
import { type ProgramInventory, keyOfProgram } from '../server/inventory.js';
import { isAnyMatch } from '../plan/pattern.js';
import { isOfSomeTables } from '../plan/left-out.js';
import type { ResolvedOptions, SelectionRules } from '../plan/resolved-plan.js';

export interface ProgramDiff extends Pick<EventCircumstances, 'clocks'> {
  readonly rules: SelectionRules;
  readonly options: Pick<ResolvedOptions, 'definers' | 'events'>;
  readonly tables: readonly TableChange[];
  readonly source: readonly ProgramInventory[];
  readonly target: readonly ProgramInventory[];
  /** The one that applies, on the target. */
  readonly account: string;
}

/**
 * Where only some tables are copied, views, routines and events stay. Triggers go with their table: those of a table that is kept are kept, those of an excluded table are not copied. An
 * excluded view makes way for a table of its name. An event that the target would drop at once does not come.
 */
export const diffPrograms = (diff: ProgramDiff): readonly ProgramChange[] => {
  const { rules, tables, source, target } = diff;
  const live = new Map(target.map((program) => [keyOfProgram(program), program]));
  const kept = new Set(tables.filter(({ action }) => action === 'keep').map(({ name }) => name));
  const isExcluded = ({ name, table }: ProgramInventory): boolean =>
    (isOfSomeTables(rules.tables) && table === undefined) || isAnyMatch(rules.programs.exclude, name);
  const incoming = source
    .filter(
      (program) => !isExcluded(program) && (program.table === undefined || isCopied(tables, program.table)),
    )
    .flatMap((program) => describeIncoming(program, live.get(keyOfProgram(program)), diff) ?? []);
  const incomingKeys = new Set(incoming.map(keyOfProgram));
  const stays = (program: ProgramInventory): boolean =>
    program.table === undefined
      ? isExcluded(program) && !(program.kind === 'view' && isCopied(tables, program.name))
      : kept.has(program.table);
  return [
    ...incoming,
    ...target
      .filter((program) => !incomingKeys.has(keyOfProgram(program)))
      .map((program): ProgramChange => ({
        kind: program.kind,
        name: program.name,
        action: stays(program) ? 'keep' : 'drop',
      })),
  ];
};

const describeIncoming = (
  { kind, name, definer, event }: ProgramInventory,
  live: ProgramInventory | undefined,
  { options, clocks, account }: ProgramDiff,
): ProgramChange | undefined => {
  const change = {
    kind,
    name,
    action: live ? 'replace' : 'create',
    definer: options.definers === 'current_user' ? account : definer,
  } as const;
  if (!event) return change;
  const state = decideEventState(event, { rule: options.events, live: live?.event?.state, clocks });
  if (state === undefined) return undefined;
  return { ...change, event: { schedule: event.schedule, timeZone: event.timeZone, state } };
};

const isCopied = (tables: readonly TableChange[], name: string): boolean =>
  tables.some((table) => table.name === name && (table.action === 'create' || table.action === 'replace'));
