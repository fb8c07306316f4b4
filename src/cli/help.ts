import { join } from 'node:path';
import { Help } from '@oclif/core';
import { renderOverview } from '../render/overview.js';
import { lookOf, readEnvironment } from './environment.js';

/** The framework's help, but for `mysql-sync` alone, which explains itself. */
export class OverviewHelp extends Help {
  override async showHelp(argv: string[]): Promise<void> {
    if (argv.length > 0) return super.showHelp(argv);
    const look = lookOf(process.stdout, readEnvironment().variables, 'never');
    process.stdout.write(`${renderOverview(join(this.config.root, 'README.md'), look).join('\n')}\n`);
    return Promise.resolve();
  }
}
