import { BaseCommand } from '../../cli/base-command.js';
import type { ExitName } from '../../core/exit-codes.js';
import { renderEnvironmentVariables } from '../../render/help-topics.js';
import { describeExits } from '../../cli/frame/exit-help.js';

export default class HelpEnvironment extends BaseCommand {
  static override summary = 'Variables of the environment that are read.';
  static override description =
    'A flag wins over a variable, a variable over the plan and the config. In a pipe every variable is one tab separated line.' +
    describeExits({ done: true });
  static override examples = ['<%= config.bin %> help environment'];

  protected async perform(): Promise<ExitName> {
    await this.parse(HelpEnvironment);
    this.print(renderEnvironmentVariables(this.outputLook()));
    return 'done';
  }
}
