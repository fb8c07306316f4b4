import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sha256Hex } from '../../src/core/fingerprint.js';
import { nameScratchDatabase, toRunId } from '../../src/core/names.js';
import { type Rig, startRig } from '../support/rig.js';
import { runInTerminal } from '../support/terminal.js';

/** Every command is given names, files, rows of the history and messages that try to write more than text. */

const FORBIDDEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u;
/** Moves, colours, titles, hides, turns round, breaks lines and cells, and commands a pipeline. */
const EVIL = 'e\u001b[31m\u001b]0;p\u0007\u009b2J\u202e\u200b\u2028\n::error::%0A\t##[x]```|<b>@y';
const EVIL_FILE = EVIL.replace('/', '');
const COMMANDS = Object.keys(
  (
    JSON.parse(readFileSync(resolve(import.meta.dirname, '../../oclif.manifest.json'), 'utf8')) as {
      readonly commands: object;
    }
  ).commands,
);

const quote = (name: string): string => `\`${name.replaceAll('`', '``')}\``;

let rig: Rig;
let folder: string;
let plan: string;
let failing: string;
let wrong: string;
let masked: string;
let saved: string;
let summary: string;
let logins: string;
let dotenv: string;
let told: string;
beforeAll(async () => {
  rig = await startRig({ sourceOptions: ['--event-scheduler=OFF'] });
  folder = join(rig.home, EVIL_FILE);
  mkdirSync(folder);
  plan = join(folder, 'plan.yaml');
  failing = join(folder, 'failing.yaml');
  wrong = join(folder, 'wrong.yaml');
  masked = join(folder, 'masked.yaml');
  saved = join(folder, 'saved.json');
  summary = join(rig.home, 'summary.md');
  logins = join(folder, 'logins.cnf');
  dotenv = join(folder, '.env');
  const line = EVIL.replaceAll('\n', '');
  writeFileSync(logins, `[${line}]\nhost=${line}\nuser=${line}\n${line}=1\n[ok]\nhost=h\nport=${line}\n`);
  writeFileSync(
    dotenv,
    `DATABASE_URL='mysql://${line}@${line}/${line}?${line}=1'\nX_DB_URL='mysql://u@h:3306/?${line}=1'\n${line}_DB_URL=mysql://h\n`,
  );
  const [evil, definer] = [quote(EVIL), quote(`d${EVIL.slice(0, 40)}`)];
  await rig.source.query(`CREATE DATABASE ${evil}`);
  await rig.source.query(
    `CREATE TABLE ${evil}.${evil} (id INT PRIMARY KEY, ${evil} INT COMMENT ${JSON.stringify(EVIL)}) COMMENT ${JSON.stringify(EVIL)}`,
  );
  await rig.source.query(`INSERT INTO ${evil}.${evil} VALUES (1, 1)`);
  await rig.source.query(
    `CREATE DEFINER=${definer}@h VIEW ${evil}.${quote(`v${EVIL}`)} AS SELECT 1 AS ${evil}`,
  );
  await rig.source.query(`CREATE DEFINER=${definer}@h PROCEDURE ${evil}.${quote(`p${EVIL}`)}() SELECT 1`);
  await rig.source.query(
    `CREATE DEFINER=${definer}@h EVENT ${evil}.${evil} ON SCHEDULE EVERY 1 DAY DO SELECT 1`,
  );
  const text = readFileSync(rig.writePlan(`databases: [{name: ${JSON.stringify(EVIL)}}]`), 'utf8');
  writeFileSync(plan, text.replace('name: test', `name: ${JSON.stringify(EVIL)}`));
  // A server that prepares this condition takes it; what it says comes with the first row.
  await rig.source.query(`CREATE DATABASE signals`);
  await rig.source.query(
    `CREATE FUNCTION signals.f(n INT) RETURNS INT BEGIN SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = ${JSON.stringify(EVIL)}; RETURN n; END`,
  );
  const where = `tables: {where: {${JSON.stringify(EVIL)}: signals.f(id)}}`;
  writeFileSync(failing, text.replace(/\}\]\s*$/, `, as: other, ${where}}]\n`));
  writeFileSync(
    masked,
    `${text}mask:\n  key: "\${MASK_KEY}"\n  columns: {${JSON.stringify(`${EVIL}*`)}: email}\n`,
  );
  told = join(folder, 'told.json');
  writeFileSync(told, JSON.stringify(toldBy(EVIL)));
  writeFileSync(wrong, `${text}${JSON.stringify(EVIL)}: 1\n# ${EVIL}\n`);
  await addConnection();
  await makeScratch();
});
afterAll(async () => rig.stop());

/** What could be the `--json` of an apply on another machine. */
const toldBy = (text: string): object => ({
  format_version: '2.0',
  ...{ kind: 'apply', ok: true, run: text, log: text, duration_milliseconds: 1, exit_code: 3 },
  outcomes: [
    {
      ...{ from: text, to: text, status: 'failed', action: 'create', target_state: 'old' },
      ...{ tables: 1, rows: 1, bytes: 1, duration_milliseconds: 1, verification: null, notes: [text] },
      error: { code: text, message: text, hints: [text] },
    },
  ],
});

/** What somebody else put there, and nobody signed. */
const SCRATCH = nameScratchDatabase('old', toRunId('7q2f4k'), sha256Hex(EVIL));
const makeScratch = async (): Promise<void> => {
  const journal = JSON.stringify({ format: 1, run: '7q2f4k', live: EVIL, phase: EVIL, [EVIL]: EVIL });
  await rig.target.query(`CREATE DATABASE ${SCRATCH};
    CREATE TABLE ${SCRATCH}.mysql_sync_journal (id TINYINT PRIMARY KEY, body LONGTEXT NOT NULL) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;
    CREATE TABLE ${SCRATCH}.${quote(EVIL)} (id INT)`);
  const connection = await rig.target.connect();
  await connection.query(`INSERT INTO ${SCRATCH}.mysql_sync_journal VALUES (1, ?)`, [journal]);
  await connection.end();
};

const addConnection = async (): Promise<void> => {
  const account = ['--host', '127.0.0.1', '--port', String(rig.target.port), '--user', EVIL];
  await rig.run(['connections', 'add', 'x', ...account, '--no-test', '--password-env', 'DB_PASSWORD']);
};

/** What each command is given; those that change something are good for more than one call. */
const callsOf = (command: string): readonly (readonly string[])[] => {
  const words = command.split(':');
  const configFile = ['--config', join(folder, 'config.yaml')];
  switch (command) {
    case 'plan':
      return [
        [plan],
        [plan, '-v'],
        [plan, '--out', saved],
        ['-'],
        [failing],
        [wrong],
        [plan, '--only', EVIL],
        [EVIL],
      ].map((given) => ['plan', ...given]);
    case 'apply':
      return [
        ['apply', plan, '--confirm-target', EVIL],
        ['apply', plan, '--confirm-target', 'staging', '--events', join(folder, 'events.jsonl')],
        ['apply', failing, '--auto-approve'],
        ['apply', saved, '--only', EVIL],
      ];
    case 'history:merge':
      return [
        ['history', 'merge', told],
        ['history', 'merge', told, '--plan', EVIL],
        ['history', 'merge', join(folder, EVIL)],
      ];
    case 'mask:check':
    case 'mask:suggest':
      return [[...words, masked]];
    // Without a terminal it shows nothing; its own test has odd values on one.
    case 'mask:preview':
      return [[...words, masked, EVIL]];
    case 'mask:accept':
      return [
        ['mask', 'accept', masked],
        ['mask', 'accept', masked, EVIL],
        ['mask', 'accept', masked, '--all', '--reason', EVIL],
      ];
    case 'copy':
      return [
        ['copy', 'x', 'x', EVIL],
        ['copy', EVIL, 'x', EVIL],
        ['copy', 'x', 'x', EVIL, '--where', EVIL],
        ['copy', 'x', 'x', 'y', '--save', join(folder, EVIL_FILE)],
      ];
    case 'verify':
      return [['verify', plan, '--detail', '--rows', '20']];
    case 'rollback':
      return [
        ['rollback', '--plan', plan, '--confirm-target', 'staging'],
        ['rollback', EVIL],
      ];
    case 'status':
      return [
        ['status', plan],
        ['status', plan, '--drop-previous', '--only', EVIL, '--confirm-target', EVIL],
        ['status', EVIL],
      ];
    case 'show':
      return [
        ['show', saved],
        ['show', plan],
        ['show', EVIL],
      ];
    case 'validate':
      return [
        ['validate', plan, wrong],
        ['validate', EVIL],
      ];
    case 'init':
      return [
        [
          'init',
          plan,
          '--source',
          EVIL,
          '--target',
          'x',
          '--databases',
          EVIL,
          '--on-existing',
          'skip',
          '--stdout',
        ],
      ];
    case 'scratch':
    case 'scratch:accept':
    case 'scratch:drop':
    case 'scratch:show':
      return [SCRATCH, EVIL].map((name) => [
        ...words,
        ...(words.length > 1 ? [name] : []),
        ...['--plan', plan],
        ...(/accept|drop/.test(command) ? ['--confirm-target', EVIL] : []),
      ]);
    case 'history':
      return [['history'], ['history', '--since', EVIL], ['history', '--plan', EVIL]];
    case 'history:show':
      return [...runIds().map((run) => ['history', 'show', run]), ['history', 'show', EVIL]];
    case 'config:get':
    case 'config:set':
      return [
        [...words, EVIL, EVIL],
        [...words, 'batch.max_concurrent', EVIL],
        [...words, 'batch.max_concurrent', '1', ...configFile],
      ];
    case 'config:list':
    case 'config:path':
      return [[...words, ...configFile]];
    case 'connections:add':
      return [
        [...words, EVIL, '--host', EVIL, '--user', EVIL],
        [...words, 'x', '--host', EVIL],
      ];
    case 'connections:duplicate':
    case 'connections:rename':
      return [
        [...words, EVIL, EVIL],
        [...words, 'x', EVIL],
        [...words, 'x', 'x'],
      ];
    case 'connections:import':
      return [
        [...words, logins, '--all', '--no-test'],
        [...words, dotenv, '--all', '--no-test'],
        [...words, EVIL, '--select', EVIL],
      ];
    case 'connections:show':
    case 'connections:delete':
      return [[...words, EVIL]];
    case 'connections:test':
      return [words, [...words, 'x', '--grants', EVIL], [...words, EVIL]];
    case 'connections:clear':
      return [[...words, '--yes'], words];
    case 'completion':
    case 'connections':
    case 'connections:list':
    case 'help:environment':
    case 'help:exit-codes':
    case 'help:selection':
      return [words, [...words, EVIL], [...words, `--${EVIL}`]];
    default:
      throw new Error(`${command} is not tried here: say what it is given`);
  }
};

let runs: readonly string[] = [];
const runIds = (): readonly string[] => runs;

/** Nothing of it is obeyed; the lines of text stay the lines that we wrote. */
const expectText = (text: string, own = /^$/): void => {
  for (const line of text.split('\n')) {
    expect(line.replaceAll('\t', ' ')).not.toMatch(FORBIDDEN);
    if (!own.test(line)) expect(line).not.toMatch(/^\s*::/);
    expect(line).not.toContain('##[');
  }
};

const ANNOTATION = /^::error title=mysql-sync [^:,]*::[^%]*(?:%25[^%]*)*$/;

const readLogs = (): string =>
  readdirSync(join(rig.home, 'logs'))
    .map((name) => readFileSync(join(rig.home, 'logs', name), 'utf8'))
    .join('');

// Last, because it forgets the connections that the others show.
const ORDER = [...COMMANDS.filter((id) => id !== 'connections:clear'), 'connections:clear'];
const isHistory = (id: string): boolean => id.startsWith('history') || id === 'rollback';
const IN_ORDER = [
  'plan',
  ...ORDER.filter((id) => id !== 'plan' && !isHistory(id) && id !== 'connections:clear'),
  ...ORDER.filter(isHistory),
  'connections:clear',
];

const actions = (): Readonly<Record<string, string>> => ({
  ...rig.env,
  MASK_KEY: 'canary-key-0123456789abcdef',
  CI: 'true',
  GITHUB_ACTIONS: 'true',
  GITHUB_STEP_SUMMARY: summary,
  FORCE_COLOR: '',
});

describe.each(IN_ORDER)('%s', (command) => {
  const call = async (argv: readonly string[], env: Readonly<Record<string, string>>) => {
    const cli = rig.start(argv, env);
    return cli.ended;
  };

  test('in a pipeline: nothing of a name is obeyed', async () => {
    if (command === 'history:show')
      runs = (await rig.run(['history'])).stdout
        .split('\n')
        .filter(Boolean)
        .map((line) => line.split('\t')[0] ?? '');
    for (const argv of callsOf(command)) {
      const { stdout, stderr } = await call(argv, actions());
      expect(`${stdout}${stderr}`).not.toContain('error[BUG]');
      expectText(stdout);
      expectText(stderr, ANNOTATION);
    }
  });

  // The topics of help are text in any case.
  if (!command.startsWith('help:'))
    test('as JSON: it parses, holds names whole, and no forbidden byte', async () => {
      for (const argv of callsOf(command).slice(0, 2)) {
        const { stdout, stderr } = await call([...argv, '--json'], actions());
        expectText(stdout);
        expectText(stderr, ANNOTATION);
        expect(() => JSON.parse(stdout) as unknown).not.toThrow();
      }
    });

  test('on a terminal: only what mysql-sync paints and draws reaches it', async () => {
    for (const argv of callsOf(command).slice(0, 1)) {
      const answers = [{ after: '❯', type: '\u0003' }];
      const { raw } = await runInTerminal(argv, { home: rig.home, env: rig.env, answers });
      expect(raw).not.toContain('\u001b]0;');
      expect(raw).not.toContain('e\u001b[31m');
      const text = stripVTControlCharacters(raw);
      expect(text.replaceAll(/[\r\n]/g, ' ')).not.toMatch(FORBIDDEN);
      expect(text).not.toMatch(/^\s*::error::/m);
    }
  });
});

test('names were shown, and escaped', async () => {
  const { stdout } = await rig.run(['plan', plan]);
  expect(stdout.split('\n').filter(Boolean)).toHaveLength(1);
  expect(stdout.split('\t')[1]).toBe(
    String.raw`e\x1b[31m\x1b]0;p\x07\x9b2J\u202e\u200b\u2028\n::error::%0A\t\x23#[x]` + '```|<b>@y',
  );
  const json = await rig.run(['plan', plan, '--json']);
  expect(JSON.parse(json.stdout)).toMatchObject({ databases: [{ from: EVIL }] });
});

test('logs, events, saved plans and the page of the job have no forbidden byte, and no block that is left', () => {
  for (const text of [
    readLogs(),
    readFileSync(join(folder, 'events.jsonl'), 'utf8'),
    readFileSync(saved, 'utf8'),
  ])
    expectText(text);
  const page = readFileSync(summary, 'utf8');
  expectText(page);
  expect(page).toContain('FAILED');
  const fences = page.split('\n').filter((line) => /^ {0,3}`{3,}/.test(line));
  expect(fences.length).toBeGreaterThan(1);
  expect(new Set(fences.map((line) => line.replace('text', ''))).size).toBe(1);
  expect(fences[0]).toMatch(/^`{4,}text$/);
});
