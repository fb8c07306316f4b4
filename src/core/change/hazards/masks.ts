import { traitsOf } from '../../plan/row-engines.js';
import type { HazardRule } from './hazard-rule.js';

/** Dump programs write what a table holds. */
export const maskInDump: HazardRule = ({ masks, options }) =>
  masks && !traitsOf(options.engine).masks
    ? [
        {
          code: 'MASK_IN_DUMP',
          severity: 'blocks',
          message: `the ${options.engine} engine cannot replace values on their way`,
          hint: 'Use the native engine:  options: {engine: native}',
        },
      ]
    : [];

/** Counts would not show that a value was left as it is. */
export const maskWithoutDigest: HazardRule = ({ masks, options }) =>
  masks && options.verify !== 'digest'
    ? [
        {
          code: 'MASK_UNVERIFIED',
          severity: 'blocks',
          message: 'a masked copy is compared by digests, and the plan asks for counts',
          hint: 'Take options.verify out of the plan, or set it to digest.',
        },
      ]
    : [];

export const maskConflict: HazardRule = ({ masks }) =>
  (masks?.conflicts ?? []).map(({ message, hint }) => ({
    code: 'MASK_CONFLICT',
    severity: 'blocks',
    message,
    hint,
  }));

/** Found by preparing it, which runs nothing. */
export const maskRefused: HazardRule = ({ masks }) =>
  (masks?.refused ?? []).map(({ table, what, reason }) => ({
    code: 'MASK_REFUSED',
    severity: 'blocks',
    message: `the source refuses ${what} for ${table}: ${reason}`,
    hint: 'Correct the SQL: it is over the columns of that table. Tables of a subquery are named with their database.',
  }));
