import { BaseCommand } from '../../cli/base-command.js';
import type { ExitName } from '../../core/exit-codes.js';
import { renderSelectionForms } from '../../render/help-topics.js';
import { describeExits } from '../../cli/frame/exit-help.js';

export default class HelpSelection extends BaseCommand {
  static override summary = 'What can be typed to choose from a numbered list.';
  static override description =
    'Commas separate; the result has the order of the list, and what matches nothing is an error. Numbers count only where a numbered list is shown, never in a plan.' +
    describeExits({ done: true });
  static override examples = ['<%= config.bin %> help selection'];

  protected async perform(): Promise<ExitName> {
    await this.parse(HelpSelection);
    this.print(renderSelectionForms(this.outputLook()));
    return 'done';
  }
}
