import type { ExitName } from '../../core/exit-codes.js';
import type { PlanDraft } from '../../core/plan/plan-draft.js';
import type { Secret } from '../../core/secret.js';
import { NOT_SAVED, type UnsavedPlan } from '../../core/plan/unsaved-plan.js';
import { renderPlanDraft, renderPlanSteps } from '../../render/plan-draft.js';
import { applyFromCommandLine } from '../run/apply.js';
import type { Step } from '../questions/ask-in-steps.js';
import type { Services } from '../services/compose.js';
import type { Interview } from '../questions/interview.js';
import type { Screen } from '../frame/screen.js';

/** A plan that init has made, and what becomes of it. */
export interface FinishedPlan {
  readonly draft: PlanDraft;
  /** The passwords that the plan's variables stand for. */
  readonly secrets: ReadonlyMap<string, Secret>;
  /** Is the target protected? */
  readonly isProtected: boolean;
  readonly ending: Ending;
}

export type Ending =
  | { readonly kind: 'print' | 'apply-once' }
  | {
      readonly kind: 'save' | 'save-and-apply';
      readonly path: string;
      /** What to do with a file that is there already. */
      readonly existing: 'refuse' | 'replace';
    };

export interface EndingWish {
  /** The file that the command line names. */
  readonly path: string;
  readonly flags: { readonly force?: boolean | undefined; readonly stdout?: boolean | undefined };
  readonly isProtected: boolean;
}

/** Asks what becomes of the plan, and under which name it is saved. */
export const askEnding = async (interview: Interview, step: Step, wish: EndingWish): Promise<Ending> => {
  if (wish.flags.stdout) return { kind: 'print' };
  const refusal = wish.isProtected ? { refusal: 'protected: only by plan --out' } : {};
  const kind = await step(() =>
    interview.prompts.choose('What now?', [
      { value: 'save', title: `Save the plan to ${wish.path}` },
      { value: 'save-and-apply', title: 'Save it, then apply it', ...refusal },
      { value: 'apply-once', title: 'Apply it once, without saving it', ...refusal },
    ] as const),
  );
  return kind === 'apply-once' ? { kind } : { kind, ...(await step(() => askPath(interview, wish))) };
};

interface Place {
  readonly path: string;
  readonly existing: 'refuse' | 'replace';
}

/** A file that is there is replaced only when the person says so. */
const askPath = async ({ services, prompts }: Interview, { path, flags }: EndingWish): Promise<Place> => {
  if (flags.force) return { path, existing: 'replace' };
  for (let candidate = path; ;) {
    if (!(await services.planFiles.exists(candidate))) return { path: candidate, existing: 'refuse' };
    if (await prompts.yesNo(`${candidate} exists. Replace it?`))
      return { path: candidate, existing: 'replace' };
    const check = (text: string): string | undefined =>
      text.trim() === '' ? 'the name of a file' : undefined;
    candidate = (await prompts.text('Another file:', { check })).trim();
  }
};

/** Prints, saves or applies the plan. */
export const finishInit = async (
  services: Services<
    'settings' | 'memory' | 'planFiles' | 'planEndpoints' | 'person' | 'servers' | 'ports' | 'reports'
  >,
  { draft, secrets, isProtected, ending }: FinishedPlan,
  screen: Screen,
): Promise<ExitName> => {
  const path = 'path' in ending ? ending.path : undefined;
  const schema = await services.planFiles.referToSchema(path ?? 'plan.yaml');
  const text = renderPlanDraft(draft, { path, schema });
  if ('path' in ending) await services.planFiles.write(ending.path, text, ending.existing);
  if (ending.kind === 'save' || ending.kind === 'print') {
    if (screen.format === 'json') screen.printJson('init', { path: path ?? null, plan: text });
    else screen.print(path === undefined ? text.trimEnd().split('\n') : [`Wrote ${path}`]);
    const steps = path === undefined ? [] : renderPlanSteps(draft, path, isProtected ? 'protected' : 'open');
    for (const line of steps) screen.notice(line);
    return 'done';
  }
  if (path !== undefined) screen.notice(`Wrote ${path}`);
  const plan: UnsavedPlan = { path: path ?? NOT_SAVED, text, secrets };
  return applyFromCommandLine(services, plan, { only: [], exclude: [] }, screen);
};
