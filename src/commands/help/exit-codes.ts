import { BaseCommand } from '../../cli/base-command.js';
import type { ExitName } from '../../core/exit-codes.js';
import { renderExitCodes } from '../../render/help-topics.js';
import { describeExits } from '../../cli/frame/exit-help.js';

export default class HelpExitCodes extends BaseCommand {
  static override summary = 'What each exit code means.';
  static override description =
    'Each code has one meaning. In a pipe every code is one tab separated line.' +
    describeExits({ done: true });
  static override examples = ['<%= config.bin %> help exit-codes'];

  protected async perform(): Promise<ExitName> {
    await this.parse(HelpExitCodes);
    this.print(renderExitCodes(this.outputLook()));
    return 'done';
  }
}
