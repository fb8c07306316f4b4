import { decideEventState } from '../core/change/event-state.js';
import { type EventState, readEventState, writeEventState } from '../core/sql/event-text.js';
import type { ResolvedOptions } from '../core/plan/resolved-plan.js';
import { type ProgramInventory, keyOfProgram } from '../core/server/inventory.js';
import type { ProgramDefinition } from './ports/server.js';
import type { TargetServer } from './ports/target-server.js';

/** What is known of both sides where the states of events are chosen. */
export interface EventSides {
  readonly options: Pick<ResolvedOptions, 'events'>;
  /** As the plan was computed from it: a source that prints another state now, changes nothing. */
  readonly source: readonly ProgramInventory[];
  /** The target's own programs, which may have events of the same names. */
  readonly live: readonly ProgramDefinition[];
  readonly target: Pick<TargetServer, 'readClocks'>;
}

export interface ChosenEvents {
  readonly programs: readonly ProgramDefinition[];
  /** Events that the target would drop as soon as they are made. */
  readonly over: readonly string[];
  /** Events that are on in the source and that `options.events: disabled` leaves switched off. */
  readonly switchedOff: readonly ProgramDefinition[];
}

/** The source's programs with the events as the target is to have them. */
export const chooseEvents = async (
  programs: readonly ProgramDefinition[],
  { options, source, live, target }: EventSides,
): Promise<ChosenEvents> => {
  const events = new Map(
    source.flatMap((program) => (program.event ? [[keyOfProgram(program), program.event]] : [])),
  );
  const clocks = await target.readClocks([...new Set([...events.values()].map(({ timeZone }) => timeZone))]);
  const states = new Map<string, EventState>(
    live.filter(isEvent).map((event) => [keyOfProgram(event), readEventState(event)]),
  );
  const chosen: ProgramDefinition[] = [];
  const over: string[] = [];
  const switchedOff: ProgramDefinition[] = [];
  for (const program of programs) {
    const event = events.get(keyOfProgram(program));
    if (!event) {
      chosen.push(program);
      continue;
    }
    const circumstances = { rule: options.events, live: states.get(keyOfProgram(program)), clocks };
    const state = decideEventState(event, circumstances);
    if (state === undefined) {
      over.push(program.name);
      continue;
    }
    const made = { ...program, statement: writeEventState(program, state) };
    chosen.push(made);
    const asOnSource = decideEventState(event, { ...circumstances, rule: 'as_source' });
    if (asOnSource === 'enabled' && state !== 'enabled') switchedOff.push(made);
  }
  return { programs: chosen, over, switchedOff };
};

const isEvent = ({ kind }: ProgramDefinition): boolean => kind === 'event';
