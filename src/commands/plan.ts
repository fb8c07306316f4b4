import { Flags } from '@oclif/core';
import { BaseCommand } from '../cli/base-command.js';
import { PLAN_FORMATS, planArgs, planFlags, refreshFlags } from '../cli/plan/plan-flags.js';
import type { ExitName } from '../core/exit-codes.js';
import { describeExits } from '../cli/frame/exit-help.js';

export default class Plan extends BaseCommand {
  static override summary = 'Show what apply would create and overwrite; writes nothing anywhere.';
  static override description =
    'Reads both servers and compares. A database is unchanged ("no change") when structure and programs are the same and neither server has written rows since the last apply from this machine, as far as UPDATE_TIME tells; with --rows, when all rows are the same. apply copies it all the same, or, with options.refresh, compares it once more. In a pipe every database is one tab separated line: action, from, to, source tables, source bytes, target tables, target bytes, target written at, reason. With -v those of its tables and programs follow: object, database, kind, name, what happens; diff, database, kind, name, and a line of the definition that goes (-) or comes (+); mask, database, table, column, and what replaces its values; refresh, database, table, keep, patch, resume (a copy that was not finished), copy or compare, why it does not stay, and of patch and resume the rows to insert, to change and to delete, as far as they were compared.' +
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
    '<%= config.bin %> plan nightly.yaml --rows',
    '<%= config.bin %> plan nightly.yaml --format markdown',
    '<%= config.bin %> plan nightly.yaml --detailed-exitcode --json',
  ];
  static override args = planArgs;
  static override flags = {
    ...planFlags,
    ...refreshFlags,
    rows: Flags.boolean({
      description:
        'Compare the rows of databases that would be overwritten, as verify does. Reads all of them on both servers; says which tables a refresh would keep, patch with some rows, or copy, and of a database that is not there yet which it would make of a copy that was not finished.',
    }),
    format: Flags.option({
      options: PLAN_FORMATS,
      description:
        'What is printed: the diff (text), the same for a pull request (markdown), or one line for a log (line).',
      default: 'text',
      exclusive: ['json'],
    })(),
    out: Flags.string({ description: 'Save the plan to this file, for apply.', helpValue: 'PATH' }),
    'detailed-exitcode': Flags.boolean({
      description: 'Exit with 2 when there are changes to apply, or may be: see --rows.',
    }),
  };

  protected async perform(): Promise<ExitName> {
    const { args, flags } = await this.parse(Plan);
    const { planFromCommandLine } = await import('../cli/plan/show-plan.js');
    return planFromCommandLine(this.compose(flags), args.file, flags, this.screen());
  }
}
