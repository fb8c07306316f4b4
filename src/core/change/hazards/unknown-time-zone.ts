import { type HazardRule, copiedPrograms, listNames } from './hazard-rule.js';

/** An event is made in its own time zone, and a server without time zone tables knows no names (1298). */
export const unknownTimeZone: HazardRule = (situation) => {
  const unknown = copiedPrograms(situation).flatMap(({ name, event }) =>
    event && !situation.targetClocks.has(event.timeZone) ? [`event ${name} (${event.timeZone})`] : [],
  );
  if (unknown.length === 0) return [];
  return [
    {
      code: 'UNKNOWN_TIME_ZONE',
      severity: 'blocks',
      message: `time zones that the target does not know: ${listNames(unknown)}`,
      hint: 'Load the time zones there (mysql_tzinfo_to_sql /usr/share/zoneinfo | mysql mysql), or leave the events out (programs.exclude).',
    },
  ];
};
