import { Flags } from '@oclif/core';
import { BaseCommand } from '../../cli/base-command.js';
import { listHistory } from '../../cli/history/show-history.js';
import { parseSince } from '../../cli/frame/since.js';
import type { ExitName } from '../../core/exit-codes.js';
import { describeExits } from '../../cli/frame/exit-help.js';

export default class History extends BaseCommand {
  static override summary = 'What was applied, newest first.';
  static override description =
    'In a pipe every run is one tab separated line: run, started (RFC 3339), plan, source, target, result, milliseconds. A run whose process was killed is shown as interrupted (never finished).' +
    describeExits({ done: true, invalidInput: 'a time that cannot be read' });
  static override aliases = ['history:list'];
  static override examples = [
    '<%= config.bin %> history',
    '<%= config.bin %> history --failed --since 7d',
    '<%= config.bin %> history --plan nightly --json',
  ];
  static override flags = {
    limit: Flags.integer({ description: 'Show at most this many.', helpValue: 'N', min: 1, default: 20 }),
    plan: Flags.string({ description: 'Only runs of this plan (its name or path).', helpValue: 'PLAN' }),
    failed: Flags.boolean({ description: 'Only runs that failed, were interrupted or never finished.' }),
    since: Flags.string({
      description: 'Only runs since then: 12h, 7d, 2w or a date (2026-11-01).',
      helpValue: 'WHEN',
    }),
  };

  protected async perform(): Promise<ExitName> {
    const { flags } = await this.parse(History);
    const { limit, plan, failed, since } = flags;
    const query = {
      limit,
      ...(plan !== undefined && { plan }),
      ...(failed && { only: 'failed' as const }),
      ...(since !== undefined && { since: parseSince(since, new Date()) }),
    };
    await listHistory(this.compose(flags), query, this.screen());
    return 'done';
  }
}
