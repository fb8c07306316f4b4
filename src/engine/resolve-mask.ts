import { SyncError } from '../core/errors.js';
import { readColumnRule } from '../core/plan/column-rule.js';
import type { MaskRules } from '../core/plan/sync-plan.js';
import { Secret } from '../core/secret.js';
import { PACKS } from '../core/mask/packs/index.js';
import type { ResolvedMask } from '../core/mask/resolved-mask.js';

/** @throws SyncError INPUT_INVALID for a rule that cannot be read, which a plan from a file was checked for before */
export const resolveMask = ({
  key,
  columns = {},
  rules = [],
  unless = {},
  unclassified = 'refuse',
  scan = 'full',
}: MaskRules): ResolvedMask => ({
  key: new Secret(key),
  columns: [
    ...Object.entries(columns).map(([pattern, written]) => {
      const reading = readColumnRule(written);
      if ('decision' in reading) return { pattern, decision: reading.decision };
      throw new SyncError('INPUT_INVALID', {
        message: `mask.columns: ${pattern}: ${reading.problem.message}`,
        hints: [reading.problem.hint],
      });
    }),
    ...rules.flatMap((pack) => PACKS[pack].rules.map((rule) => ({ ...rule, pack }))),
  ],
  unless: Object.entries(unless).map(([table, where]) => ({ table, where })),
  unclassified,
  scan,
});
