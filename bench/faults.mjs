/**
 * Kills mysql-sync, its client programs and both servers with SIGKILL at random moments of an apply, and prints what
 * was live on the target afterwards. Neither must be 0. With --refresh the applies keep, patch and copy tables by `refresh: auto` (--strict: `strict`), and a
 * third of them goes on from a copy that an earlier one was killed in.
 *
 *   node bench/faults.mjs [--trials 50] [--seed 1] [--refresh [--strict] [--flavor mysql-9.7]]
 */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import process from 'node:process';
import { parseArgs } from 'node:util';

const { values } = parseArgs({
  options: {
    trials: { type: 'string', default: '50' },
    seed: { type: 'string', default: '1' },
    refresh: { type: 'boolean', default: false },
    strict: { type: 'boolean', default: false },
    flavor: { type: 'string', default: 'mariadb-10.11' },
  },
});
const { status } = spawnSync(
  'npx',
  ['vitest', 'run', `test/faults/random-kills${values.refresh ? '-in-refresh' : ''}.test.ts`],
  {
    cwd: join(import.meta.dirname, '..'),
    env: {
      ...process.env,
      MYSQL_SYNC_FAULT_TRIALS: values.trials,
      MYSQL_SYNC_FAULT_SEED: values.seed,
      MYSQL_SYNC_FAULT_FLAVOR: values.flavor,
      MYSQL_SYNC_FAULT_REFRESH: values.strict ? 'strict' : 'auto',
    },
    stdio: 'inherit',
  },
);
process.exitCode = status ?? 1;
