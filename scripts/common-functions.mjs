import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import mysql from 'mysql2/promise';
import { format, resolveConfig } from 'prettier';
import { ROOT, StepError, runAsScript, say } from './commands.mjs';
import { FUNCTION_SAMPLES } from './function-samples.mjs';
import { findServerPrograms } from './server-matrix.mjs';
import { scratchRoot, startThrowawayServer, stopServers } from './throwaway-server.mjs';

const MODULE = join(ROOT, 'src', 'core', 'conversion', 'measured-functions.ts');
const MYSQL = 'mysql-9.7';
const MARIADBS = ['mariadb-10.5', 'mariadb-10.11', 'mariadb-11.8'];

/**
 * Runs every function that MySQL and MariaDB have, with sample arguments, on both, and writes down which give the same:
 *   node scripts/common-functions.mjs                       starts one server after the other, and writes the module
 *   node scripts/common-functions.mjs --print PORT PORT     of a MySQL and a MariaDB that run, as JSON
 * The account of the second form is in PROBE_USER and PROBE_PASSWORD.
 */
const main = async (/** @type {string[]} */ [form, ...ports]) => {
  if (form === '--print') {
    const [one, other] = await Promise.all(
      ports.map((port) => measureAt({ host: '127.0.0.1', port: Number(port) })),
    );
    process.stdout.write(`${JSON.stringify(listEqual(one, other))}\n`);
    return;
  }
  if (form !== undefined) throw new StepError(`unknown argument ${form}`);
  const measured = new Map();
  for (const id of [MYSQL, ...MARIADBS]) measured.set(id, await measureOn(id));
  await writeModule(
    MARIADBS.map((id) => [id.replace('mariadb-', ''), listEqual(measured.get(MYSQL), measured.get(id))]),
  );
};

const measureOn = async (id) => {
  say(`${id}: running ${FUNCTION_SAMPLES.length} functions`);
  const folder = mkdtempSync(join(scratchRoot(), 'mysql-sync-functions-'));
  try {
    const { socket } = await startThrowawayServer(id, folder, findServerPrograms(id));
    return await measureAt({ socketPath: socket });
  } finally {
    stopServers();
    rmSync(folder, { recursive: true, force: true });
  }
};

const DATABASE = 'common_functions';
const SESSION = [
  "SET NAMES utf8mb4 COLLATE utf8mb4_general_ci, time_zone = '+00:00', sql_mode = '', lc_time_names = 'en_US'",
  'SET timestamp = 1700000000.5',
  `CREATE DATABASE ${DATABASE} CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci`,
  `USE ${DATABASE}`,
];

/** What each sample gives: a list for each function, or why it gives nothing. */
const measureAt = async (place) => {
  const { PROBE_USER: user = 'root', PROBE_PASSWORD: password = '' } = process.env;
  const connection = await mysql.createConnection({ ...place, user, password, charset: 'utf8mb4' });
  try {
    for (const sql of SESSION) await connection.query(sql);
    const results = new Map();
    for (const { name, selects } of FUNCTION_SAMPLES) {
      const found = [];
      for (const select of selects) found.push(await measure(connection, select));
      results.set(name, found);
    }
    return results;
  } finally {
    await connection.query(`DROP DATABASE IF EXISTS ${DATABASE}`);
    await connection.end();
  }
};

/** A table keeps the type of a value, as generated columns and views do. */
const measure = async (connection, select) => {
  try {
    await connection.query('DROP TEMPORARY TABLE IF EXISTS probe');
    await connection.query(`CREATE TEMPORARY TABLE probe AS ${select}`);
    const [[{ Type: type, Collation: collation }]] = await connection.query('SHOW FULL COLUMNS FROM probe');
    const kind = kindOf(type, collation);
    const sql = `SELECT ${/text|bytes|geometry/.test(kind) ? 'HEX(v)' : 'v'} AS v FROM probe`;
    const [rows] = await connection.query({ sql, typeCast: (field) => field.string() });
    const values = rows.map(({ v }) => v);
    return { kind: values.every((value) => value === null) ? 'null' : kind, values };
  } catch (error) {
    const { errno, message } = /** @type {import('mysql2').QueryError} */ (error);
    return { error: `${errno} ${message}` };
  }
};

/** Lengths are each vendor's own, and so is whether a text that is ASCII always is said to be in utf8mb3 or utf8mb4. */
const kindOf = (type, collation) => {
  if (/^(?:(?:tiny|small|medium|big)?int|decimal|year|bit)/.test(type)) return 'exact number';
  if (/^(?:double|float)/.test(type)) return 'double';
  if (/^(?:binary|varbinary|\w*blob)\b/.test(type)) return 'bytes';
  if (/^(?:datetime|timestamp)/.test(type)) return type.replace('timestamp', 'datetime');
  if (/geom|point|line|polygon/.test(type)) return 'geometry';
  if (!/^(?:char|varchar|\w*text|enum|set|json)\b/.test(type)) return type;
  return /^utf8/.test(collation ?? 'utf8mb4') ? 'text in utf8' : `text in ${collation}`;
};

const listEqual = (one, other) =>
  [...one]
    .filter(([name, results]) => isEqual(results, other.get(name)))
    .map(([name]) => name)
    .sort();

const isEqual = (results, others) =>
  results.every(({ error }) => error === undefined) && JSON.stringify(results) === JSON.stringify(others);

/**
 * By the first MariaDB from which on all measured ones agree.
 * @param {[string, string[]][]} measured
 */
const writeModule = async (measured) => {
  /** @type {[string, string[]][]} */
  const since = measured.map(([version, names], at) => [
    version,
    names.filter(
      (name) =>
        measured.slice(at).every(([, later]) => later.includes(name)) &&
        !(measured[at - 1]?.[1] ?? []).includes(name),
    ),
  ]);
  const lines = since.map(
    ([version, names]) => `'${version}': ${JSON.stringify(names.join(' '))}.split(' ')`,
  );
  const text = `/**
 * Functions that gave the same values of the same types on ${MYSQL} and on MariaDB from that release on. Made by
 * \`node scripts/common-functions.mjs\`.
 */
export const MEASURED_FUNCTIONS: Readonly<Record<${measured.map(([version]) => `'${version}'`).join(' | ')}, readonly string[]>> = {
${lines.join(',\n')}
};
`;
  writeFileSync(MODULE, await format(text, { ...(await resolveConfig(MODULE)), filepath: MODULE }));
  say(`${readFileSync(MODULE, 'utf8').length} bytes in ${MODULE}`);
};

await runAsScript(import.meta.filename, async () => main(process.argv.slice(2)));
