import type { Hazard, ProgramChange } from '../change-set.js';
import { type HazardRule, listNames } from './hazard-rule.js';

/** Events of the source begin to run on the target by themselves, with the rights of their definers there. */
export const eventsRun: HazardRule = ({ programs, targetServer, options }) => {
  const enabled = programs.filter(
    ({ event, action }) => event?.state === 'enabled' && (action === 'create' || action === 'replace'),
  );
  if (enabled.length === 0) return [];
  return [
    {
      ...(targetServer.runsEvents ? describeRunning(enabled) : describeWaiting(enabled)),
      severity: 'note',
      hint:
        options.events === 'disabled'
          ? 'The target has them switched on already, and options.events: disabled keeps that.'
          : 'To copy events switched off:  options: {events: disabled}',
    },
  ];
};

/** All of them: one that is not named could be the one that nobody wants. */
const describeRunning = (events: readonly ProgramChange[]): Pick<Hazard, 'code' | 'message'> => ({
  code: 'EVENTS_RUN',
  message: `events that run on the target: ${events.map(describeEvent).join('; ')}`,
});

const describeEvent = ({ name, definer, event }: ProgramChange): string =>
  `${name}, ${event?.schedule ?? ''} (${event?.timeZone ?? ''}), as ${definer ?? ''}`;

const describeWaiting = (events: readonly ProgramChange[]): Pick<Hazard, 'code' | 'message'> => ({
  code: 'EVENTS_WAIT',
  message: `event_scheduler is off on the target; when it is switched on, these events run: ${listNames(events.map(({ name }) => name))}`,
});
