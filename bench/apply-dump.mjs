import { performance } from 'node:perf_hooks';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { loadSql } from '../scripts/throwaway-server.mjs';
import { dropDatabases, median, runApply, runShell, startPair } from './measure.mjs';
import { SHAPES, fillShape } from './shapes.mjs';

// A whole apply with the dump engine (staging, verification and swap included) against the shell pipe that it is made
// of, same servers, same rows, turn by turn. Run `npm run build` before, on a quiet machine:
//   node bench/apply-dump.mjs [--scale 1] [--rounds 3]
const { values } = parseArgs({
  options: { scale: { type: 'string', default: '1' }, rounds: { type: 'string', default: '3' } },
});
const pair = await startPair();
const { source, target } = pair;

const runPipe = () => {
  loadSql(target, 'CREATE DATABASE bench');
  return runShell(
    `mariadb-dump --no-defaults -uroot -S${source.socket} --single-transaction --quick bench | mariadb --no-defaults -uroot -S${target.socket} bench`,
  );
};

const CASES = {
  'mariadb-dump | mariadb': runPipe,
  'apply, verify: counts': () => runApply(pair, ['bench'], '{engine: dump, verify: counts}'),
  'apply, verify: digest': () => runApply(pair, ['bench'], '{engine: dump, verify: digest}'),
};

fillShape(source, SHAPES.narrow, Number(values.scale));
/** @type {Record<string, {seconds: number, cpuSeconds?: number, mebibytes?: number}[]>} */
const samples = Object.fromEntries(Object.keys(CASES).map((name) => [name, []]));
// Turn by turn, so that a busy moment of the machine meets all cases.
for (let round = 0; round < Number(values.rounds); round += 1)
  for (const [name, run] of Object.entries(CASES)) {
    dropDatabases(target);
    const start = performance.now();
    const measured = await run();
    const seconds = (performance.now() - start) / 1000;
    samples[name].push({ ...measured, seconds });
    process.stderr.write(`round ${round + 1}, ${name}: ${seconds.toFixed(1)} s\n`);
  }

const secondsOf = (name) => median(samples[name].map(({ seconds }) => seconds));
const [pipe] = Object.keys(CASES);
process.stdout.write(`${SHAPES.narrow.title}, scale ${values.scale}, median of ${values.rounds}\n`);
for (const [name, runs] of Object.entries(samples)) {
  const { cpuSeconds } = runs[0];
  const own =
    cpuSeconds === undefined
      ? ''
      : `   ${median(runs.map((run) => run.cpuSeconds ?? 0)).toFixed(1)} s CPU, at most ${Math.max(...runs.map(({ mebibytes = 0 }) => mebibytes)).toFixed(0)} MiB`;
  process.stdout.write(
    `${name.padEnd(24)}${secondsOf(name).toFixed(1).padStart(7)} s${(secondsOf(name) / secondsOf(pipe)).toFixed(2).padStart(7)}${own}\n`,
  );
}
process.exit(0);
