import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import process from 'node:process';
import { loadSql } from '../scripts/throwaway-server.mjs';
import { median, runCli, startPair } from './measure.mjs';

// How long a plan takes and how much memory, against two private servers that hold the same databases of 20 tables:
// the median of three, in milliseconds, and the highest resident size, in MiB. Run `npm run build` before.
const SIZES = [10, 50, 200];
const TABLES = 20;
const RUNS = 3;

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

const measurePlan = async (plan, databases) => {
  const start = performance.now();
  const { stdout, mebibytes } = await runCli(['plan', plan], pair);
  const milliseconds = performance.now() - start;
  const planned = stdout.split('\n').filter((line) => line.includes('app_')).length;
  if (planned < databases) throw new Error(`only ${planned} of ${databases} databases were planned`);
  return { milliseconds, mebibytes };
};

const pair = await startPair();
const servers = [pair.source, pair.target];
const plan = join(pair.folder, 'scale.yaml');
writeFileSync(plan, PLAN.replace('%FROM%', pair.source.socket).replace('%TO%', pair.target.socket));

process.stdout.write('databases   tables      plan    memory\n');
let made = 0;
for (const size of SIZES) {
  const numbers = Array.from({ length: size - made }, (_, index) => made + index);
  const sql = numbers.map((number) => describeDatabase(nameDatabase(number))).join('\n');
  for (const server of servers) loadSql(server, sql);
  made = size;
  const runs = [];
  for (let run = 0; run < RUNS; run += 1) runs.push(await measurePlan(plan, size));
  const row = [
    String(size).padStart(9),
    String(size * TABLES).padStart(9),
    `${median(runs.map(({ milliseconds }) => milliseconds)).toFixed(0)} ms`.padStart(10),
    `${Math.max(...runs.map(({ mebibytes }) => mebibytes)).toFixed(0)} MiB`.padStart(10),
  ];
  process.stdout.write(`${row.join('')}\n`);
}
process.exit(0);
