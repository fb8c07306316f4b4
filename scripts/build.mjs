import { readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT, runAsScript } from './commands.mjs';
import { describeCommands } from './manifest.mjs';
import { stampSchemas } from './stamp-schemas.mjs';

const SRC = join(ROOT, 'src');
const DIST = join(ROOT, 'dist');
const FRESH = join(ROOT, '.cache', 'dist');
const MANIFEST = join(ROOT, 'oclif.manifest.json');

/** What oclif loads by its path, and what `reference.mjs` reads. Everything else lies in chunks that these share. */
const listEntries = () => [
  ...readdirSync(join(SRC, 'commands'), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts'))
    .map((path) => join('commands', path)),
  ...[
    'cli/frame/help.ts',
    'cli/frame/command-not-found.ts',
    'cli/completion/complete.ts',
    'core/errors.ts',
    'core/exit-codes.ts',
  ],
];

/**
 * Makes a clean dist of src: our own modules in few files, because each file costs a start half a millisecond; packages
 * stay where npm puts them. A failed build leaves the dist of before.
 */
export const compile = async () => {
  // Loaded here: `npm test` and `npm run demo` install these packages before they compile.
  const { rolldown } = await import('rolldown');
  const { schemaModules } = await import('./schema-modules.mjs');
  const bundle = await rolldown({
    cwd: ROOT,
    input: Object.fromEntries(listEntries().map((path) => [path.replace(/\.ts$/, ''), join(SRC, path)])),
    platform: 'node',
    external: /^(?!\.|\/|virtual:|\0)/,
    plugins: [schemaModules()],
  });
  rmSync(FRESH, { recursive: true, force: true });
  await bundle.write({ dir: FRESH, entryFileNames: '[name].js', chunkFileNames: 'chunks/[name].js' });
  await bundle.close();
  rmSync(DIST, { recursive: true, force: true });
  renameSync(FRESH, DIST);
};

/** Compiles, then lists the commands in the manifest. It is committed, and so are the addresses of the schemas. */
export const build = async () => {
  await stampSchemas();
  await compile();
  writeFileSync(MANIFEST, await describeCommands());
};

await runAsScript(import.meta.filename, build);
