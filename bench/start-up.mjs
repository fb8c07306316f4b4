import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { performance } from 'node:perf_hooks';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { median, startPair } from './measure.mjs';

// How long a start takes: node's own, and what ours takes beyond it, up to a plan and an apply of two near servers that
// hold nothing. Run `npm run build` before, on a quiet machine:  node bench/start-up.mjs [--rounds 15] [--bin bin/run.js]
// Another --bin, of an earlier build, is measured in turns with this one.
const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '15' },
    bin: { type: 'string', multiple: true, default: [] },
  },
});
const BINS = [
  join(resolve(import.meta.dirname, '..'), 'bin', 'run.js'),
  ...values.bin.map((bin) => resolve(bin)),
];

const { folder, source, target } = await startPair();
const plan = join(folder, 'nothing.yaml');
writeFileSync(
  plan,
  `version: 1
source: {name: from, socket: ${source.socket}, user: root}
target: {name: to, socket: ${target.socket}, user: root, access: read-write}
databases: [{match: '*'}]
`,
);

const WORDS = [
  ['--version'],
  ['--help'],
  ['plan', '--help'],
  ['plan', plan, '--no-input'],
  ['apply', plan, '--no-input', '--confirm-target', 'to'],
];
const CASES = [
  { title: 'node -e 0', argv: ['-e', '0'] },
  ...WORDS.flatMap((words) =>
    BINS.map((bin) => ({
      title: `${words.filter((word) => word !== plan).join(' ')}${bin === BINS[0] ? '' : `  (${bin})`}`,
      argv: [bin, ...words],
    })),
  ),
].map((one) => ({ ...one, wall: /** @type {number[]} */ ([]), processor: /** @type {number[]} */ ([]) }));

/** Processor time of the children that have ended, in milliseconds: 0 where no /proc tells it. */
const readProcessorTime = () => {
  if (!existsSync('/proc/self/stat')) return 0;
  const fields = readFileSync('/proc/self/stat', 'utf8').split(') ')[1].split(' ');
  return (Number(fields[13]) + Number(fields[14])) * 10;
};

const measure = (argv) => {
  const before = readProcessorTime();
  const start = performance.now();
  const { status, stderr } = spawnSync(process.execPath, argv, {
    stdio: ['ignore', 'ignore', 'pipe'],
    encoding: 'utf8',
    env: { PATH: process.env.PATH, MYSQL_SYNC_HOME: join(folder, 'home') },
  });
  const wall = performance.now() - start;
  if (status !== 0) throw new Error(`${argv.join(' ')} ended with ${status}\n${stderr}`);
  return { wall, processor: readProcessorTime() - before };
};

// The first fills Node's compile cache and the store. Then round by round, so that a busy moment of the machine meets all cases.
for (const { argv } of CASES) measure(argv);
for (let round = 0; round < Number(values.rounds); round += 1)
  for (const one of CASES) {
    const { wall, processor } = measure(one.argv);
    one.wall.push(wall);
    one.processor.push(processor);
  }

const mean = (numbers) => numbers.reduce((sum, number) => sum + number, 0) / numbers.length;
const format = (milliseconds) => milliseconds.toFixed(0).padStart(7);
const [node] = CASES;
process.stdout.write(`Node ${process.versions.node}, milliseconds\n   wall   node +   processor   node +\n`);
for (const { title, wall, processor } of CASES) {
  const [time, work] = [median(wall), mean(processor)];
  process.stdout.write(
    `${format(time)}  ${format(time - median(node.wall))}     ${format(work)}  ${format(work - mean(node.processor))}   ${title}\n`,
  );
}
process.exit(0);
