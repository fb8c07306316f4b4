import { join } from 'node:path';
import { CommandHelp, Errors, Help } from '@oclif/core';
import { displayWidth } from '../../render/display-width.js';
import { fitLines } from '../../render/fit-lines.js';
import { renderOverview } from '../../render/overview.js';
import { printLines } from '../../render/print-lines.js';
import { sayUnknownCommand } from './command-not-found.js';
import { lookOf, readEnvironment } from './environment.js';
import { guardOutput, reportLostOutput, writeResult } from './output.js';

/** The framework's help, but for `mysql-sync` alone, which explains itself, and for lists in a narrow terminal. */
export class OverviewHelp extends Help {
  protected override CommandHelpClass = RoomyCommandHelp;

  override async showHelp(argv: string[]): Promise<void> {
    guardOutput();
    if (argv.length > 0) await this.showAskedHelp(argv);
    else this.showOverview();
    await reportLostOutput();
  }

  private async showAskedHelp(argv: string[]): Promise<void> {
    try {
      await super.showHelp(argv);
    } catch (error) {
      if (!(error instanceof Errors.CLIError)) throw error;
      const words = argv.filter((word) => !word.startsWith('-'));
      sayUnknownCommand(words, argv, this.config);
    }
  }

  private showOverview(): void {
    const look = lookOf(process.stdout, readEnvironment().variables, 'never');
    writeResult(printLines(renderOverview(join(this.config.root, 'README.md'), look), look));
  }

  override renderList(input: ListRows, options: ListOptions): string {
    return super.renderList(input, giveRoom(input, options, this.opts.maxWidth));
  }

  /** What the framework indents it has broken itself, but for commands, which stay whole. */
  protected override log(...texts: string[]): void {
    const look = { isTerminal: true, hasColor: false, columns: this.opts.maxWidth };
    const fit = (line: string): readonly string[] => (/^\s/.test(line) ? [line] : fitLines([line], look));
    super.log(...texts.map((text) => text.split('\n').flatMap(fit).join('\n')));
  }
}

class RoomyCommandHelp extends CommandHelp {
  override renderList(input: ListRows, options: ListOptions): string {
    return super.renderList(input, giveRoom(input, options, this.opts.maxWidth));
  }
}

type ListRows = Parameters<Help['renderList']>[0];
type ListOptions = Parameters<Help['renderList']>[1];

const GAP = 2;
/** With less room than this beside the longest word, the framework would break words of the meanings. */
const NARROWEST_MEANING = 24;

/** Meanings stand below their words where there is too little room beside them. */
const giveRoom = (rows: ListRows, options: ListOptions, columns: number): ListOptions => {
  const longest = Math.max(0, ...rows.map(([word = '']) => displayWidth(word)));
  const room = columns - options.indentation - longest - GAP;
  // The framework indents such meanings by two columns more than it leaves for that.
  return room < NARROWEST_MEANING
    ? { ...options, multiline: true, indentation: options.indentation + GAP }
    : options;
};
