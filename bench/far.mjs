import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { findServerPrograms } from '../scripts/server-matrix.mjs';
import { queryRows } from '../scripts/throwaway-server.mjs';
import { startFarLink } from './far-link.mjs';
import { dropDatabases, letFarIn, median, runCli, startPair, writeFarPlan } from './measure.mjs';
import { canRun, runMydumper, runPipe } from './peers.mjs';
import { SHAPES, fillShape } from './shapes.mjs';

// Near and far: both servers behind links that take their time. Run `npm run build` before, on a quiet machine:
//   node bench/far.mjs [--shapes many,quarter] [--cases pipe,mydumper,plan,create,overwrite] [--rounds 1] [--milliseconds 10]
//     [--megabits 200] [--options 'max_concurrent: 4'] [--server mysql-9.7] [--only near|far]
const { values } = parseArgs({
  options: {
    shapes: { type: 'string', default: 'many,quarter' },
    cases: { type: 'string', default: 'pipe,mydumper,plan,create,overwrite' },
    rounds: { type: 'string', default: '1' },
    milliseconds: { type: 'string', default: '10' },
    megabits: { type: 'string' },
    options: { type: 'string', default: '' },
    server: { type: 'string' },
    only: { type: 'string' },
  },
});

const pair = await startPair(values.server === undefined ? undefined : findServerPrograms(values.server));
const { folder, source, target } = pair;
const { vendor } = source.programs;
letFarIn([source, target]);

const openLinks = async (milliseconds, megabits) => {
  const [from, to] = await Promise.all(
    [source, target].map(({ port }) => startFarLink(port, { milliseconds, megabits })),
  );
  return { from, to };
};

const LINKS = {
  near: await openLinks(0),
  far: await openLinks(
    Number(values.milliseconds),
    values.megabits === undefined ? undefined : Number(values.megabits),
  ),
};

const runMysqlSync = (command, names, links) => {
  const plan = join(folder, 'far.yaml');
  writeFarPlan(plan, links, names, values.options);
  const flags = command === 'plan' ? [] : ['--confirm-target', 'to'];
  return runCli([command, plan, ...flags, '--no-input', '--quiet'], { folder });
};

/** What each case needs on the target, and what it does. */
const CASES = {
  pipe: { target: 'empty', run: (names, links) => runPipe(source, { names, user: 'far', ...links }) },
  mydumper: { target: 'empty', run: (names, links) => runMydumper(folder, { names, user: 'far', ...links }) },
  plan: { target: 'empty', run: (names, links) => runMysqlSync('plan', names, links) },
  create: { target: 'empty', run: (names, links) => runMysqlSync('apply', names, links) },
  overwrite: { target: 'full', run: (names, links) => runMysqlSync('apply', names, links) },
};

const isPossible = (name) => name !== 'mydumper' || canRun(name, vendor);

const measure = async (name, names, links) => {
  const { target: needs, run } = CASES[name];
  if (needs === 'empty') dropDatabases(target);
  else if (queryRows(target, `SHOW DATABASES LIKE '${names[0]}'`).length === 0)
    await runMysqlSync('apply', names, LINKS.near);
  for (const link of [links.from, links.to]) link.reset();
  const start = performance.now();
  const own = await run(names, links);
  const seconds = (performance.now() - start) / 1000;
  const [from, to] = [links.from.measure(), links.to.measure()];
  return { seconds, from, to, mebibytes: own?.mebibytes };
};

for (const shapeName of values.shapes.split(',')) {
  const shape = SHAPES[shapeName];
  dropDatabases(source);
  fillShape(source, shape, 1);
  const names = Object.keys(shape.databases);
  process.stdout.write(`\n${shape.title}\n`);
  for (const place of values.only === undefined ? ['near', 'far'] : [values.only])
    for (const name of values.cases.split(',').filter(isPossible)) {
      const samples = [];
      for (let round = 0; round < Number(values.rounds); round += 1)
        samples.push(await measure(name, names, LINKS[place]));
      const [last] = samples.slice(-1);
      process.stdout.write(
        `${place.padEnd(6)}${name.padEnd(12)}${median(samples.map(({ seconds }) => seconds))
          .toFixed(1)
          .padStart(
            7,
          )} s   chain ${`${last.from.chain} + ${last.to.chain}`.padStart(13)}   ${((last.from.bytes + last.to.bytes) / 2 ** 20).toFixed(1).padStart(7)} MiB${last.mebibytes === undefined ? '' : `   ${last.mebibytes.toFixed(0)} MiB of memory`}\n`,
      );
    }
}
for (const { from, to } of Object.values(LINKS)) {
  from.stop();
  to.stop();
}
process.exit(0);
