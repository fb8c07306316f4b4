import { Args, Flags } from '@oclif/core';
import { BaseCommand } from '../cli/base-command.js';
import { describeValidPlan, refuseInvalidPlans, validatePlans } from '../cli/plan/validate-plans.js';
import type { ExitName } from '../core/exit-codes.js';
import { describeExits } from '../cli/frame/exit-help.js';

export default class Validate extends BaseCommand {
  static override summary = 'Check plan files without reaching a server.';
  static override description =
    'Reads syntax, keys and values, variables and the names of connections, and reports every problem of every file with its line and column.' +
    describeExits({ done: 'all valid', invalidInput: 'a problem' });
  static override examples = [
    '<%= config.bin %> validate',
    '<%= config.bin %> validate plans/*.yaml --no-env',
    'cat nightly.yaml | <%= config.bin %> validate -',
  ];
  static override args = {
    file: Args.string({
      ignoreStdin: true,
      description: 'Sync plans (default: mysql-sync.yaml or mysql-sync.yml here; - is stdin).',
      multiple: true,
    }),
  };
  static override flags = {
    env: Flags.boolean({
      description: 'Variables must be set (--no-env accepts those that are not).',
      allowNo: true,
      default: true,
    }),
  };

  protected async perform(): Promise<ExitName> {
    const { args, flags } = await this.parse(Validate);
    const { valid, diagnostics } = await validatePlans(
      this.compose(flags),
      args.file ?? [undefined],
      flags.env ? 'refuse' : 'accept',
    );
    if (!flags.json) this.print(valid.map(describeValidPlan));
    refuseInvalidPlans(diagnostics);
    if (flags.json) this.printJson('validation', { files: valid });
    return 'done';
  }
}
