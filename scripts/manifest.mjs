import { ROOT, runAsScript } from './commands.mjs';

/**
 * The text of oclif.manifest.json for the compiled commands: with it a start loads one command, not all. `oclif
 * manifest` makes the same, but in the order in which the file system lists the files.
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

await runAsScript(import.meta.filename, async () => {
  process.stdout.write(await describeCommands());
});
