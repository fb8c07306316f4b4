import { type HazardRule, listNames } from './hazard-rule.js';

/** No order can create views that read each other's databases, so these databases go live by one rename. */
export const readEachOther: HazardRule = ({ to, together }) =>
  together.size === 0
    ? []
    : [
        {
          code: 'READ_EACH_OTHER',
          severity: 'note',
          message: `views of ${listNames([to, ...together.keys()].sort())} read each other: these databases are swapped together`,
          hint: 'If one of them fails, none of them changes on the target.',
        },
      ];
