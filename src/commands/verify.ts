import { Flags } from '@oclif/core';
import { BaseCommand } from '../cli/base-command.js';
import { planArgs, planFlags } from '../cli/plan/plan-flags.js';
import type { ExitName } from '../core/exit-codes.js';
import { describeExits } from '../cli/frame/exit-help.js';

const { only, exclude } = planFlags;

export default class Verify extends BaseCommand {
  static override summary = 'Compare source and target; changes nothing.';
  static override description =
    'Compares what the plan copies: tables by structure and by digests of their rows (by their number with `verify: counts`), and views, triggers, routines and events as the servers print them. Databases that apply would skip and tables that the plan excludes are left out. In a pipe every database is one tab separated line: result, from, to, tables, rows, differences. With --detail each difference is one too: difference, database, kind, name, what; diff, database, kind, name, and a line of the definition that only the target (-) or only the source (+) has; rows, database, table, same or different, rows of the source, rows of the target. With --rows each table whose rows differ is one: differing, database, table, rows that are missing on the target, that are extra there, that are changed, why nobody can say which; and each row that is told: row, database, table, missing, extra or changed, column=value for each column of its key.' +
    describeExits({ done: 'the same', databaseFailed: 'different', cannotConnect: true, invalidInput: true });
  static override examples = [
    '<%= config.bin %> verify',
    '<%= config.bin %> verify nightly.yaml --only crm --detail',
    '<%= config.bin %> verify nightly.yaml --only crm --rows 20',
  ];
  static override args = planArgs;
  static override flags = {
    only,
    exclude,
    detail: Flags.boolean({
      description:
        'List every difference, with the lines of definitions that differ, and every table whose rows were compared.',
    }),
    rows: Flags.integer({
      description:
        'Say which rows differ: how many of each table are missing on the target, extra there or changed, and the keys of at most N. A key is the primary key, or else a unique one over NOT NULL columns. Keys are printed and kept nowhere.',
      helpValue: 'N',
      min: 0,
    }),
  };

  protected async perform(): Promise<ExitName> {
    const { args, flags } = await this.parse(Verify);
    const { verifyFromCommandLine } = await import('../cli/plan/verify.js');
    return verifyFromCommandLine(this.compose(flags), args.file, flags, this.screen());
  }
}
