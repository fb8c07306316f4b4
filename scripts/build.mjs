import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT, binOf, runAsScript, runCommand } from './commands.mjs';
import { describeCommands } from './manifest.mjs';

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

/** Compiles, then lists the commands in the manifest, which is committed. */
export const build = async () => {
  compile();
  writeFileSync(MANIFEST, await describeCommands());
};

await runAsScript(import.meta.filename, build);
