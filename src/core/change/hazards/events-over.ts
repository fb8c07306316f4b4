import { isOver } from '../event-state.js';
import type { ProgramInventory } from '../../server/inventory.js';
import { isAnyMatch } from '../../plan/pattern.js';
import { type HazardRule, listNames } from './hazard-rule.js';

/** A server that is told to make an event whose last moment has passed drops it at once, or switches it off. */
export const eventsOver: HazardRule = ({ source, rules, targetClocks }) => {
  const over = source.programs.filter(
    ({ name, event }) => event && isOver(event, targetClocks) && !isAnyMatch(rules.programs.exclude, name),
  );
  const report = (events: readonly ProgramInventory[], what: string, hint: string): ReturnType<HazardRule> =>
    events.length === 0
      ? []
      : [
          {
            code: 'EVENTS_OVER',
            severity: 'note',
            message: `${what}: ${listNames(events.map(({ name }) => name))}`,
            hint,
          },
        ];
  const isPreserved = ({ event }: ProgramInventory): boolean => event?.isPreserved === true;
  return [
    ...report(
      over.filter((program) => !isPreserved(program)),
      'events whose time has passed are not copied',
      'Servers drop them as soon as they are made (ON COMPLETION NOT PRESERVE).',
    ),
    ...report(
      over.filter((program) => isPreserved(program) && program.event?.state === 'enabled'),
      'events whose time has passed are switched off in the copy',
      'Servers do so as soon as they are made (ON COMPLETION PRESERVE).',
    ),
  ];
};
