import { performance } from 'node:perf_hooks';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { findServerPrograms } from '../scripts/server-matrix.mjs';
import { loadSql, queryRows } from '../scripts/throwaway-server.mjs';
import { dropDatabases, median, runApply, startPair } from './measure.mjs';
import { SHAPES, fillShape } from './shapes.mjs';

// A refresh of what the target has already against a full copy, same servers, turn by turn: nothing changed, the last 1 % of
// the rows of one table, one column of every row. Run `npm run build` before, on a quiet machine:
//   node bench/refresh.mjs [--flavor mariadb-10.11] [--scale 1] [--rounds 3] [--shapes narrow,wide,many]
const { values } = parseArgs({
  options: {
    flavor: { type: 'string', default: 'mariadb-10.11' },
    scale: { type: 'string', default: '1' },
    rounds: { type: 'string', default: '3' },
    shapes: { type: 'string', default: 'narrow,wide,many' },
  },
});

const programs = findServerPrograms(values.flavor);
const pair = await startPair(programs);
const { source, target } = pair;
const COLUMN = { narrow: 'k', many: 'k', wide: 'state' };

/** Bytes that the target has written to its redo log since it started. */
const redoBytes = () => Number(queryRows(target, "SHOW GLOBAL STATUS LIKE 'Innodb_os_log_written'")[0]?.[1]);

const change = (databases, column, where) => {
  for (const [database, tables] of Object.entries(databases))
    for (const table of tables)
      loadSql(
        source,
        `UPDATE ${database}.${table} SET ${column} = ${column} % 2 + 1 ${where(database, table)}`,
      );
};

const lastPercent = (database, table) => {
  const [[last]] = queryRows(source, `SELECT MAX(id) FROM ${database}.${table}`);
  return `WHERE id > ${Math.floor(Number(last) * 0.99)}`;
};

const measureShape = async (shape) => {
  const { title, databases } = SHAPES[shape];
  const names = Object.keys(databases);
  const [first] = names;
  const one = { [first]: databases[first].slice(0, 1) };
  const cases = {
    'full copy': () => undefined,
    'nothing changed': () => undefined,
    'the last 1 % of one table': () => change(one, COLUMN[shape], lastPercent),
    'a column of every row': () => change(databases, COLUMN[shape], () => ''),
  };
  /** @type {Record<string, {seconds: number, mebibytes: number, redo: number}[]>} */
  const samples = Object.fromEntries(Object.keys(cases).map((name) => [name, []]));
  await runApply(pair, names, '{refresh: full}');
  for (let round = 0; round < Number(values.rounds); round += 1)
    for (const [name, prepare] of Object.entries(cases)) {
      prepare();
      const [start, before] = [performance.now(), redoBytes()];
      const { mebibytes } = await runApply(
        pair,
        names,
        `{refresh: ${name === 'full copy' ? 'full' : 'auto'}}`,
      );
      const seconds = (performance.now() - start) / 1000;
      samples[name].push({ seconds, mebibytes, redo: (redoBytes() - before) / 2 ** 20 });
    }
  const of = (name, key) => median(samples[name].map((sample) => sample[key]));
  process.stdout.write(`\n${title}, ${values.flavor}, scale ${values.scale}, median of ${values.rounds}\n`);
  for (const name of Object.keys(cases))
    process.stdout.write(
      `${name.padEnd(28)}${of(name, 'seconds').toFixed(2).padStart(8)} s${(of('full copy', 'seconds') / of(name, 'seconds')).toFixed(1).padStart(7)} times as fast${of(name, 'redo').toFixed(0).padStart(7)} MiB of redo${of(name, 'mebibytes').toFixed(0).padStart(6)} MiB of memory\n`,
    );
};

for (const shape of values.shapes.split(',')) {
  fillShape(source, SHAPES[shape], Number(values.scale));
  await measureShape(shape);
  dropDatabases(source);
  dropDatabases(target);
}
process.exit(0);
