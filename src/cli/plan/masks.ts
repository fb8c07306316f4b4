import type { Hazard, MaskCounts } from '../../core/change/change-set.js';
import { type ClassifiedColumn, keyOf, namesOf, patternOf } from '../../core/change/classified-column.js';
import { findMaskHazards } from '../../core/change/hazards/masks.js';
import { unmatchedMask } from '../../core/change/hazards/unmatched-mask.js';
import { acceptColumns } from '../../core/change/judge-lock.js';
import { countMasks } from '../../core/change/plan-masks.js';
import { suggestMasks as suggest } from '../../core/change/suggest-masks.js';
import { SyncError } from '../../core/errors.js';
import type { ExitName } from '../../core/exit-codes.js';
import { type LockedColumn, lockPathOf, showDecision } from '../../core/mask/mask-lock.js';
import type { SampledColumn } from '../../core/mask/sample.js';
import { suggestNearest } from '../../core/nearest.js';
import { type ColumnPattern, isColumnMatch, parseColumnPattern } from '../../core/plan/column-pattern.js';
import { isPlanFile } from '../../core/plan/unsaved-plan.js';
import { compareLocks, renderAccepted, renderMaskCheck } from '../../render/mask-decisions.js';
import { renderSuggestion } from '../../render/mask-suggestion.js';
import { sampleSource } from '../../engine/sample-source.js';
import type { Screen } from '../frame/screen.js';
import { type MaskServices, readSource, withSource } from './mask-source.js';

export interface CheckedMasks extends MaskCounts {
  readonly from: string;
  readonly hazards: readonly Hazard[];
}

/** What `plan` would say of the masks, without the target. */
export const checkMasks = async (
  services: MaskServices,
  file: string | undefined,
  screen: Screen,
): Promise<ExitName> => {
  const { plan, planned, databases, masks } = await readSource(services, file, screen);
  const hazards = unmatchedMask(planned, databases);
  const checked = [...masks].map(([from, one]): CheckedMasks => ({
    from,
    ...countMasks(one.columns),
    hazards: findMaskHazards(one, true),
  }));
  if (screen.format === 'json')
    screen.printJson('mask_check', {
      plan: plan.path,
      lock: lockPathOf(plan.path),
      hazards,
      databases: checked,
    });
  else screen.print(renderMaskCheck(hazards, checked));
  const all = [...hazards, ...checked.flatMap((one) => one.hazards)];
  return all.some(({ severity }) => severity === 'blocks') ? 'refusedByPolicy' : 'done';
};

export interface AcceptFlags {
  readonly all: boolean;
  readonly reason?: string | undefined;
}

/** Writes the lock from the rules of the plan; the columns named stay as they are. */
export const acceptMasks = async (
  services: MaskServices,
  file: string,
  named: readonly string[],
  { all, reason }: AcceptFlags,
  screen: Screen,
): Promise<ExitName> => {
  const { plan, planned } = await readSource(services, file, screen);
  if (!isPlanFile(plan.path))
    throw new SyncError('INPUT_INVALID', {
      message: 'the lock file goes next to the plan, and this plan is not in a file',
      hints: ['Name the file of the plan.'],
    });
  const patterns = named.map((text) => readNamed(text, planned.columns));
  const lock = planned.mask.lock;
  const columns = acceptColumns(
    lock,
    planned.columns,
    (column) =>
      patterns.some((pattern) => isColumnMatch(pattern, namesOf(column))) ||
      (all && (column.decided === undefined || column.decided.by === 'lock')),
    reason,
  );
  await services.planFiles.writeMaskLock(plan.path, columns);
  const accepted = compareLocks(lock?.columns ?? new Map<string, LockedColumn>(), columns);
  const undecided = planned.columns.filter(
    (column) => column.decided === undefined && !columns.has(keyOf(column)),
  ).length;
  const result = { plan: plan.path, lock: lockPathOf(plan.path), ...accepted, undecided };
  if (screen.format === 'json') screen.printJson('mask_accepted', result);
  else screen.print(renderAccepted(result));
  return 'done';
};

const readNamed = (text: string, columns: readonly ClassifiedColumn[]): ColumnPattern => {
  const pattern = parseColumnPattern(text);
  if (pattern && columns.some((column) => isColumnMatch(pattern, namesOf(column)))) return pattern;
  const suggestion = suggestNearest(text, columns.map(patternOf));
  throw new SyncError('SELECTION_INVALID', {
    message: `no column of the plan is ${text}${suggestion === undefined ? '' : `; ${suggestion}`}`,
    hints: ['Columns are named DATABASE.TABLE.COLUMN, and may be globs.'],
  });
};

/** Rules to paste for columns without a decision, and why. Of rows that are read nothing is shown. */
export const suggestMasks = async (
  services: MaskServices,
  file: string | undefined,
  { sample }: { readonly sample: boolean },
  screen: Screen,
): Promise<ExitName> => {
  const suggestion = await withSource(
    services,
    file,
    screen,
    async ({ plan, planned, databases }, source) => {
      const sampled = sample
        ? await sampleSource(source, databases, planned.columns, () => new Date())
        : null;
      const found = sampled?.columns ?? new Map<string, SampledColumn>();
      const { packs, columns, others } = suggest(planned.mask, planned.columns, databases, found);
      return {
        plan: plan.path,
        packs,
        columns: columns.flatMap(({ column, rule, why }) =>
          rule ? [{ column, mask: showDecision(rule), why }] : [],
        ),
        findings: columns.flatMap(({ column, rule, why }) => (rule ? [] : [{ column, why }])),
        sampled: sampled && { tables: sampled.tables, passedOver: sampled.passedOver },
        undecided: others,
      };
    },
  );
  if (screen.format === 'json') screen.printJson('mask_suggestion', suggestion);
  else screen.print(renderSuggestion(suggestion));
  return 'done';
};
