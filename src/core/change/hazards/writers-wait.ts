import type { HazardRule } from './hazard-rule.js';

/** A strict refresh holds others up on the target, for as long as it takes to read there what stays. */
export const writersWait: HazardRule = ({ options, target }) =>
  options.refresh === 'strict' && target !== undefined
    ? [
        {
          code: 'WRITERS_WAIT',
          severity: 'note',
          message:
            'others cannot write to tables that stay while these are read once more and the changed ones are swapped',
          hint: 'So that nobody has to wait:  options: {refresh: auto}',
        },
      ]
    : [];
