import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import { type CliOptions, type CliResult, runCli } from './cli.js';
import { ROOT } from './servers.js';

/** A state folder of its own with the command line on it. */
export interface Home {
  readonly folder: string;
  run(argv: readonly string[], options?: Omit<CliOptions, 'home'>): Promise<CliResult>;
  /** Fails when the password of ROOT was printed by `run` or stands in a file of the folder, then removes the folder. */
  close(): void;
}

export const makeHome = (): Home => {
  const folder = mkdtempSync(join(tmpdir(), 'mysql-sync-home-'));
  const printed: string[] = [];
  return {
    folder,
    run: async (argv, options = {}) => {
      const result = await runCli(argv, { home: folder, cwd: folder, ...options });
      printed.push(result.stdout, result.stderr);
      return result;
    },
    close: () => {
      const written = existsSync(folder) ? readTree(folder) : [];
      rmSync(folder, { recursive: true, force: true });
      for (const text of [...printed, ...written]) expectNoCanary(text);
    },
  };
};

const readTree = (folder: string): readonly string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((entry) => join(folder, entry))
    .filter((path) => statSync(path).isFile())
    .map((path) => readFileSync(path, 'latin1'));

/** The password of ROOT must not be in the text, as it is or encoded. */
export const expectNoCanary = (text: string): void => {
  const bytes = Buffer.from(ROOT.password);
  for (const form of [bytes.toString('latin1'), ROOT.password, JSON.stringify(ROOT.password).slice(1, -1)])
    expect(text).not.toContain(form);
  expect(text).not.toContain('canary');
  expect(text).not.toContain(bytes.toString('base64').slice(0, -4));
  expect(text).not.toContain(bytes.toString('hex'));
};
