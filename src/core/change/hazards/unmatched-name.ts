import { type HazardRule, listNames } from './hazard-rule.js';

/** By a mistyped name rows would be copied that nobody meant to copy. */
export const unmatchedName: HazardRule = ({ unmatchedNames }) => {
  const globs = unmatchedNames.filter(({ isPattern }) => isPattern);
  return [
    ...unmatchedNames
      .filter(({ isPattern }) => !isPattern)
      .map(({ key, text, isWrong, suggestion }) => ({
        code: 'UNKNOWN_NAME',
        severity: isWrong ? ('blocks' as const) : ('note' as const),
        message: `${key} names "${text}", which is not there${suggestion === undefined ? '' : `; ${suggestion}`}`,
        hint: 'Correct the name, or remove it from the plan.',
      })),
    ...(globs.length === 0
      ? []
      : [
          {
            code: 'UNMATCHED_GLOB',
            severity: 'note' as const,
            message: `globs that match nothing: ${listNames(globs.map(({ key, text }) => `"${text}" (${key})`))}`,
            hint: 'Correct them, or leave them for what may come.',
          },
        ]),
  ];
};
