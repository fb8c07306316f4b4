import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { performance } from 'node:perf_hooks';
import process from 'node:process';
import { loadSql, scratchRoot, startThrowawayServer, stopServers } from '../scripts/throwaway-server.mjs';

// How long a plan takes and how much memory, against two private servers that hold the same databases of 20 tables:
// the median of three, in milliseconds, and the highest resident size, in MiB. Run `npm run build` before.
const SIZES = [10, 50, 200];
const TABLES = 20;
const RUNS = 3;
const ROOT = resolve(import.meta.dirname, '..');

const PLAN = `\
version: 1
name: scale
source: {name: from, socket: %FROM%, user: root}
target: {name: to, socket: %TO%, user: root, access: read-write}
databases:
  - match: "app_*"
`;

const describeTable = (table) => `
CREATE TABLE t${table} (
  id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY, parent BIGINT UNSIGNED, name VARCHAR(190) NOT NULL DEFAULT '',
  state ENUM('new', 'open', 'closed') NOT NULL DEFAULT 'new', amount DECIMAL(12, 2) NOT NULL DEFAULT 0, price DOUBLE,
  body TEXT, doc JSON, made_at DATETIME(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6), changed_at TIMESTAMP NULL,
  total DECIMAL(14, 2) AS (amount * 2) STORED,
  KEY by_name (name(20), state), UNIQUE KEY once (made_at, id), KEY by_parent (parent), CHECK (amount >= 0)
  ${table === 0 ? '' : `, CONSTRAINT up_${table} FOREIGN KEY (parent) REFERENCES t${table - 1} (id)`}
);`;

const describeDatabase = (name) => `
CREATE DATABASE ${name} CHARACTER SET utf8mb4; USE ${name};
${Array.from({ length: TABLES }, (_, table) => describeTable(table)).join('')}
CREATE VIEW v1 AS SELECT id, name FROM t0;
CREATE VIEW v2 AS SELECT v1.id, t1.name FROM v1 JOIN t1 ON t1.parent = v1.id;
CREATE TRIGGER trim_name BEFORE INSERT ON t0 FOR EACH ROW SET NEW.name = TRIM(NEW.name);
CREATE PROCEDURE count_to (a INT, OUT b INT) SELECT COUNT(*) INTO b FROM t0 WHERE id <= a;
CREATE FUNCTION twice (a INT) RETURNS INT DETERMINISTIC RETURN a * 2;
CREATE EVENT nightly ON SCHEDULE EVERY 1 DAY DISABLE DO DELETE FROM t0 WHERE id = 0;`;

const nameDatabase = (number) => `app_${String(number).padStart(3, '0')}`;

/** The child says its highest resident size on descriptor 3 when it ends. */
const REPORT = `import{writeSync}from'node:fs';process.on('exit',()=>writeSync(3,String(process.resourceUsage().maxRSS)))`;

const measurePlan = (folder, databases) => {
  const start = performance.now();
  const { status, stdout, stderr, output } = spawnSync(
    process.execPath,
    [
      '--import',
      `data:text/javascript,${encodeURIComponent(REPORT)}`,
      join(ROOT, 'bin', 'run.js'),
      'plan',
      join(folder, 'scale.yaml'),
    ],
    {
      stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
      encoding: 'utf8',
      env: { ...process.env, MYSQL_SYNC_HOME: join(folder, 'home') },
    },
  );
  const milliseconds = performance.now() - start;
  const planned = stdout.split('\n').filter((line) => line.includes('app_')).length;
  if (status !== 0 || planned < databases)
    throw new Error(`plan ended with ${status} and ${planned} of ${databases} databases\n${stderr}`);
  return { milliseconds, mebibytes: Number(output[3]) / 1024 };
};

const median = (numbers) => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)];

const folder = mkdtempSync(join(scratchRoot(), 'mysql-sync-bench-'));
process.once('exit', () => {
  stopServers();
  rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 });
});
mkdirSync(join(folder, 'home'), { mode: 0o700 });
const servers = [];
for (const name of ['from', 'to']) servers.push(await startThrowawayServer(name, join(folder, name)));
const [from, to] = servers;
writeFileSync(join(folder, 'scale.yaml'), PLAN.replace('%FROM%', from.socket).replace('%TO%', to.socket));

process.stdout.write('databases   tables      plan    memory\n');
let made = 0;
for (const size of SIZES) {
  const numbers = Array.from({ length: size - made }, (_, index) => made + index);
  const sql = numbers.map((number) => describeDatabase(nameDatabase(number))).join('\n');
  for (const server of servers) loadSql(server, sql);
  made = size;
  const runs = Array.from({ length: RUNS }, () => measurePlan(folder, size));
  const row = [
    String(size).padStart(9),
    String(size * TABLES).padStart(9),
    `${median(runs.map(({ milliseconds }) => milliseconds)).toFixed(0)} ms`.padStart(10),
    `${Math.max(...runs.map(({ mebibytes }) => mebibytes)).toFixed(0)} MiB`.padStart(10),
  ];
  process.stdout.write(`${row.join('')}\n`);
}
