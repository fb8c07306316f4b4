import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { performance } from 'node:perf_hooks';
import process from 'node:process';
import { parseArgs } from 'node:util';
import {
  loadSql,
  queryRows,
  scratchRoot,
  startThrowawayServer,
  stopServers,
} from '../scripts/throwaway-server.mjs';
import { createDumpEngine } from '../dist/adapters/dump/dump-engine.js';
import { openConnection } from '../dist/adapters/mysql/connect.js';
import { readServerFacts } from '../dist/adapters/mysql/facts.js';
import { inspectDatabases } from '../dist/adapters/mysql/inspect.js';

// The dump engine against the shell pipe that it is made of: `mariadb-dump bench | mariadb copied`, same servers, same
// rows, turn by turn. Run `npm run build` before, on a quiet machine:
//   node bench/apply-dump.mjs [--megabytes 1024] [--rounds 3] [--cases pipe,engine,counts,digest]
const { values } = parseArgs({
  options: {
    megabytes: { type: 'string', default: '1024' },
    rounds: { type: 'string', default: '3' },
    cases: { type: 'string', default: 'pipe,engine,counts,digest' },
  },
});
const TABLES = 4;
const BYTES_PER_ROW = 200;
const BIN = resolve(import.meta.dirname, '../bin/run.js');

const folder = mkdtempSync(join(scratchRoot(), 'mysql-sync-bench-'));
const stop = () => {
  stopServers();
  rmSync(folder, { recursive: true, force: true });
};
process.once('exit', stop);
process.once('SIGINT', () => process.exit(130));
process.once('SIGTERM', () => process.exit(143));

const source = await startThrowawayServer('source', join(folder, 'source'));
const target = await startThrowawayServer('target', join(folder, 'target'));

/** Tables as sysbench makes them, with text that does not repeat. */
const fillSource = () => {
  const rows = Math.round((Number(values.megabytes) * 2 ** 20) / BYTES_PER_ROW / TABLES);
  const digits = (groups) => `CONCAT_WS('-'${", LPAD(FLOOR(RAND() * 1e11), 11, '0')".repeat(groups)})`;
  loadSql(
    source,
    `CREATE DATABASE bench; USE bench;
     CREATE TABLE t1 (id INT NOT NULL AUTO_INCREMENT PRIMARY KEY, k INT NOT NULL DEFAULT 0, c CHAR(120) NOT NULL DEFAULT '',
       pad CHAR(60) NOT NULL DEFAULT '', KEY k_1 (k)) ENGINE = InnoDB;
     INSERT INTO t1 SELECT seq, FLOOR(RAND() * 1e6), ${digits(10)}, ${digits(5)} FROM seq_1_to_${rows};
     ${Array.from({ length: TABLES - 1 }, (_, index) => `CREATE TABLE t${index + 2} LIKE t1; INSERT INTO t${index + 2} SELECT * FROM t1;`).join('\n')}`,
  );
};

const shell = (command) => {
  const { status, stderr } = spawnSync('bash', ['-o', 'pipefail', '-c', command], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${command}\n${stderr}`);
};

const endpointOf = (server, role) => ({
  name: role,
  role,
  address: { kind: 'socket', path: server.socket },
  user: 'root',
  tls: { mode: 'preferred' },
  access: 'read-write',
  isProtected: false,
  timeoutMilliseconds: 30_000,
});

const read = async (endpoint, work) => {
  const connection = await openConnection(endpoint);
  try {
    return await work(connection);
  } finally {
    await connection.end();
  }
};

const copyByEngine = async () => {
  const [from, to] = [endpointOf(source, 'source'), endpointOf(target, 'target')];
  const sourceFacts = await read(from, async (connection) => readServerFacts(connection, from));
  const targetFacts = await read(to, async (connection) => readServerFacts(connection, to));
  const [{ tables }] = await read(from, async (connection) =>
    inspectDatabases(connection, sourceFacts.flavor, ['bench']),
  );
  const [[, ...definitions]] = [['', ...queryRows(source, 'USE bench; SHOW CREATE TABLE t1')]];
  const statement = definitions[0][1].replaceAll('\\n', '\n');
  const creates = Array.from({ length: TABLES }, (_, index) =>
    statement.replace('`t1`', `t${index + 1}`),
  ).join(';');
  loadSql(target, `CREATE DATABASE copied; USE copied; ${creates}`);
  const engine = createDumpEngine({ path: process.env.PATH, temporaryFolder: folder });
  await engine.prepare(sourceFacts, targetFacts);
  const job = {
    source: from,
    target: to,
    sourceFacts,
    targetFacts,
    from: 'bench',
    into: 'copied',
    tables: tables.map((table) => ({ table, where: null })),
  };
  await engine.copy(job, () => undefined, new globalThis.AbortController().signal);
};

const apply = async (verify) => {
  const plan = join(folder, 'plan.yaml');
  writeFileSync(
    plan,
    `version: 1
source: {name: from, socket: ${source.socket}, user: root}
target: {name: to, socket: ${target.socket}, user: root, access: read-write}
databases: [{name: bench, as: copied}]
options: {engine: dump, verify: ${verify}}
`,
  );
  const child = spawn(process.execPath, [BIN, 'apply', plan, '--auto-approve', '--no-input', '--quiet'], {
    env: { PATH: process.env.PATH, MYSQL_SYNC_HOME: join(folder, 'home') },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const code = await new Promise((end) => child.once('exit', end));
  if (code !== 0) throw new Error(`apply ended with ${code}`);
};

const CASES = {
  pipe: {
    label: 'mariadb-dump | mariadb',
    run: () => {
      loadSql(target, 'CREATE DATABASE copied');
      shell(
        `mariadb-dump --no-defaults -uroot -S${source.socket} --single-transaction --quick bench | mariadb --no-defaults -uroot -S${target.socket} copied`,
      );
    },
  },
  engine: { label: 'dump engine, copy alone', run: copyByEngine },
  counts: { label: 'apply, verify: counts', run: async () => apply('counts') },
  digest: { label: 'apply, verify: digest', run: async () => apply('digest') },
};

const median = (numbers) => {
  const sorted = numbers.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  return (sorted[Math.ceil(middle) - 1] + sorted[Math.floor(middle)]) / 2;
};

const dropCopies = () => {
  const names = queryRows(
    target,
    "SHOW DATABASES WHERE `Database` = 'copied' OR `Database` LIKE 'mysql\\_sync\\_%'",
  );
  for (const [name] of names) loadSql(target, `DROP DATABASE \`${name}\``);
};

fillSource();
const chosen = values.cases.split(',').map((name) => [name, CASES[name]]);
const samples = Object.fromEntries(chosen.map(([name]) => [name, []]));
const cpuSamples = [];
// Turn by turn, so that a busy moment of the machine meets all cases.
for (let round = 0; round < Number(values.rounds); round += 1)
  for (const [name, { run }] of chosen) {
    dropCopies();
    const start = performance.now();
    const cpu = process.cpuUsage();
    await run();
    samples[name].push((performance.now() - start) / 1000);
    const { user, system } = process.cpuUsage(cpu);
    if (name === 'engine') cpuSamples.push((user + system) / 1e6);
    process.stderr.write(`round ${round + 1} ${name}: ${samples[name].at(-1).toFixed(1)} s\n`);
  }

const base = median(samples[chosen[0][0]]);
const best = (numbers) => Math.min(...numbers);
process.stdout.write(`${values.megabytes} MiB in ${TABLES} tables, median of ${values.rounds}\n`);
for (const [name, { label }] of chosen) {
  const seconds = median(samples[name]);
  const rate = `${(Number(values.megabytes) / seconds).toFixed(1)} MiB/s`;
  process.stdout.write(
    `${label.padEnd(26)} ${seconds.toFixed(1).padStart(7)} s (best ${best(samples[name]).toFixed(1)}) ${rate.padStart(13)} ${`${((seconds / base - 1) * 100).toFixed(1)} %`.padStart(9)}\n`,
  );
}
if (cpuSamples.length > 0)
  process.stdout.write(`processor time of the relay: ${median(cpuSamples).toFixed(2)} s\n`);
process.exit(0);
