import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { loadSql } from '../scripts/throwaway-server.mjs';
import { dropDatabases, median, runCli, startPair } from './measure.mjs';

// What masks cost an apply between two private servers: the same tables without `mask`, with every column kept, and with
// three and ten columns masked, in turns; seconds and how many times the copy without. Run `npm run build` before:
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
  const plans = Object.entries(CASES).map(([name, mask]) => ({
    name,
    mask,
    plan: writePlan(name, mask),
    seconds: /** @type {number[]} */ ([]),
  }));
  for (const { mask, plan } of plans)
    if (mask !== '') await runCli(['mask', 'accept', plan, '--all'], { folder: pair.folder, variables });
  for (let round = 0; round < Number(values.rounds); round += 1)
    for (const one of plans) {
      dropDatabases(pair.target);
      const start = performance.now();
      await runCli(['apply', one.plan, '--auto-approve', '--no-input', '--quiet'], {
        folder: pair.folder,
        variables,
      });
      one.seconds.push((performance.now() - start) / 1000);
    }
  const [first] = plans;
  process.stdout.write(`${shape}: ${TABLES} tables of ${count} rows\n`);
  for (const { name, seconds } of plans) {
    const typical = median(seconds);
    const ratio = typical / median(first?.seconds ?? [1]);
    process.stdout.write(
      `  ${name.padEnd(12)}${typical.toFixed(1).padStart(7)} s${ratio.toFixed(2).padStart(8)}\n`,
    );
  }
}
process.exit(0);
