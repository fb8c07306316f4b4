import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { loadSql } from '../scripts/throwaway-server.mjs';
import { startFarLink } from './far-link.mjs';
import { dropDatabases, letFarIn, median, runCli, startPair, writeFarPlan } from './measure.mjs';

// One saved plan, and how fast so many processes do it (`apply --claim`) on servers that are far away; 0 is one process
// without --claim. Turn by turn. Run `npm run build` before, on a quiet machine:
//   node bench/claim.mjs [--workers 0,1,2,4,8] [--databases 40] [--tables 10] [--rounds 1] [--milliseconds 10] [--options 'max_concurrent: 1']
const { values } = parseArgs({
  options: {
    workers: { type: 'string', default: '0,1,2,4,8' },
    databases: { type: 'string', default: '40' },
    tables: { type: 'string', default: '10' },
    rounds: { type: 'string', default: '1' },
    milliseconds: { type: 'string', default: '10' },
    options: { type: 'string', default: 'max_concurrent: 1' },
  },
});

const { folder, source, target } = await startPair();
letFarIn([source, target]);
const names = Array.from(
  { length: Number(values.databases) },
  (_, index) => `tenant_${String(index).padStart(3, '0')}`,
);
const tables = Array.from(
  { length: Number(values.tables) },
  (_, index) =>
    `CREATE TABLE t${index} (id INT PRIMARY KEY, v VARCHAR(60), KEY (v)); INSERT INTO t${index} SELECT seq, SHA1(seq) FROM seq_1_to_200;`,
).join('\n');
for (const name of names) loadSql(source, `CREATE DATABASE ${name}; USE ${name};\n${tables}`);

const [from, to] = await Promise.all(
  [source, target].map(({ port }) => startFarLink(port, { milliseconds: Number(values.milliseconds) })),
);
const plan = join(folder, 'plan.yaml');
writeFarPlan(plan, { from, to }, names, values.options);

/** Seconds until the last of them has ended. Each has a home of its own, as on machines of their own. */
const measure = async (workers) => {
  dropDatabases(target);
  const saved = join(folder, 'saved.json');
  await runCli(['plan', plan, '--out', saved, '--no-input', '--quiet'], { folder });
  const words = ['apply', saved, '--auto-approve', '--no-input', '--quiet'];
  const start = performance.now();
  await Promise.all(
    Array.from({ length: Math.max(1, workers) }, (_, index) =>
      runCli(workers === 0 ? words : [...words, '--claim'], {
        folder,
        variables: { MYSQL_SYNC_HOME: join(folder, `home-${index}`) },
      }),
    ),
  );
  return (performance.now() - start) / 1000;
};

const counts = values.workers.split(',').map(Number);
const samples = new Map(counts.map((count) => [count, /** @type {number[]} */ ([])]));
for (let round = 0; round < Number(values.rounds); round += 1)
  for (const count of counts) samples.get(count)?.push(await measure(count));

process.stdout.write(
  `${names.length} databases of ${values.tables} tables, ${2 * Number(values.milliseconds)} ms a round trip, ${values.options}\n`,
);
const one = median(samples.get(1) ?? [NaN]);
for (const count of counts) {
  const seconds = samples.get(count) ?? [];
  const title = count === 0 ? 'one process, without --claim' : `${count} with --claim`;
  process.stdout.write(
    `${title.padEnd(30)}${median(seconds).toFixed(1).padStart(7)} s${(one / median(seconds)).toFixed(2).padStart(7)} x   (${seconds.map((each) => each.toFixed(1)).join(', ')})\n`,
  );
}
process.exit(0);
