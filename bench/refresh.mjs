import { readFileSync } from 'node:fs';
import { performance } from 'node:perf_hooks';
import process from 'node:process';
import { setTimeout } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { findServerPrograms } from '../scripts/server-matrix.mjs';
import { loadSql, queryRows } from '../scripts/throwaway-server.mjs';
import { startFarLink } from './far-link.mjs';
import { dropDatabases, letFarIn, median, runApply, startPair } from './measure.mjs';
import { canRun, runMydumper, runPipe, runTableSync } from './peers.mjs';
import { SHAPES, fillShape } from './shapes.mjs';

// A refresh of what the target has already against a full copy, same servers, turn by turn, by what changed on the source: in
// all tables, or (`-one`) in one. Run `npm run build` before, on a quiet machine:
//   node bench/refresh.mjs [--flavor mariadb-10.11] [--scale 1] [--rounds 3] [--shapes narrow,wide,many]
//     [--cases none,last,scattered,tenth,column,last-one,scattered-one,tenth-one,column-one] [--options 'max_concurrent: 4']
//     [--far [--milliseconds 10] [--megabits 50]] [--peers] [--pool 2048]
// `--pool`: MiB of memory that each server has for pages, instead of 256.
const CHANGES = {
  none: 'nothing changed',
  last: 'the last 1 %',
  scattered: '1 % here and there',
  tenth: '10 % here and there',
  column: 'a column of every row',
};
const PEERS = {
  pipe: 'pipe',
  mydumper: 'mydumper, myloader',
  'pt-table-sync': 'pt-table-sync, nothing changed',
};

const { values } = parseArgs({
  options: {
    flavor: { type: 'string', default: 'mariadb-10.11' },
    scale: { type: 'string', default: '1' },
    rounds: { type: 'string', default: '3' },
    shapes: { type: 'string', default: 'narrow,wide,many' },
    cases: { type: 'string', default: 'none,last,scattered,tenth,column,last-one' },
    options: { type: 'string', default: '' },
    far: { type: 'boolean', default: false },
    milliseconds: { type: 'string', default: '10' },
    megabits: { type: 'string', default: '50' },
    peers: { type: 'boolean', default: false },
    pool: { type: 'string' },
  },
});

const { folder, source, target } = await startPair(findServerPrograms(values.flavor));
const { vendor } = source.programs;
letFarIn([source, target]);
if (values.pool !== undefined)
  for (const server of [source, target])
    loadSql(server, `SET GLOBAL innodb_buffer_pool_size = ${Number(values.pool) * 2 ** 20}`);
const openLink = ({ port }) =>
  startFarLink(port, { milliseconds: Number(values.milliseconds), megabits: Number(values.megabits) });
const links = values.far ? [await openLink(source), await openLink(target)] : [];
const [from = source, to = target] = links;
const pair = values.far
  ? { folder, source: { ...source, link: from }, target: { ...target, link: to } }
  : { folder, source, target };
const COLUMN = { narrow: 'k', quarter: 'k', single: 'k', many: 'k', wide: 'state' };

/** Which rows of a table change. */
const rowsOf = (what, database, table) => {
  if (what === 'column') return '';
  if (what === 'scattered') return 'WHERE CRC32(id) % 100 = 7';
  if (what === 'tenth') return 'WHERE CRC32(id) % 10 = 7';
  const [[last]] = queryRows(source, `SELECT MAX(id) FROM ${database}.${table}`);
  return `WHERE id > ${Math.floor(Number(last) * 0.99)}`;
};

const change = (databases, column, what) => {
  if (what === 'none') return;
  for (const [database, tables] of Object.entries(databases))
    loadSql(
      source,
      tables
        .map(
          (table) =>
            `UPDATE ${database}.${table} SET ${column} = ${column} % 2 + 1 ${rowsOf(what, database, table)}`,
        )
        .join(';\n'),
    );
};

/** Each makes the target what the source is, after a change of it. */
const listCases = (shape) => {
  const { databases } = SHAPES[shape];
  const names = Object.keys(databases);
  const [first] = names;
  const one = { [first]: databases[first].slice(0, 1) };
  const apply = (refresh) => () =>
    runApply(pair, names, `{refresh: ${refresh}${values.options === '' ? '' : `, ${values.options}`}}`);
  const refresh = (name) => {
    const [what, where] = name.split('-');
    if (CHANGES[what] === undefined) throw new Error(`there is no case ${name}`);
    return {
      title: where === 'one' ? `${CHANGES[what]} of one table` : CHANGES[what],
      prepare: () => change(where === 'one' ? one : databases, COLUMN[shape], what),
      run: apply('auto'),
    };
  };
  const peer = { names, user: 'far', from, to };
  const runPeer = {
    pipe: () => runPipe(source, peer),
    mydumper: () => runMydumper(folder, peer),
    'pt-table-sync': () => runTableSync(peer),
  };
  const peers = values.peers ? Object.keys(PEERS).filter((name) => canRun(name, vendor)) : [];
  return {
    full: { title: 'full copy', prepare: () => undefined, run: apply('full') },
    ...Object.fromEntries(values.cases.split(',').map((name) => [name, refresh(name)])),
    ...Object.fromEntries(
      peers.map((name) => [
        name,
        {
          title: PEERS[name],
          prepare: () => name !== 'pt-table-sync' && dropDatabases(target),
          run: runPeer[name],
        },
      ]),
    ),
  };
};

/** Bytes that the target has written to its redo log since it started. */
const redoBytes = () => Number(queryRows(target, "SHOW GLOBAL STATUS LIKE 'Innodb_os_log_written'")[0]?.[1]);

/** Processor time of both servers since they started. */
const serverSeconds = () =>
  [source, target].reduce((sum, { pid }) => {
    // Behind the name of the program, which may have blanks: fields 14 and 15 of proc_pid_stat(5), in ticks of 10 ms.
    const fields = readFileSync(`/proc/${pid}/stat`, 'latin1').split(') ')[1].split(' ');
    return sum + (Number(fields[11]) + Number(fields[12])) / 100;
  }, 0);

/** Until both servers have done with what a change leaves them to do: old versions of rows, pages to be written. */
const rest = async () => {
  for (let before = serverSeconds(), quiet = 0, rounds = 0; quiet < 3 && rounds < 300; rounds += 1) {
    await setTimeout(200);
    const now = serverSeconds();
    quiet = now - before <= 0.01 ? quiet + 1 : 0;
    before = now;
  }
};

const measure = async ({ prepare, run }) => {
  prepare();
  await rest();
  for (const link of links) link.reset();
  const [start, redo, ofServers] = [performance.now(), redoBytes(), serverSeconds()];
  const own = await run();
  const seconds = (performance.now() - start) / 1000;
  return {
    seconds,
    redo: (redoBytes() - redo) / 2 ** 20,
    serverSeconds: serverSeconds() - ofServers,
    travelled: links.reduce((sum, link) => sum + link.measure().bytes, 0) / 2 ** 20,
    memory: own?.mebibytes,
    cpuSeconds: own?.cpuSeconds,
  };
};

/** A column: the number, right-aligned, and its unit. */
const cell = (value, unit, { width = 7, digits = 0 } = {}) =>
  value === undefined
    ? ''.padEnd(width + unit.length + 1)
    : `${value.toFixed(digits).padStart(width)} ${unit}`;

const printTable = (shape, cases, samples) => {
  const of = (name, key) =>
    samples[name][0][key] === undefined ? undefined : median(samples[name].map((sample) => sample[key]));
  const where = values.far ? `, ${values.milliseconds} ms each way, ${values.megabits} Mbit/s` : '';
  const memory = values.pool === undefined ? '' : `, ${values.pool} MiB for pages`;
  process.stdout.write(
    `\n${SHAPES[shape].title}, ${values.flavor}, scale ${values.scale}${where}${memory}, median of ${values.rounds}\n`,
  );
  for (const [name, { title }] of Object.entries(cases)) {
    // Within a round: the machine may be slower in the next one.
    const ratio = median(samples[name].map(({ seconds }, round) => samples.full[round].seconds / seconds));
    const [travelled, ofFull] = [name, 'full'].map((one) => of(one, 'travelled') ?? 0);
    process.stdout.write(
      [
        title.padEnd(34),
        cell(of(name, 'seconds'), 's', { digits: 2 }),
        cell(ratio, 'times as fast', { digits: 1 }),
        cell(of(name, 'redo'), 'MiB of redo'),
        ...(values.far
          ? [
              cell(travelled, 'MiB travelled', { digits: 1 }),
              cell((100 * travelled) / ofFull, '%', { width: 6, digits: 1 }),
            ]
          : []),
        cell(of(name, 'cpuSeconds'), 's CPU', { digits: 1 }),
        cell(of(name, 'serverSeconds'), 's of servers', { digits: 1 }),
        cell(of(name, 'memory'), 'MiB of memory', { width: 5 }),
      ]
        .join('')
        .trimEnd() + '\n',
    );
  }
};

const measureShape = async (shape) => {
  const cases = listCases(shape);
  /** @type {Record<string, {seconds: number, redo: number, serverSeconds: number, travelled: number, memory?: number, cpuSeconds?: number}[]>} */
  const samples = Object.fromEntries(Object.keys(cases).map((name) => [name, []]));
  await runApply({ folder, source, target }, Object.keys(SHAPES[shape].databases), '{refresh: full}');
  for (let round = 0; round < Number(values.rounds); round += 1)
    for (const [name, one] of Object.entries(cases)) {
      const sample = await measure(one);
      samples[name].push(sample);
      process.stderr.write(`${shape}, round ${round + 1}, ${name}: ${sample.seconds.toFixed(2)} s\n`);
    }
  printTable(shape, cases, samples);
};

for (const shape of values.shapes.split(',')) {
  fillShape(source, SHAPES[shape], Number(values.scale));
  await measureShape(shape);
  dropDatabases(source);
  dropDatabases(target);
}
process.exit(0);
