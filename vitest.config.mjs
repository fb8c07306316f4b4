import { availableParallelism } from 'node:os';
import process from 'node:process';
import { defineConfig } from 'vitest/config';
import { schemaModules } from './scripts/schema-modules.mjs';

export default defineConfig({
  plugins: [schemaModules()],
  test: {
    include: ['test/**/*.test.ts'],
    pool: 'forks',
    // Most of a test is waiting for servers and programs, and one worker fewer than cores leaves a small machine idle.
    maxWorkers: availableParallelism() + 1,
    // No test changes a module for another: one process for many files loads the drivers once.
    isolate: false,
    disableConsoleIntercept: true,
    testTimeout: process.env.MYSQL_SYNC_TEST_LINK ? 900_000 : 60_000,
    hookTimeout: 120_000,
  },
});
