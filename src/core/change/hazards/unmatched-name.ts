import { type HazardRule, listNames } from './hazard-rule.js';

/**
 * A name that nothing has is a typing error, by which rows would be copied that nobody meant to copy. Of an entry that
 * a call narrows to some of its databases, the others may have it. A glob may well match nothing today.
 */
export const unmatchedName: HazardRule = ({ unmatchedNames, isWholeEntry }) => {
  const names = unmatchedNames.filter(({ isPattern }) => !isPattern);
  const globs = unmatchedNames.filter(({ isPattern }) => isPattern);
  return [
    ...names.map(({ key, text, suggestion }) => ({
      code: 'UNKNOWN_NAME',
      severity: isWholeEntry ? ('blocks' as const) : ('note' as const),
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
