// What digests of a table cost: nanoseconds of the server's processor, of the client's, and of the clock, a row. Two
// sides share two cores, so the sum of both processors counts. The median of three, against private servers; on Linux:
//   node bench/digest-forms.mjs [--rows 200000] [mariadb-10.11 mysql-9.7 ...]
import { Buffer } from 'node:buffer';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { performance } from 'node:perf_hooks';
import process from 'node:process';
import { parseArgs } from 'node:util';
import mysql from 'mysql2/promise';
import { createViteServer } from 'vitest/node';
import { findServerPrograms } from '../scripts/server-matrix.mjs';
import { scratchRoot, startThrowawayServer, stopServers } from '../scripts/throwaway-server.mjs';
import { median } from './measure.mjs';
import { SHAPES, fillShape } from './shapes.mjs';

const { values, positionals } = parseArgs({
  options: { rows: { type: 'string', default: '200000' } },
  allowPositionals: true,
});
const RUNS = 3;
const CHUNK_ROWS = 5_000;

const vite = await createViteServer({
  root: resolve(import.meta.dirname, '..'),
  server: { middlewareMode: true, watch: null },
  appType: 'custom',
  logLevel: 'error',
});
const { renderRowNumber } = await vite.ssrLoadModule('/src/adapters/mysql/rows/digest.ts');

/** User and system time are the 14th and 15th word, in hundredths of a second; the second one, a name, may hold spaces. */
const serverSeconds = (pid) => {
  const words = readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/^.*\)/, '').trim().split(' ');
  return (Number(words[11]) + Number(words[12])) / 100;
};

/** The packet after the last row: an EOF, or an OK in its place with what the server has to say of the session. */
const isEnd = (tail) =>
  [5, 7, 8, 9].some((length) => {
    const packet = tail.subarray(-length - 4);
    return packet[0] === length && packet[1] === 0 && packet[2] === 0 && packet[4] === 0xfe;
  });

/** Hashes what the server sends for a SELECT, packets and all, without looking at a row. Returns the number of bytes. */
const hashReply = (connection, vendor, sql, hash) =>
  new Promise((settle, reject) => {
    const { stream } = connection.connection;
    const others = stream.listeners('data');
    stream.removeAllListeners('data');
    let bytes = 0;
    let tail = Buffer.alloc(0);
    const onData = (chunk) => {
      hash?.update(chunk);
      bytes += chunk.length;
      tail = Buffer.concat([tail, chunk.subarray(-16)]).subarray(-16);
      if (!isEnd(tail)) return;
      stream.off('data', onData);
      stream.off('error', reject);
      for (const listener of others) stream.on('data', listener);
      settle(bytes);
    };
    stream.on('data', onData);
    stream.once('error', reject);
    // COM_QUERY; to MySQL, mysql2 has promised to say how many attributes it has: none, in one set.
    const command = vendor === 'mysql' ? [3, 0, 1] : [3];
    const packet = Buffer.from([0, 0, 0, 0, ...command, ...Buffer.from(sql)]);
    packet.writeUIntLE(packet.length - 4, 0, 3);
    stream.write(packet);
  });

const query = async (connection, sql) => (await connection.query({ sql, rowsAsArray: true }))[0];

/** Two 64-bit halves of a hash as numbers, added up. */
const halves = (hash) =>
  [1, 17].map((from) => `SUM(CAST(CONV(SUBSTR(${hash}, ${from}, 16), 16, 10) AS UNSIGNED))`).join(', ');

const ranges = (rows) =>
  Array.from({ length: Math.ceil(rows / CHUNK_ROWS) }, (_, index) => [
    index * CHUNK_ROWS + 1,
    (index + 1) * CHUNK_ROWS,
  ]);

/** Forms of digest by name: each reads the table `bench.t1` once. */
const listForms = (columns, vendor) => {
  const number = renderRowNumber(columns);
  const text = /SHA2\((CONCAT_WS\(.*\)), 256\), 26\)/s.exec(number)?.[1];
  const one = (select) => (connection) => query(connection, `SELECT ${select} FROM bench.t1`);
  const client = (algorithm) => (connection) =>
    hashReply(connection, vendor, 'SELECT * FROM bench.t1 ORDER BY id', algorithm && createHash(algorithm));
  const inGroups = (select) => async (connection, rows) => {
    for (const [from, to] of ranges(rows))
      await query(connection, `SELECT ${select} FROM bench.t1 WHERE id BETWEEN ${from} AND ${to}`);
  };
  return {
    'scan: longest values only': one(columns.map(({ name }) => `MAX(LENGTH(\`${name}\`))`).join(', ')),
    'text of the row, no hash': one(`SUM(LENGTH(${text}))`),
    'SHA-256, SUM of 104 bits (digest.ts)': one(`COUNT(*), SUM(${number})`),
    'SHA-256, SUM of two halves': one(halves(`SHA2(${text}, 256)`)),
    'SHA-1, SUM of 104 bits': one(`COUNT(*), SUM(CAST(HEX(LEFT(SHA1(${text}), 26)) AS DECIMAL(52, 0)))`),
    'SHA-1, SUM of two halves': one(halves(`SHA1(${text})`)),
    'MD5, SUM of two halves': one(halves(`MD5(${text})`)),
    'MD5, XOR of one half': one(`BIT_XOR(CAST(CONV(LEFT(MD5(${text}), 16), 16, 10) AS UNSIGNED))`),
    ...(vendor === 'mysql' && { 'SHA-256, BIT_XOR of all bytes': one(`BIT_XOR(UNHEX(SHA2(${text}, 256)))`) }),
    ...(vendor === 'mysql' && { 'MD5, BIT_XOR of all bytes': one(`BIT_XOR(UNHEX(MD5(${text})))`) }),
    'CRC32, SUM (32 bits)': one(`SUM(CRC32(${text}))`),
    'SHA-256 of GROUP_CONCAT, by chunk': inGroups(`SHA2(GROUP_CONCAT(${text} SEPARATOR ''), 256)`),
    'MD5 of GROUP_CONCAT, by chunk': inGroups(`MD5(GROUP_CONCAT(${text} SEPARATOR ''))`),
    'rows to the client, no hash': client(undefined),
    'rows to the client, SHA-1': client('sha1'),
    'rows to the client, SHA-256': client('sha256'),
    'rows to the client, BLAKE2b': client('blake2b512'),
  };
};

const readColumns = async (connection) => {
  const rows = await query(
    connection,
    `SELECT COLUMN_NAME, DATA_TYPE, COLUMN_TYPE, CHARACTER_SET_NAME FROM information_schema.COLUMNS
     WHERE TABLE_SCHEMA = 'bench' AND TABLE_NAME = 't1' ORDER BY ORDINAL_POSITION`,
  );
  return rows.map(([name, dataType, columnType, charset]) => ({
    ...{ name, dataType: String(dataType), columnType: String(columnType), charset: charset ?? undefined },
    ...{ collation: undefined, isGenerated: false, primaryKeyPosition: undefined },
  }));
};

const measure = async (run, pid, rows) => {
  const times = [];
  for (let round = 0; round < RUNS; round += 1) {
    const [clock, server, { user, system }] = [performance.now(), serverSeconds(pid), process.cpuUsage()];
    await run();
    const own = process.cpuUsage({ user, system });
    times.push({
      server: serverSeconds(pid) - server,
      client: (own.user + own.system) / 1e6,
      clock: (performance.now() - clock) / 1e3,
    });
  }
  return ['server', 'client', 'clock'].map((key) =>
    Math.round((median(times.map((time) => time[key])) / rows) * 1e9),
  );
};

const print = (title, figures) => {
  process.stdout.write(
    `\n${title}\n${'ns a row'.padEnd(40)}${['server', 'client', 'clock'].map((word) => word.padStart(9)).join('')}\n`,
  );
  for (const [name, found] of Object.entries(figures))
    process.stdout.write(`${name.padEnd(40)}${found.map((one) => String(one).padStart(9)).join('')}\n`);
};

const measureServer = async (id, folder) => {
  const programs = findServerPrograms(id);
  const server = await startThrowawayServer(id, join(folder, id), programs);
  for (const shape of ['quarter', 'wide']) {
    const rows = Number(values.rows) / (shape === 'wide' ? 10 : 1);
    const full = shape === 'wide' ? 75_000 : 250_000;
    fillShape(server, { ...SHAPES[shape], databases: { bench: ['t1'] } }, rows / full);
    const connection = await mysql.createConnection({ socketPath: server.socket, user: 'root' });
    await connection.query('SET group_concat_max_len = 268435456');
    const columns = await readColumns(connection);
    const figures = {};
    for (const [name, run] of Object.entries(listForms(columns, programs.vendor)))
      try {
        figures[name] = await measure(() => run(connection, rows), server.pid, rows);
      } catch (error) {
        figures[name] = [/** @type {{code?: string}} */ (error).code ?? String(error)];
      }
    print(`${id}, ${shape === 'wide' ? 'wide' : 'narrow'} rows`, figures);
    await connection.query('DROP DATABASE bench');
    await connection.end();
  }
};

const folder = mkdtempSync(join(scratchRoot(), 'mysql-sync-bench-'));
try {
  for (const id of positionals.length > 0 ? positionals : ['mariadb-10.11', 'mysql-9.7']) {
    await measureServer(id, folder);
    stopServers();
  }
} finally {
  stopServers();
  await vite.close();
  rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 });
}
