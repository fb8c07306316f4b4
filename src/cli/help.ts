import { join } from 'node:path';
import { CommandHelp, Help } from '@oclif/core';
import { displayWidth } from '../render/display-width.js';
import { fitLines } from '../render/fit-lines.js';
import { renderOverview } from '../render/overview.js';
import { lookOf, readEnvironment } from './environment.js';

/** The framework's help, but for `mysql-sync` alone, which explains itself, and for lists in a narrow terminal. */
export class OverviewHelp extends Help {
  protected override CommandHelpClass = RoomyCommandHelp;

  override async showHelp(argv: string[]): Promise<void> {
    if (argv.length > 0) return super.showHelp(argv);
    const look = lookOf(process.stdout, readEnvironment().variables, 'never');
    process.stdout.write(`${renderOverview(join(this.config.root, 'README.md'), look).join('\n')}\n`);
    return Promise.resolve();
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
