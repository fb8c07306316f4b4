import { Args, Flags } from '@oclif/core';
import { BaseCommand } from '../cli/base-command.js';
import type { ExitName } from '../core/exit-codes.js';
import { describeExits } from '../cli/frame/exit-help.js';

export default class Init extends BaseCommand {
  static override summary = 'Make a plan by answering questions, and apply it if you like.';
  static override description =
    'Asks for the source, the target, the databases, and what to do with those that the target has already. Connections are tested, and saved when you say so. At the end the plan is saved, saved and applied, or applied once. Esc goes back a question; Ctrl-C leaves, and no plan is written.\n\nWith --source, --target and --databases nothing is asked: both are names of saved connections, and the selection is made of names, globs, "all" and "^name" for all but that one.' +
    describeExits({
      done: true,
      cannotConnect: true,
      invalidInput: true,
      notApproved: 'no terminal to ask on, or aborted',
    }) +
    ' With an apply also its own.';
  static override examples = [
    '<%= config.bin %> init',
    '<%= config.bin %> init nightly.yaml',
    '<%= config.bin %> init nightly.yaml --source prod --target staging --databases "app_*,^app_tmp" --on-existing skip',
    '<%= config.bin %> init --source prod --target staging --databases all --stdout > nightly.yaml',
  ];
  static override args = {
    file: Args.string({ ignoreStdin: true, description: 'Plan to write (default: mysql-sync.yaml).' }),
  };
  static override flags = {
    source: Flags.string({ description: 'Saved connection to copy from.', helpValue: 'NAME' }),
    target: Flags.string({ description: 'Saved connection to copy to.', helpValue: 'NAME' }),
    databases: Flags.string({
      description: 'Databases to copy: names, globs, all, ^name.',
      helpValue: 'SEL',
    }),
    'on-existing': Flags.option({
      options: ['overwrite', 'skip', 'fail'] as const,
      description: 'What to do when the target has a database already (default: overwrite).',
    })(),
    force: Flags.boolean({ description: 'Replace the file if it exists.' }),
    stdout: Flags.boolean({ description: 'Print the plan instead of writing it.', exclusive: ['force'] }),
  };

  protected async perform(): Promise<ExitName> {
    const { args, flags } = await this.parse(Init);
    const { initFromCommandLine } = await import('../cli/init/init.js');
    return initFromCommandLine(this.compose(flags), args.file, flags, this.screen());
  }
}
