import { Flags } from '@oclif/core';
import { BaseCommand } from '../cli/base-command.js';
import { planArgs, planFlags, viewOf } from '../cli/plan/plan-flags.js';
import type { ExitName } from '../core/exit-codes.js';
import { renderChangeSet, renderNextSteps, renderNotes } from '../render/change-set.js';
import { describeExits } from '../cli/frame/exit-help.js';

export default class Plan extends BaseCommand {
  static override summary = 'Show what apply would create and overwrite; writes nothing anywhere.';
  static override description =
    'Reads both servers and compares. In a pipe every database is one tab separated line: action, from, to, source tables, source bytes, target tables, target bytes, target written at, reason. With -v those of its tables and programs follow: object, database, kind, name, what happens; diff, database, kind, name, and a line of the definition that goes (-) or comes (+).' +
    describeExits({
      done: true,
      changesPending: 'changes pending (only with --detailed-exitcode)',
      cannotConnect: true,
      invalidInput: true,
      refusedByPolicy: 'a database is blocked',
    });
  static override examples = [
    '<%= config.bin %> plan',
    '<%= config.bin %> plan nightly.yaml --only "app_*"',
    '<%= config.bin %> plan nightly.yaml -v',
    '<%= config.bin %> plan nightly.yaml --out nightly.plan.json',
    '<%= config.bin %> plan nightly.yaml --detailed-exitcode --json',
  ];
  static override args = planArgs;
  static override flags = {
    ...planFlags,
    out: Flags.string({ description: 'Save the plan to this file, for apply.', helpValue: 'PATH' }),
    'detailed-exitcode': Flags.boolean({ description: 'Exit with 2 when there are changes to apply.' }),
  };

  protected async perform(): Promise<ExitName> {
    const { args, flags } = await this.parse(Plan);
    const { exitOfPlan, explainSession, openPlanSession } = await import('../cli/plan/plan-session.js');
    const session = await openPlanSession(this.compose(flags), args.file, flags, this.screen());
    const isDetailed = flags.json || flags.verbose || flags.out !== undefined;
    const changeSet = await explainSession(session, isDetailed ? 'detail' : 'summary').finally(() =>
      session.close(),
    );
    if (flags.out !== undefined) {
      const { saveChangeSet } = await import('../cli/plan/saved-plan.js');
      await saveChangeSet(this.compose(flags), flags.out, changeSet, flags);
    }
    if (flags.json) this.printJson('plan', changeSet);
    else {
      this.print(renderChangeSet(changeSet, this.outputLook(), viewOf(flags)));
      if (!this.outputLook().isTerminal)
        for (const line of renderNotes(changeSet, this.errorLook(), 'every-hazard')) this.notice(line);
      for (const line of renderNextSteps(changeSet, flags.out)) this.notice(line);
    }
    return exitOfPlan(changeSet, flags);
  }
}
