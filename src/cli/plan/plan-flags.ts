import { Args, Flags } from '@oclif/core';
import type { DatabaseName } from '../../core/names.js';
import { REFRESH_RULES } from '../../core/plan/refresh-rule.js';
import type { RefreshRule } from '../../core/plan/sync-plan.js';
import { ENGINE_CHOICES, type EngineChoice } from '../../core/plan/row-engines.js';
import type { OptionOverrides } from '../../engine/resolve-plan.js';
import type { Narrowing } from '../../engine/plan-sync.js';
import type { ChangeSetView } from '../../render/change-set.js';

/** Flags that `plan` and `apply` share, so that what was shown is what runs. */
export const planFlags = {
  only: Flags.string({
    multiple: true,
    multipleNonGreedy: true,
    description: 'Only the source databases that match this glob.',
    helpValue: 'PAT',
    default: [],
    // An empty list would be shown as [default: ].
    defaultHelp: () => Promise.resolve(undefined),
  }),
  exclude: Flags.string({
    multiple: true,
    multipleNonGreedy: true,
    description: 'Not the source databases that match this glob.',
    helpValue: 'PAT',
    default: [],
    // An empty list would be shown as [default: ].
    defaultHelp: () => Promise.resolve(undefined),
  }),
  'show-skipped': Flags.boolean({ description: 'List skipped databases too.' }),
  'show-programs': Flags.boolean({
    description: 'List every view, trigger, routine and event that is copied.',
  }),
};

export const PLAN_FORMATS = ['text', 'markdown', 'line'] as const;
export type PlanFormat = (typeof PLAN_FORMATS)[number];

export const engineFlag = Flags.option({ options: ENGINE_CHOICES, description: 'How rows travel.' });

const refreshFlag = Flags.option({
  options: REFRESH_RULES,
  description:
    'Copy every table, or only those whose rows differ; strict: nobody can write to the others before the swap.',
});

/** Both say how much is copied, so a call has one of them. */
export const refreshFlags = {
  refresh: refreshFlag(),
  full: Flags.boolean({
    description: 'Copy every table, also where the plan says refresh: auto or strict.',
    exclusive: ['refresh'],
  }),
};

export const planArgs = {
  // oclif would otherwise take piped stdin for the argument that was left out.
  file: Args.string({
    ignoreStdin: true,
    description: 'Sync plan (default: mysql-sync.yaml or mysql-sync.yml here; - is stdin).',
  }),
};

export interface PlanFlagValues {
  readonly only: readonly string[];
  readonly exclude: readonly string[];
  /** What a retry does again, by its names on the target. */
  readonly to?: ReadonlySet<DatabaseName> | undefined;
  readonly 'max-concurrent'?: number | undefined;
  readonly engine?: EngineChoice | undefined;
  readonly refresh?: RefreshRule | undefined;
  /** The same as a refresh of everything. */
  readonly full?: boolean | undefined;
  readonly discard?: boolean | undefined;
}

export interface ViewFlagValues {
  readonly 'show-skipped'?: boolean | undefined;
  readonly 'show-programs'?: boolean | undefined;
  readonly verbose?: boolean | undefined;
}

export const viewOf = (flags: ViewFlagValues): ChangeSetView => ({
  now: new Date(),
  skipped: flags['show-skipped'] ? 'list' : 'count',
  programs: flags['show-programs'] ? 'list' : 'count',
  objects: flags.verbose ? 'list' : 'count',
});

export const narrowingOf = ({ only, exclude, to }: PlanFlagValues): Narrowing => ({
  only,
  exclude,
  ...(to && { to }),
});

export const overridesOf = (flags: PlanFlagValues): OptionOverrides => ({
  ...(flags['max-concurrent'] === undefined ? {} : { maxConcurrent: flags['max-concurrent'] }),
  ...(flags.engine === undefined ? {} : { engine: flags.engine }),
  ...(flags.full === true ? { refresh: 'full' } : {}),
  ...(flags.discard === true ? { discardsUnfinished: true } : {}),
  ...(flags.refresh === undefined ? {} : { refresh: flags.refresh }),
});
