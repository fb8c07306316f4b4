import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { spawnSync } from 'node:child_process';
import { format, resolveConfig } from 'prettier';
import { ROOT, StepError, runAsScript, say } from './commands.mjs';

const PAGE = join(ROOT, 'docs', 'safety.md');
const BEGIN = '<!-- made by npm run attacks: begin -->';
const END = '<!-- made by npm run attacks: end -->';
const VITEST = join(ROOT, 'node_modules', 'vitest', 'vitest.mjs');
const FOLDER = 'test/security';

const vitest = (argv, stdio) =>
  spawnSync(process.execPath, [VITEST, ...argv], {
    cwd: ROOT,
    encoding: 'utf8',
    stdio,
    maxBuffer: 2 ** 27,
  });

/** One attack on several servers is one row: the servers are the groups around the test. */
const attackOf = (path) => path.split(' > ').at(-1);

const topicOf = (file) => basename(file, '.test.ts');

/** Tests as rows, each attack once: held when it held everywhere. */
const toRows = (tests) => {
  const rows = new Map();
  for (const { file, path, held } of tests) {
    const [topic, attack] = [topicOf(file), attackOf(path)];
    const key = JSON.stringify([topic, attack]);
    rows.set(key, { topic, attack, held: held && (rows.get(key)?.held ?? true) });
  }
  return [...rows.values()].sort((a, b) => (a.topic < b.topic ? -1 : a.topic > b.topic ? 1 : 0));
};

/** What vitest's JSON report says of every attack. */
const readReport = (report) =>
  toRows(
    JSON.parse(readFileSync(report, 'utf8'))
      .testResults.filter(({ name }) => name.includes(`/${FOLDER}/`))
      .flatMap(({ name, assertionResults }) =>
        assertionResults.map(({ ancestorTitles, title, status }) => ({
          file: name,
          path: [...ancestorTitles, title].join(' > '),
          held: status === 'passed',
        })),
      ),
  );

/** Runs every attack and says which held. */
const tryAttacks = () => {
  const folder = mkdtempSync(join(tmpdir(), 'mysql-sync-attacks-'));
  try {
    const report = join(folder, 'report.json');
    vitest(
      ['run', FOLDER, '--reporter=default', '--reporter=json', `--outputFile.json=${report}`],
      'inherit',
    );
    return readReport(report);
  } finally {
    rmSync(folder, { recursive: true });
  }
};

/** The attacks that there are, without running them. */
const listAttacks = () => {
  const { status, stdout, stderr } = vitest(['list', FOLDER, '--json'], 'pipe');
  if (status !== 0) throw new StepError(`vitest list ${FOLDER}: ${stderr || stdout}`);
  return toRows(JSON.parse(stdout).map(({ file, name }) => ({ file, path: name, held: true })));
};

const cell = (text) => text.replaceAll(/[\\`*_<>|[\]]/g, (character) => `\\${character}`);

const tableOf = (rows) =>
  ['| topic | attack: what holds | held |', '| --- | --- | --- |']
    .concat(
      rows.map(({ topic, attack, held }) => `| ${topic} | ${cell(attack)} | ${held ? 'yes' : '**no**'} |`),
    )
    .join('\n');

const formatPage = async (text) => format(text, { ...(await resolveConfig(PAGE)), parser: 'markdown' });

/** The page with this table in the place of the one it has. */
const withTable = async (page, rows) => {
  const [begin, end] = [page.indexOf(BEGIN), page.indexOf(END)];
  if (begin < 0 || end < begin)
    throw new StepError(`docs/safety.md has no place for the table of attacks: ${BEGIN}`);
  return formatPage(`${page.slice(0, begin)}${BEGIN}\n\n${tableOf(rows)}\n\n${page.slice(end)}`);
};

/** `--check` only compares; `--from REPORT` takes a report of vitest instead of running the attacks. */
const main = async () => {
  const page = readFileSync(PAGE, 'utf8');
  if (process.argv.includes('--check')) {
    if (page === (await withTable(page, listAttacks()))) return;
    throw new StepError(
      'the table of attacks in docs/safety.md is not that of the tests; make it:  npm run attacks',
    );
  }
  const from = process.argv.indexOf('--from');
  const rows = from === -1 ? tryAttacks() : readReport(process.argv[from + 1]);
  writeFileSync(PAGE, await withTable(page, rows));
  const lost = rows.filter(({ held }) => !held);
  say(`${rows.length} attacks tried, ${rows.length - lost.length} held`);
  if (lost.length > 0) throw new StepError(`did not hold: ${lost.map(({ attack }) => attack).join('; ')}`);
};

await runAsScript(import.meta.filename, main);
