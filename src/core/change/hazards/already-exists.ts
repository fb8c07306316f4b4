import type { HazardRule } from './hazard-rule.js';

/** The plan says that this database must not exist on the target. */
export const alreadyExists: HazardRule = ({ target, rules, to }) =>
  target !== undefined && rules.onExisting === 'fail'
    ? [
        {
          code: 'ALREADY_EXISTS',
          severity: 'blocks',
          message: `${to} exists on the target, and on_existing is fail`,
          hint: 'Set on_existing to overwrite or skip, or drop the database yourself.',
        },
      ]
    : [];
