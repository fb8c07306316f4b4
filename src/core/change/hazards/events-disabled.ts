import { supports } from '../../server/features.js';
import type { ServerFacts } from '../../server/inventory.js';
import { type HazardRule, copiedPrograms, listNames } from './hazard-rule.js';

/** MySQL 8 keeps events, and only never runs them. */
const hasNoEvents = ({ flavor, settings }: ServerFacts): boolean =>
  settings?.get('event_scheduler')?.toUpperCase() === 'DISABLED' && !supports(flavor, 'dataDictionary');

/** Where event_scheduler is DISABLED, events can neither be read nor made. */
export const eventsDisabled: HazardRule = (situation) => {
  const events = copiedPrograms(situation).filter(({ kind }) => kind === 'event');
  if (hasNoEvents(situation.sourceServer))
    return [
      {
        code: 'EVENTS_DISABLED',
        severity: 'note',
        message:
          'event_scheduler is DISABLED on the source: if there are events, they cannot be read and are not copied',
        hint: 'To copy them, start the source with event_scheduler=OFF.',
      },
    ];
  if (events.length === 0 || !hasNoEvents(situation.targetServer)) return [];
  return [
    {
      code: 'EVENTS_DISABLED',
      severity: 'blocks',
      message: `event_scheduler is DISABLED on the target, where no events can be made: ${listNames(events.map(({ name }) => name))}`,
      hint: 'Start the target with event_scheduler=OFF, or leave them out (programs.exclude).',
    },
  ];
};
