import { Args } from '@oclif/core';
import { BaseCommand } from '../../cli/base-command.js';
import { showRun } from '../../cli/history/show-history.js';
import type { ExitName } from '../../core/exit-codes.js';
import { describeExits } from '../../cli/frame/exit-help.js';

export default class HistoryShow extends BaseCommand {
  static override summary = 'Show one run: its databases, errors, log, and how to try again.';
  static override description =
    'In a pipe every database is one tab separated line after the facts of the run.' +
    describeExits({ done: true, invalidInput: 'no such run' });
  static override examples = ['<%= config.bin %> history show', '<%= config.bin %> history show 7q2f4k'];
  static override args = {
    run: Args.string({
      description: 'Its id, or the beginning of it (default: the latest).',
      default: 'latest',
      noCacheDefault: true,
      ignoreStdin: true,
    }),
  };

  protected async perform(): Promise<ExitName> {
    const { args, flags } = await this.parse(HistoryShow);
    await showRun(this.compose(flags), args.run, this.screen());
    return 'done';
  }
}
