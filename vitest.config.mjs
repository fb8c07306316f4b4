import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import process from 'node:process';
import { defineConfig } from 'vitest/config';
import { schemaModules } from './scripts/schema-modules.mjs';

const INLINED = /@actions\/(workflow-parser|expressions)\//;

/** They name source maps that are not in their packages, and each would be a warning. */
const withoutMaps = {
  name: 'without-maps',
  enforce: /** @type {const} */ ('pre'),
  load: (id) =>
    INLINED.test(id) && id.endsWith('.js')
      ? readFileSync(id, 'utf8').replace(/^\/\/# sourceMappingURL=.*$/m, '')
      : undefined,
};

export default defineConfig({
  plugins: [schemaModules(), withoutMaps],
  test: {
    include: ['test/**/*.test.ts'],
    // They need an engine that is installed: `npm run engines`.
    exclude: ['node_modules/**', ...(process.env.MYSQL_SYNC_TEST_ENGINES ? [] : ['test/engines/**'])],
    pool: 'forks',
    // Most of a test is waiting for servers and programs, and one worker fewer than cores leaves a small machine idle.
    maxWorkers: availableParallelism() + 1,
    // No test changes a module for another: one process for many files loads the drivers once.
    isolate: false,
    // It imports JSON as only bundlers and newer versions of Node take it.
    server: { deps: { inline: [INLINED] } },
    disableConsoleIntercept: true,
    testTimeout: process.env.MYSQL_SYNC_TEST_LINK ? 900_000 : 60_000,
    hookTimeout: 120_000,
  },
});
