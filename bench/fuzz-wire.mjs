// Feeds altered real traffic to everything that reads what servers send, for as long as it is told. What fails is
// printed as test/security/fuzz-wire.test.ts keeps it:
//   node bench/fuzz-wire.mjs --seconds 60 --seed 1
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import process from 'node:process';
import { parseArgs } from 'node:util';

const ROOT = join(import.meta.dirname, '..');
const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '60' },
    seed: { type: 'string', default: String(Date.now() % 2 ** 31) },
  },
});

/** Of the test: each has the same share of the time. */
const READERS = 3;

const { status } = spawnSync(
  process.execPath,
  [join(ROOT, 'node_modules', 'vitest', 'vitest.mjs'), 'run', 'test/security/fuzz-wire.test.ts'],
  {
    cwd: ROOT,
    stdio: 'inherit',
    env: {
      ...process.env,
      MYSQL_SYNC_FUZZ_SECONDS: String(Number(values.seconds) / READERS),
      MYSQL_SYNC_FUZZ_SEED: values.seed,
    },
  },
);
process.exitCode = status ?? 1;
