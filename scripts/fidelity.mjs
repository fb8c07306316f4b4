import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compile } from './build.mjs';
import { ENVIRONMENT, StepError, binOf, runAsScript, runCommand, say } from './commands.mjs';

/**
 * Copies databases full of odd things between every two servers, with the built command line, and compares every
 * object and every byte on both sides:
 *   node scripts/fidelity.mjs [SOURCE:TARGET...]    such as mariadb-10.5:mariadb-11.8; without any, all pairs
 */
const runMatrix = (pairs) => {
  const folder = mkdtempSync(join(tmpdir(), 'mysql-sync-matrix-'));
  const report = join(folder, 'report.json');
  try {
    const environment = {
      ...ENVIRONMENT,
      MYSQL_SYNC_FIDELITY: pairs.length === 0 ? 'all' : pairs.join(','),
      MYSQL_SYNC_FIDELITY_REPORT: report,
    };
    const argv = ['run', '--reporter=dot', '--maxWorkers=1', 'test/fidelity'];
    try {
      runCommand(binOf('vitest'), argv, environment);
      return { cells: JSON.parse(readFileSync(report, 'utf8')) };
    } catch (failure) {
      if (!(failure instanceof StepError)) throw failure;
      return { cells: JSON.parse(readFileSync(report, 'utf8')), failure };
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

const HEADINGS = [
  'source',
  'target',
  'engine',
  'names',
  'databases',
  'tables',
  'rows',
  'objects',
  'differences',
  'refused',
  'failed',
];

const toLine = (cell) => [
  cell.source,
  cell.target,
  cell.engine,
  cell.naming.replace(' name', ''),
  cell.databases,
  cell.tables,
  cell.rows,
  cell.objects,
  cell.differences.length,
  cell.refusals.length,
  cell.failures.length,
];

const renderTable = (lines) => {
  const widths = lines[0].map((_, column) => Math.max(...lines.map((line) => String(line[column]).length)));
  const pad = (cell, column) =>
    typeof cell === 'number' ? String(cell).padStart(widths[column]) : cell.padEnd(widths[column]);
  return lines.map((line) => line.map(pad).join('  ').trimEnd()).join('\n');
};

/** Every refusal once, with the pairs that it is about. */
const listRefusals = (cells) => {
  const byReason = new Map();
  for (const { source, target, engine, refusals } of cells) {
    for (const { database, reason } of refusals) {
      // The name on the target stands in some messages.
      const key = `${database}: ${reason.replaceAll(`${database} 2`, database)}`;
      byReason.set(key, (byReason.get(key) ?? new Set()).add(`${source} -> ${target}, ${engine}`));
    }
  }
  return [...byReason].map(([key, where]) => `${key}\n${[...where].map((line) => `    ${line}`).join('\n')}`);
};

await runAsScript(import.meta.filename, async () => {
  await compile();
  const { cells, failure } = runMatrix(process.argv.slice(2));
  console.log(renderTable([HEADINGS, ...cells.map(toLine)]));
  say('refused');
  console.log(listRefusals(cells).join('\n'));
  for (const { source, target, engine, naming, differences, failures } of cells) {
    for (const text of failures) console.log(`FAILED ${source} -> ${target}, ${engine}, ${naming}: ${text}`);
    for (const { database, what, source: one, target: other } of differences)
      console.log(
        `DIFFERENT ${source} -> ${target}, ${engine}, ${naming}: ${database}: ${what}\n  ${one}\n  ${other}`,
      );
  }
  if (failure) throw failure;
});
