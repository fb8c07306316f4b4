import type { ExitName } from '../../core/exit-codes.js';
import type { UnsavedPlan } from '../../core/plan/unsaved-plan.js';
import { renderChangeSet, renderNextSteps, renderNotes } from '../../render/change-set.js';
import { renderPlanLine, renderPlanMarkdown } from '../../render/plan-markdown.js';
import type { Screen } from '../frame/screen.js';
import type { Services } from '../services/compose.js';
import { compareSession } from './compare-session.js';
import { type PlanFlagValues, type PlanFormat, type ViewFlagValues, viewOf } from './plan-flags.js';
import { exitOfPlan, openPlanSession } from './plan-session.js';
import { saveChangeSet } from './saved-plan.js';

interface ShowPlanFlagValues extends PlanFlagValues, ViewFlagValues {
  readonly rows?: boolean | undefined;
  readonly format?: PlanFormat | undefined;
  readonly out?: string | undefined;
  readonly 'detailed-exitcode'?: boolean | undefined;
}

/** The whole of `plan`: the diff is the result. */
export const planFromCommandLine = async (
  services: Services<'settings' | 'memory' | 'planFiles' | 'planEndpoints' | 'person' | 'servers'>,
  file: string | UnsavedPlan | undefined,
  flags: ShowPlanFlagValues,
  screen: Screen,
): Promise<ExitName> => {
  const session = await openPlanSession(services, file, flags, screen);
  const isMarkdown = flags.format === 'markdown';
  const isDetailed = screen.format === 'json' || isMarkdown || flags.verbose || flags.out !== undefined;
  const extent = isDetailed ? 'detail' : 'summary';
  const look = { rows: flags.rows ? 'compare' : 'leave', extent } as const;
  const changeSet = await compareSession(services, session, look, screen).finally(() => session.close());
  if (flags.out !== undefined) await saveChangeSet(services, flags.out, changeSet, flags);
  if (screen.format === 'json') screen.printJson('plan', changeSet);
  else if (isMarkdown) screen.print(renderPlanMarkdown(changeSet));
  else if (flags.format === 'line') screen.print([renderPlanLine(changeSet)]);
  else {
    screen.print(renderChangeSet(changeSet, screen.output, viewOf(flags)));
    if (!screen.output.isTerminal)
      for (const line of renderNotes(changeSet, screen.error, 'every-hazard')) screen.notice(line);
    for (const line of renderNextSteps(changeSet, flags.out)) screen.notice(line);
  }
  return exitOfPlan(changeSet, { 'detailed-exitcode': flags['detailed-exitcode'] === true });
};
