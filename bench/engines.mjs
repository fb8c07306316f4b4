import { mkdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { performance } from 'node:perf_hooks';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { findServerPrograms } from '../scripts/server-matrix.mjs';
import { loadSql, queryRows } from '../scripts/throwaway-server.mjs';
import { dropDatabases, helpOf, isInstalled, median, runApply, runShell, startPair } from './measure.mjs';
import { SHAPES, fillShape } from './shapes.mjs';

// Every engine and the peers, turn by turn on one pair of servers. Run `npm run build` before, on a quiet machine:
//   node bench/engines.mjs [--shapes narrow,single,many,wide] [--cases pipe,native-counts] [--rounds 3] [--scale 1]
//     [--lanes 4] [--concurrent 1] [--server mysql-9.7]
const { values } = parseArgs({
  options: {
    shapes: { type: 'string', default: Object.keys(SHAPES).join(',') },
    cases: { type: 'string' },
    rounds: { type: 'string', default: '3' },
    scale: { type: 'string', default: '1' },
    lanes: { type: 'string', default: '4' },
    server: { type: 'string' },
    concurrent: { type: 'string', default: '1' },
  },
});
const lanes = Number(values.lanes);
const { folder, source, target } = await startPair(
  values.server === undefined ? undefined : findServerPrograms(values.server),
);
const { client, vendor } = source.programs;
const dump = join(dirname(client), vendor === 'mysql' ? 'mysqldump' : 'mariadb-dump');
const pair = { folder, source, target };
const login = ({ socket }) => `--no-defaults -uroot -S${socket}`;

// What mysqldump prints without it switches the binary log off, and is refused by a server that has written to its own.
const gtids = vendor === 'mysql' ? ' --set-gtid-purged=OFF' : '';

const pipeDatabase = (database) => {
  loadSql(target, `CREATE DATABASE ${database}`);
  return runShell(
    `${dump} ${login(source)} --single-transaction --quick${gtids} ${database} | ${client} ${login(target)} ${database}`,
  );
};

const applyWith = (options) => (shape) =>
  runApply(
    pair,
    Object.keys(shape.databases),
    `{parallel: ${lanes}, max_concurrent: ${values.concurrent}, ${options}}`,
  );

/** With its checksums, or without. */
const runMydumper = (checksums) => async (shape) => {
  const files = join(folder, 'mydumper');
  rmSync(files, { recursive: true, force: true });
  const names = Object.keys(shape.databases).join('|');
  const check = checksums === 'with' ? ' --checksum-all' : '';
  await runShell(
    `mydumper -u root -S ${source.socket} -t ${lanes} --regex '^(${names})\\.' --trx-consistency-only -o ${files}${check}`,
  );
  await runShell(`myloader -u root -S ${target.socket} -t ${lanes} -d ${files} -o`);
};

/** What no copy can be faster than: files that are ready, read by the server itself, and the indexes after them. */
const loadReadyFiles = async (shape) => {
  const jobs = Object.entries(shape.databases).flatMap(([database, tables]) =>
    tables.map((table) => ({ database, table })),
  );
  for (const [database, tables] of Object.entries(shape.databases))
    loadSql(
      target,
      `CREATE DATABASE ${database}; USE ${database}; ${tables.map((table) => `${bareTable(database, table)};`).join('\n')}`,
    );
  const parts = jobs.flatMap(({ database, table }) =>
    readyFiles(shape, database, table).map((file) => ({ database, table, file })),
  );
  await inLanes(parts, ({ database, table, file }) =>
    runShell(
      `${client} ${login(target)} ${database} -e "SET unique_checks = 0, foreign_key_checks = 0; LOAD DATA INFILE '${file}' INTO TABLE ${table} CHARACTER SET binary"`,
    ),
  );
  await inLanes(jobs, ({ database, table }) =>
    runShell(`${client} ${login(target)} ${database} -e "ALTER TABLE ${table} ${INDEXES}"`),
  );
};

const INDEXES = 'ADD KEY k_1 (k)';

const bareTable = (database, table) => {
  const [[, statement]] = queryRows(source, `SHOW CREATE TABLE ${database}.${table}`);
  return statement.replaceAll('\\n', '\n').replace(/,\n\s+KEY `k_1` \(`k`\)/, '');
};

/** One file a table, or one a lane where there is one table only. */
const readyFiles = (shape, database, table) => {
  const pieces = Object.values(shape.databases).flat().length === 1 ? lanes : 1;
  return Array.from({ length: pieces }, (_, index) => join(folder, 'ready', `${database}.${table}.${index}`));
};

const writeReadyFiles = (shape) => {
  rmSync(join(folder, 'ready'), { recursive: true, force: true });
  mkdirSync(join(folder, 'ready'), { mode: 0o777 });
  for (const [database, tables] of Object.entries(shape.databases))
    for (const table of tables) {
      const files = readyFiles(shape, database, table);
      const [[highest]] = queryRows(source, `SELECT MAX(id) FROM ${database}.${table}`);
      files.forEach((file, index) => {
        const [from, to] = [index, index + 1].map((step) =>
          Math.round((Number(highest) * step) / files.length),
        );
        loadSql(
          source,
          `SELECT * FROM ${database}.${table} WHERE id > ${from} AND id <= ${to} INTO OUTFILE '${file}' CHARACTER SET binary`,
        );
      });
    }
};

/** As many at a time as there are lanes. */
const inLanes = async (jobs, work) => {
  const left = [...jobs];
  await Promise.all(
    Array.from({ length: lanes }, async () => {
      for (let job = left.shift(); job; job = left.shift()) await work(job);
    }),
  );
};

const CASES = {
  pipe: {
    title: vendor === 'mysql' ? 'mysqldump | mysql' : 'mariadb-dump | mariadb',
    run: async ({ databases }) => {
      for (const database of Object.keys(databases)) await pipeDatabase(database);
    },
  },
  dump: { title: 'apply, dump, digest', run: applyWith('engine: dump, verify: digest') },
  'native-counts': { title: 'apply, native, counts', run: applyWith('engine: native, verify: counts') },
  'native-digest': { title: 'apply, native, digest', run: applyWith('engine: native, verify: digest') },
  mydumper: { title: 'mydumper + myloader', needs: 'mydumper', run: runMydumper('without') },
  'mydumper-checksums': { title: '  with checksums', needs: 'mydumper', run: runMydumper('with') },
  floor: { title: 'LOAD DATA of ready files', needs: 'files', run: loadReadyFiles },
};

/** Which cases can be run: mydumper of Debian 12 knows no checksums, and the ready files are of narrow tables. */
const isPossible = (name, { needs }, shapeName) => {
  if (needs === 'files') return shapeName !== 'wide' && shapeName !== 'many';
  // mydumper 0.10 of Debian knows no MySQL 8 and newer.
  if (needs === 'mydumper' && (vendor === 'mysql' || !isInstalled('mydumper'))) return false;
  return name !== 'mydumper-checksums' || helpOf('mydumper').includes('--checksum-all');
};

const measureShape = async (shapeName) => {
  const shape = SHAPES[shapeName];
  dropDatabases(source);
  fillShape(source, shape, Number(values.scale));
  const wanted = values.cases?.split(',') ?? Object.keys(CASES);
  const names = wanted.filter((name) => isPossible(name, CASES[name], shapeName));
  if (names.includes('floor')) writeReadyFiles(shape);
  /** @type {Record<string, {seconds: number, cpuSeconds?: number, mebibytes?: number}[]>} */
  const samples = Object.fromEntries(names.map((name) => [name, []]));
  // Turn by turn, so that a busy moment of the machine meets all cases.
  for (let round = 0; round < Number(values.rounds); round += 1)
    for (const name of names) {
      dropDatabases(target);
      const start = performance.now();
      const measured = await CASES[name].run(shape);
      const seconds = (performance.now() - start) / 1000;
      samples[name].push({ seconds, ...measured });
      process.stderr.write(`${shapeName}, round ${round + 1}, ${name}: ${seconds.toFixed(1)} s\n`);
    }
  printTable(shape, samples);
};

const printTable = (shape, samples) => {
  const tables = Object.values(shape.databases).flat().length;
  const [[bytes]] = queryRows(
    source,
    `SELECT SUM(data_length) FROM information_schema.TABLES WHERE table_schema IN (${Object.keys(
      shape.databases,
    )
      .map((name) => `'${name}'`)
      .join(', ')})`,
  );
  const mebibytes = Number(bytes) / 2 ** 20;
  process.stdout.write(
    `\n${shape.title}: ${mebibytes.toFixed(0)} MiB in ${tables} tables, ${lanes} lanes, ${values.concurrent} at a time, median of ${values.rounds}\n`,
  );
  const [base] = Object.values(samples);
  for (const [name, runs] of Object.entries(samples)) {
    const middle = (key) => median(runs.map((run) => run[key]));
    // Within a round: the machine may be slower in the next one.
    const ratio = median(runs.map(({ seconds }, round) => base[round].seconds / seconds));
    const own =
      runs[0].cpuSeconds === undefined
        ? ''
        : `${middle('cpuSeconds').toFixed(1).padStart(6)} s CPU${Math.max(...runs.map((run) => run.mebibytes))
            .toFixed(0)
            .padStart(6)} MiB`;
    process.stdout.write(
      `${CASES[name].title.padEnd(26)}${middle('seconds').toFixed(1).padStart(7)} s${`${ratio.toFixed(2)} x`.padStart(9)}${own}\n`,
    );
  }
};

for (const shapeName of values.shapes.split(',')) await measureShape(shapeName);
process.exit(0);
