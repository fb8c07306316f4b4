import { spawnSync } from 'node:child_process';
import { join, resolve } from 'node:path';
import { performance } from 'node:perf_hooks';
import process from 'node:process';
import { median } from './measure.mjs';

// How long a start takes: the median of ten, in milliseconds. Run `npm run build` before.
const RUNS = 10;
const BIN = join(resolve(import.meta.dirname, '..'), 'bin', 'run.js');
const CASES = {
  'node -e 0': ['-e', '0'],
  'mysql-sync --version': [BIN, '--version'],
  'mysql-sync --help': [BIN, '--help'],
  'mysql-sync plan --help': [BIN, 'plan', '--help'],
};

const measure = (argv) => {
  const start = performance.now();
  const { status } = spawnSync(process.execPath, argv, { stdio: 'ignore' });
  if (status !== 0) throw new Error(`${argv.join(' ')} ended with ${status}`);
  return performance.now() - start;
};

// Round by round, so that a busy moment of the machine meets all cases.
/** @type {Record<string, number[]>} */
const samples = Object.fromEntries(Object.keys(CASES).map((name) => [name, []]));
for (let round = 0; round < RUNS; round += 1)
  for (const [name, argv] of Object.entries(CASES)) samples[name].push(measure(argv));
for (const [name, milliseconds] of Object.entries(samples))
  process.stdout.write(`${name.padEnd(24)} ${median(milliseconds).toFixed(0).padStart(5)} ms\n`);
