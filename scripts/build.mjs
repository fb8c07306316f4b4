import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT, binOf, runAsScript, runCommand } from './commands.mjs';

const DIST = join(ROOT, 'dist');
const FRESH = join(ROOT, '.cache', 'dist');
const MANIFEST = join(ROOT, 'oclif.manifest.json');

/** Compiles src into a clean dist. A failed compilation leaves the dist of before. */
export const compile = () => {
  rmSync(FRESH, { recursive: true, force: true });
  runCommand(binOf('tsc'), ['-p', 'tsconfig.build.json', '--noEmitOnError', '--outDir', FRESH]);
  rmSync(DIST, { recursive: true, force: true });
  renameSync(FRESH, DIST);
};

/**
 * The text of oclif.manifest.json for the compiled commands: with it a start loads one command, not all. `oclif
 * manifest` makes the same in the order in which the file system lists the files.
 */
export const describeCommands = async () => {
  const { Plugin } = await import('@oclif/core');
  const plugin = new Plugin({
    root: ROOT,
    type: 'core',
    ignoreManifest: true,
    errorOnManifestCreate: true,
    respectNoCacheDefault: true,
  });
  await plugin.load();
  const { commands, version } = plugin.manifest;
  const sorted = Object.fromEntries(Object.entries(commands).sort(([a], [b]) => (a < b ? -1 : 1)));
  return `${JSON.stringify({ commands: sorted, version }, undefined, 2)}\n`;
};

export const build = async () => {
  compile();
  writeFileSync(MANIFEST, await describeCommands());
};

await runAsScript(import.meta.filename, build);
