import type { EventState } from '../sql/event-text.js';
import type { Clocks, EventInventory } from '../server/inventory.js';
import type { EventRule } from '../plan/sync-plan.js';

/** Its last moment has passed, so that a server that is told to make it drops it, or switches it off where it is preserved. */
export const isOver = (
  { lastTime, timeZone }: Pick<EventInventory, 'lastTime' | 'timeZone'>,
  clocks: Clocks,
): boolean => {
  const now = clocks.get(timeZone);
  return lastTime !== undefined && now !== undefined && lastTime < now;
};

export interface EventCircumstances {
  readonly rule: EventRule;
  /** Its state on the target now; undefined where the target has no such event. */
  readonly live: EventState | undefined;
  readonly clocks: Clocks;
}

/** What an event of the source is on the target; undefined for one that would be dropped as soon as it is made. */
export const decideEventState = (
  event: EventInventory,
  { rule, live, clocks }: EventCircumstances,
): EventState | undefined => {
  const off = event.state === 'enabled' ? 'disabled' : event.state;
  const wanted = rule === 'disabled' ? (live ?? off) : event.state;
  if (!isOver(event, clocks)) return wanted;
  if (!event.isPreserved) return undefined;
  return wanted === 'enabled' ? 'disabled' : wanted;
};
