import { resolve } from 'node:path';
import { Config } from '@oclif/core';
import { beforeAll, expect, test } from 'vitest';
import { OverviewHelp } from '../../../src/cli/frame/help.js';
import { displayWidth } from '../../../src/render/display-width.js';

const ROOT = resolve(import.meta.dirname, '../../..');

let config: Config;
beforeAll(async () => {
  config = await Config.load(ROOT);
});

class Pages extends OverviewHelp {
  /** What `--help` shows of each command, by its name. */
  list(): readonly (readonly [string, string])[] {
    return this.config.commands
      .filter(({ hidden }) => !hidden)
      .map((command) => [command.id, this.getCommandHelpClass(command).generate()]);
  }
}

const wordsOf = (page: string): readonly string[] => page.trim().split(/\s+/);

test.each([40, 80])(
  'in %i columns no word of a page is broken or lost, and only commands are longer',
  (columns) => {
    const wide = new Map(new Pages(config, { maxWidth: 1000 }).list());
    const pages = new Pages(config, { maxWidth: columns }).list();
    expect(pages.length).toBeGreaterThan(20);
    for (const [id, page] of pages) {
      expect([id, wordsOf(page)]).toEqual([id, wordsOf(wide.get(id) ?? '')]);
      const long = page.split('\n').filter((line) => displayWidth(line) > columns);
      expect([id, long.filter((line) => !line.includes('mysql-sync '))]).toEqual([id, []]);
    }
  },
);
