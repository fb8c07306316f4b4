import type { PlanFile } from './sync-plan.js';

/** What the plan calls itself, or its file is called. */
export const namePlan = ({ plan, path }: Pick<PlanFile, 'plan' | 'path'>): string =>
  plan.name ?? nameAfter(path);

/** `plans/nightly.yaml` is `nightly`. */
const nameAfter = (path: string): string =>
  (path.split('/').at(-1) ?? path).replace(/(?<=.)\.ya?ml$/, '').replace(/^<stdin>$/, 'stdin');
