import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { loadSql } from '../scripts/throwaway-server.mjs';
import { dropDatabases, isInstalled, median, runCli, runShell, startPair } from './measure.mjs';

// What masks cost an apply between two private servers: the same tables without `mask`, with every column kept, and with
// three and ten columns masked, in turns; seconds and how many times the copy without. Beside it a dump that is loaded, and the
// same through myanon with the three columns, where that is installed. Run `npm run build` before:
// node bench/mask.mjs [--rounds 3] [--scale 1]
const { values } = parseArgs({
  options: { rounds: { type: 'string', default: '3' }, scale: { type: 'string', default: '1' } },
});

const THREE = { email: 'email', last: 'last-name', phone: 'phone' };
const TEN = {
  ...THREE,
  ...{ first: 'first-name', company: 'company', street: 'street', city: 'city' },
  ...{ login: 'token', address: 'ip', born: 'date' },
};

const PERSON = `email VARCHAR(100) NOT NULL, last VARCHAR(40), phone VARCHAR(20), first VARCHAR(40), company VARCHAR(60),
  street VARCHAR(80), city VARCHAR(60), login VARCHAR(40), address VARCHAR(45), born DATE`;
const A_PERSON = `CONCAT('p', seq, '@mail.example'), CONCAT('Last', seq), CONCAT('0301', 100000 + seq), 'Anna', CONCAT('Firm ', seq % 999),
  CONCAT(seq % 99, ' High Street'), 'Berlin', CONCAT('user', seq), CONCAT('10.0.', seq % 250, '.', seq % 99), '1980-01-01' + INTERVAL seq % 9999 DAY`;

const SHAPES = {
  narrow: {
    rows: 250_000,
    columns: '',
    fill: '',
  },
  wide: {
    rows: 75_000,
    columns: `, code VARCHAR(40), made_at DATETIME(6), amount DECIMAL(14, 4), title VARCHAR(200), body TEXT, doc JSON, file BLOB`,
    fill: `, CONCAT('code-', seq), '2026-01-01' + INTERVAL seq SECOND, RAND() * 1e6, CONCAT('Title of ', seq),
      REPEAT(CONCAT('What somebody wrote about ', seq, ', and more of it. '), 20), JSON_OBJECT('id', seq, 'note', SHA2(RAND(), 256)),
      REPEAT(UNHEX(SHA2(RAND(), 512)), 16)`,
  },
};
const TABLES = 4;

const renderMask = (rules) =>
  [
    'mask:',
    '  key: "${MASK_KEY:?}"',
    '  columns:',
    ...Object.entries(rules).map(([column, rule]) => `    ${column}: ${rule}`),
    "    '*': keep",
  ].join('\n');

const CASES = {
  'no mask': '',
  'all kept': renderMask({}),
  '3 masked': renderMask(THREE),
  '3, digits': renderMask({ ...THREE, phone: 'digits' }),
  'primary key': renderMask({ id: 'id' }),
  '10 masked': renderMask(TEN),
};

const pair = await startPair();
const variables = { MASK_KEY: 'a key of no account, and long enough' };

const writePlan = (name, mask) => {
  const path = join(pair.folder, `${name.replaceAll(' ', '-')}.yaml`);
  writeFileSync(
    path,
    `version: 1
source: {name: from, socket: ${pair.source.socket}, user: root}
target: {name: to, socket: ${pair.target.socket}, user: root, access: read-write}
databases: [{name: bench}]
${mask}
`,
  );
  return path;
};

/** The three columns as it names them. */
const myanon = join(pair.folder, 'myanon.conf');
writeFileSync(
  myanon,
  `secret = 'a key of no account'\nstats = 'no'\ntables = {\n${Array.from(
    { length: TABLES },
    (_, index) =>
      `  \`t${index + 1}\` = {\n    \`email\` = emailhash 'example.com' 20\n    \`last\` = texthash 8\n    \`phone\` = inthash 10\n  }\n`,
  ).join('')}}\n`,
);
const hasMyanon = isInstalled('myanon');
if (!hasMyanon) process.stdout.write('SKIPPED: myanon is not in PATH\n');
const FILTERS = { 'dump, load': 'cat', ...(hasMyanon && { 'with myanon': `myanon -f ${myanon}` }) };

const throughFilter = (filter) =>
  runShell(
    `mariadb-dump --no-defaults -uroot -S${pair.source.socket} --single-transaction --quick --databases bench | ${filter} | mariadb --no-defaults -uroot -S${pair.target.socket}`,
  );

for (const [shape, { rows, columns, fill }] of Object.entries(SHAPES)) {
  const count = Math.round(rows * Number(values.scale));
  const tables = Array.from({ length: TABLES }, (_, index) => `t${index + 1}`);
  loadSql(
    pair.source,
    `DROP DATABASE IF EXISTS bench; CREATE DATABASE bench CHARACTER SET utf8mb4; USE bench;
    ${tables
      .map(
        (table) =>
          `CREATE TABLE ${table} (id INT PRIMARY KEY, ${PERSON}${columns}); INSERT INTO ${table} SELECT seq, ${A_PERSON}${fill} FROM seq_1_to_${count}; ANALYZE TABLE ${table};`,
      )
      .join('\n')}`,
  );
  const { folder } = pair;
  const cases = [];
  for (const [name, mask] of Object.entries(CASES)) {
    const plan = writePlan(name, mask);
    if (mask !== '') await runCli(['mask', 'accept', plan, '--all'], { folder, variables });
    const argv = ['apply', plan, '--auto-approve', '--no-input', '--quiet'];
    cases.push({
      name,
      run: () => runCli(argv, { folder, variables }),
      seconds: /** @type {number[]} */ ([]),
    });
  }
  for (const [name, filter] of Object.entries(FILTERS))
    cases.push({ name, run: () => throughFilter(filter), seconds: /** @type {number[]} */ ([]) });
  for (let round = 0; round < Number(values.rounds); round += 1)
    for (const { run, seconds } of cases) {
      dropDatabases(pair.target);
      const start = performance.now();
      await run();
      seconds.push((performance.now() - start) / 1000);
    }
  process.stdout.write(`${shape}: ${TABLES} tables of ${count} rows\n`);
  for (const { name, seconds } of cases) {
    const typical = median(seconds);
    const ratio = typical / median(cases[0]?.seconds ?? [1]);
    process.stdout.write(
      `  ${name.padEnd(12)}${typical.toFixed(1).padStart(7)} s${ratio.toFixed(2).padStart(8)}\n`,
    );
  }
}
process.exit(0);
