/**
 * Workers of one saved plan (`apply --claim`) are killed with SIGKILL, stand still until their locks are gone, or lose the
 * target, at random moments; others are started until one ends well. Prints a line for each fault; `neither`, `twice` and
 * `odd code` must be 0. Run `npm run build` before.
 *
 *   node bench/claim-faults.mjs [--trials 100] [--workers 12] [--seed 1]
 */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import process from 'node:process';
import { parseArgs } from 'node:util';

const { values } = parseArgs({
  options: {
    trials: { type: 'string', default: '100' },
    workers: { type: 'string', default: '12' },
    seed: { type: 'string', default: '1' },
  },
});
const { status } = spawnSync('npx', ['vitest', 'run', 'test/faults/claims.test.ts', '--maxWorkers=1'], {
  cwd: join(import.meta.dirname, '..'),
  env: {
    ...process.env,
    MYSQL_SYNC_CLAIM_TRIALS: values.trials,
    MYSQL_SYNC_CLAIM_WORKERS: values.workers,
    MYSQL_SYNC_FAULT_SEED: values.seed,
  },
  stdio: 'inherit',
});
process.exitCode = status ?? 1;
