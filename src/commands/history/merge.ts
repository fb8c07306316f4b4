import { Args, Flags } from '@oclif/core';
import { BaseCommand } from '../../cli/base-command.js';
import { describeExits } from '../../cli/frame/exit-help.js';
import type { ExitName } from '../../core/exit-codes.js';

export default class HistoryMerge extends BaseCommand {
  static override summary = 'Make one report of what several processes did of a plan.';
  static override description =
    'Reads what apply wrote by --json or --events on any machines, and shows each database once: where several processes tell of it, its best end counts. The exit code is 0 when all are done, also where a process failed or was killed and another one did its databases. An empty file is of a process that was killed. Of a process that failed before its run began nobody knows which databases it was to do: without --plan that is a failure.' +
    describeExits({
      done: 'all are done',
      databaseFailed: 'a database failed, or nobody did it',
      invalidInput: 'a file is no output of apply',
    }) +
    ' Otherwise the code of a process whose failure nobody made good.';
  static override examples = [
    '<%= config.bin %> history merge worker-*.ndjson',
    '<%= config.bin %> history merge worker-*.json --plan nightly.plan.json',
  ];
  static override strict = false;
  static override args = {
    file: Args.string({
      description: 'What an apply wrote by --json or --events, as many as you like.',
      required: true,
      ignoreStdin: true,
    }),
  };
  static override flags = {
    plan: Flags.string({
      description: 'The saved plan that they applied: a database of which no file tells is missed.',
      helpValue: 'SAVED',
    }),
    notify: Flags.string({
      description: 'POST how it ended to this URL; env:NAME reads a variable, which no other user sees.',
      helpValue: 'URL',
    }),
  };

  protected async perform(): Promise<ExitName> {
    const { argv, flags } = await this.parse(HistoryMerge);
    const { mergeRuns } = await import('../../cli/history/merge-runs.js');
    return mergeRuns(this.compose(flags), argv.map(String), flags, this.screen());
  }
}
