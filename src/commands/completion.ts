import { basename } from 'node:path';
import { Args } from '@oclif/core';
import { BaseCommand } from '../cli/base-command.js';
import { COMPLETION_SCRIPTS, SETUPS, SHELLS } from '../cli/completion/scripts.js';
import type { ExitName } from '../core/exit-codes.js';
import { describeExits } from '../cli/frame/exit-help.js';

export default class Completion extends BaseCommand {
  static override summary =
    'Set up the Tab key: commands, flags and their values, connections, runs, databases.';
  static override description =
    'Without a shell: the line that sets it up for each, and the file that it belongs into. With one: the script that this line runs. The Tab key reads files of this machine, and asks no server.' +
    describeExits({ done: true });
  static override hiddenAliases = ['autocomplete'];
  static override examples = ['<%= config.bin %> completion', 'eval "$(<%= config.bin %> completion bash)"'];
  static override args = {
    shell: Args.string({ options: [...SHELLS], description: 'bash, zsh or fish.', ignoreStdin: true }),
  };

  protected async perform(): Promise<ExitName> {
    const { args, flags } = await this.parse(Completion);
    const shell = SHELLS.find((one) => one === args.shell);
    if (flags.json)
      this.printJson('completion', shell ? { shell, script: COMPLETION_SCRIPTS[shell] } : { setups: SETUPS });
    else if (shell) this.print(COMPLETION_SCRIPTS[shell].trimEnd().split('\n'));
    else this.print(this.explain());
    return 'done';
  }

  /** The shell that one logs in with comes first. */
  private explain(): readonly string[] {
    const own = basename(this.environment.variables['SHELL'] ?? '');
    return SHELLS.toSorted((a, b) => Number(b === own) - Number(a === own)).flatMap((shell) => [
      `For ${shell}, add this line to ${SETUPS[shell].file}:`,
      `  ${SETUPS[shell].line}`,
    ]);
  }
}
