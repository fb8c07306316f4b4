import { Args, Flags } from '@oclif/core';
import { BaseCommand } from '../cli/base-command.js';
import { describeExits } from '../cli/frame/exit-help.js';
import { engineFlag, planFlags, refreshFlags } from '../cli/plan/plan-flags.js';
import { applyFlags } from '../cli/run/apply-flags.js';
import type { ExitName } from '../core/exit-codes.js';

const { 'show-skipped': showSkipped, 'show-programs': showPrograms } = planFlags;

export default class Copy extends BaseCommand {
  static override summary = 'Copy databases or tables between two saved connections, without a plan file.';
  static override description =
    `Makes a plan of the command line and does what apply does with it: shows it, asks, copies, verifies and swaps. With DATABASE.TABLE only those tables are copied, with their triggers; everything else of the database stays as it is on the target. Both parts may be globs.

A name with a dot, a star or the like is quoted in backquotes as in SQL, and the shell needs quotes around that: '\`my.database\`.\`my table\`'. A backslash before the character does the same.` +
    describeExits({
      done: true,
      databaseFailed: true,
      cannotConnect: true,
      invalidInput: true,
      notApproved: true,
      targetLocked: true,
      refusedByPolicy: true,
      interrupted: true,
      terminated: true,
    });
  static override examples = [
    '<%= config.bin %> copy prod staging shop',
    '<%= config.bin %> copy prod staging shop --as shop_test',
    '<%= config.bin %> copy prod staging shop.orders --where "created_at > NOW() - INTERVAL 7 DAY"',
    '<%= config.bin %> copy prod staging shop --plan-only',
    '<%= config.bin %> copy prod staging "app_*" crm --where "crm.people=id < 1000" --save nightly.yaml',
  ];
  static override strict = false;
  static override args = {
    source: Args.string({ description: 'Saved connection to copy from.', required: true, ignoreStdin: true }),
    target: Args.string({ description: 'Saved connection to copy to.', required: true, ignoreStdin: true }),
    database: Args.string({
      description: 'DATABASE or DATABASE.TABLE, as many as you like.',
      required: true,
      ignoreStdin: true,
    }),
  };
  static override flags = {
    as: Flags.string({ description: 'Name of the one database on the target.', helpValue: 'NAME' }),
    where: Flags.string({
      multiple: true,
      multipleNonGreedy: true,
      description:
        'Only the rows of this table with this SQL condition. The condition alone where one table is copied.',
      helpValue: 'TABLE=CONDITION',
      default: [],
      // An empty list would be shown as [default: ].
      defaultHelp: () => Promise.resolve(undefined),
    }),
    'on-existing': Flags.option({
      options: ['overwrite', 'skip', 'fail'] as const,
      description: 'What to do when the target has a database already (default: overwrite).',
    })(),
    engine: engineFlag(),
    ...refreshFlags,
    'plan-only': Flags.boolean({
      aliases: ['dry-run'],
      description: 'Show what would happen, as plan does, and stop.',
    }),
    save: Flags.string({ description: 'Write the plan to this file too.', helpValue: 'FILE' }),
    ...applyFlags,
    'show-skipped': showSkipped,
    'show-programs': showPrograms,
  };

  protected async perform(): Promise<ExitName> {
    const { args, argv, flags } = await this.parse(Copy);
    const { copyFromCommandLine } = await import('../cli/run/copy.js');
    const words = { source: args.source, target: args.target, names: argv.slice(2).map(String) };
    return copyFromCommandLine(this.compose(flags), words, flags, this.screen());
  }
}
