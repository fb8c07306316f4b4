// What masks cost the source: nanoseconds of its processor a row and kind, over reading the column as it is. The median
// of five, against private servers; from /proc, so on Linux:
//   node bench/mask-functions.mjs [mariadb-10.11 mysql-9.7 ...]
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import process from 'node:process';
import mysql from 'mysql2/promise';
import { createViteServer } from 'vitest/node';
import { findServerPrograms } from '../scripts/server-matrix.mjs';
import { scratchRoot, startThrowawayServer, stopServers } from '../scripts/throwaway-server.mjs';
import { median } from './measure.mjs';

const ROWS = 100_000;
const RUNS = 5;

/** A column of each type, and what fills it. */
const COLUMNS = [
  ['mail', 'varchar(80)', "CONCAT('person.', n, '@mail', n MOD 97, '.example')"],
  ['first', 'varchar(40)', "ELT(1 + n MOD 3, 'Anna', 'Wilhelmina', 'Søren')"],
  ['note', 'text', "REPEAT('some words ', 1 + n MOD 30)"],
  ['tel', 'varchar(20)', "CONCAT('+49 (0)30 ', 100000 + n)"],
  ['acct', 'varchar(255)', "CONCAT('DE', 10000000000000000000 + n)"],
  ['ip', 'varchar(39)', 'INET_NTOA(167772160 + n)'],
  ['guid', 'char(36)', "CONCAT('01234567-89ab-4def-8123-', LPAD(HEX(n), 12, '0'))"],
  ['small', 'int unsigned', 'n'],
  ['big', 'bigint', 'n * 40000000000'],
  ['born', 'date', "ADDDATE('1950-01-01', n MOD 20000)"],
  ['paid', 'decimal(10,2)', 'n * 1.37'],
  ['doc', 'json', `CONCAT('{"a": 1, "customer": {"email": "p', n, '@mail.example"}}')`],
  [
    ...['sent', 'json'],
    `CONCAT('[{"to": "p', n, '@mail.example", "n": 1}, {"to": "q', n, '@mail.example"}, {"to": "r', n, '@mail.example"}]')`,
  ],
];

/** @type {any[][]} */
const MASKS = [
  ...['email', 'token', 'phone', 'name', 'last-name', 'company', 'street'].map((kind) => ['mail', { kind }]),
  ['first', { kind: 'first-name' }],
  ['note', { kind: 'text' }],
  ['mail', { kind: 'ends', keep: 4 }],
  ['tel', { kind: 'digits' }],
  ['acct', { kind: 'digits' }],
  ['ip', { kind: 'ip' }],
  ['guid', { kind: 'uuid' }],
  ['small', { kind: 'id' }],
  ['big', { kind: 'id' }],
  ['born', { kind: 'date' }],
  ['born', { kind: 'date-to', unit: 'year' }],
  ['small', { kind: 'number' }],
  ['paid', { kind: 'number' }],
  ['sent', { kind: 'json', paths: [{ path: '$[*].to', rule: { kind: 'email' } }] }],
  ['doc', { kind: 'json', paths: [{ path: '$.a', rule: { kind: 'id' } }] }],
  ['doc', { kind: 'json', paths: [{ path: '$.customer.email', rule: { kind: 'email' } }] }],
];

const vite = await createViteServer({
  root: resolve(import.meta.dirname, '..'),
  server: { middlewareMode: true, watch: null },
  appType: 'custom',
  logLevel: 'error',
});
const { maskKeyStatement, maskKeyValues, renderMask } = await vite.ssrLoadModule(
  '/src/adapters/mysql/rows/mask-sql.ts',
);

const describeColumn = ([name, columnType], vendor) => {
  const dataType = columnType.split(/\W/, 1).join();
  const isText = /char|text/.test(dataType) || (dataType === 'json' && vendor === 'mariadb');
  return {
    ...{ name, columnType, dataType: dataType === 'json' && vendor === 'mariadb' ? 'longtext' : dataType },
    ...{ charset: isText ? 'utf8mb4' : undefined, collation: undefined },
    ...{ isGenerated: false, primaryKeyPosition: undefined },
  };
};

/** User and system time are the 14th and 15th word, in hundredths of a second; the second one, a name, may hold spaces. */
const readSeconds = (pid) => {
  const words = readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/^.*\)/, '').trim().split(' ');
  return (Number(words[11]) + Number(words[12])) / 100;
};

const measure = async (connection, pid, expression) => {
  const times = [];
  for (let run = 0; run < RUNS; run += 1) {
    const start = readSeconds(pid);
    await connection.query(`SELECT SUM(LENGTH(${expression})) FROM bench.t`);
    times.push(readSeconds(pid) - start);
  }
  return (median(times) / ROWS) * 1e9;
};

const measureServer = async (id, folder) => {
  const programs = findServerPrograms(id);
  const { socket, pid } = await startThrowawayServer(id, join(folder, id), programs);
  const connection = await mysql.createConnection({
    socketPath: socket,
    user: 'root',
    multipleStatements: true,
  });
  await connection.query(`SET NAMES utf8mb4, sql_mode = ''; CREATE DATABASE bench CHARACTER SET utf8mb4;
    CREATE TABLE bench.d (d INT); INSERT INTO bench.d VALUES (0),(1),(2),(3),(4),(5),(6),(7),(8),(9);
    CREATE TABLE bench.t (n INT PRIMARY KEY, ${COLUMNS.map(([name, type]) => `${name} ${type}`).join(', ')});
    INSERT INTO bench.t SELECT n, ${COLUMNS.map(([, , fill]) => fill).join(', ')} FROM
      (SELECT 1 + a.d + 10 * b.d + 100 * c.d + 1000 * e.d + 10000 * f.d AS n
       FROM bench.d a, bench.d b, bench.d c, bench.d e, bench.d f) AS numbers;`);
  await connection.execute(maskKeyStatement, maskKeyValues('a key of no account'));
  const figures = new Map();
  for (const [name, rule] of MASKS) {
    const column = describeColumn(
      /** @type {any} */ (COLUMNS.find(([own]) => own === name)),
      programs.vendor,
    );
    const plain = await measure(connection, pid, `\`${name}\``);
    const masked = await measure(connection, pid, renderMask(column, rule));
    figures.set(
      `${[rule.kind, ...(rule.paths ?? []).map((one) => one.rule.kind)].join(' ')} (${name}, ${column.columnType})`,
      Math.round(masked - plain),
    );
  }
  await connection.end();
  return figures;
};

const ids = process.argv.length > 2 ? process.argv.slice(2) : ['mariadb-10.11', 'mysql-9.7'];
const folder = mkdtempSync(join(scratchRoot(), 'mysql-sync-bench-'));
try {
  const figures = [];
  for (const id of ids) figures.push(await measureServer(id, folder));
  process.stdout.write(`${'ns a row'.padEnd(32)}${ids.map((id) => id.padStart(16)).join('')}\n`);
  for (const kind of figures[0].keys())
    process.stdout.write(
      `${kind.padEnd(32)}${figures.map((one) => String(one.get(kind)).padStart(16)).join('')}\n`,
    );
} finally {
  stopServers();
  await vite.close();
  rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 });
}
