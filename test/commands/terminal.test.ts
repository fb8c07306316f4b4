import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { displayWidth } from '../../src/render/display-width.js';
import { runCli } from '../support/cli.js';
import { CTRL_C, type ConversationEnd, ENTER, converse } from '../support/conversation.js';
import type { Home } from '../support/home.js';
import { type Rig, startRig } from '../support/rig.js';
import { makeSavedHome, saveUnused } from '../support/saved-home.js';

/** What stands on the screen after each command, whatever the terminal is like and however the command ends. */

const WIDE = '顧客データベース';
const LONG = 'n'.repeat(64);
const TARGET_NAME = "Type the target's name (staging)";

let rig: Rig;
let home: Home;
beforeAll(async () => {
  rig = await startRig();
  for (const name of ['shop', WIDE])
    await rig.source.query(
      `CREATE DATABASE \`${name}\`; CREATE TABLE \`${name}\`.t (id INT PRIMARY KEY); INSERT INTO \`${name}\`.t VALUES (1)`,
    );
  await rig.source.query(`CREATE TABLE shop.${LONG} (id INT PRIMARY KEY, ${LONG} INT NOT NULL DEFAULT 7)`);
  home = await makeSavedHome(rig, 'read-write');
  await saveUnused(home, '顧客');
  const plan = `version: 1\nname: nightly\nsource: prod\ntarget: staging\ndatabases: [{name: shop}, {name: ${WIDE}}]\n`;
  writeFileSync(join(home.folder, 'mysql-sync.yaml'), plan);
  writeFileSync(join(home.folder, 'wrong.yaml'), plan.replace('databases', 'databses'));
});
afterAll(async () => {
  home.close();
  await rig.stop();
});
beforeEach(async () => {
  for (const name of ['shop', WIDE, ...(await rig.scratchDatabases())])
    await rig.target.query(`DROP DATABASE IF EXISTS \`${name}\``);
  await rig.target.query(
    `CREATE DATABASE shop; CREATE TABLE shop.t (id INT PRIMARY KEY); CREATE TABLE shop.${LONG} (id INT PRIMARY KEY)`,
  );
});

const see = (argv: readonly string[], columns: number, env = {}): Promise<ConversationEnd> =>
  converse(argv, { home: home.folder, columns, env }).ends();

// eslint-disable-next-line no-control-regex -- codes begin with one
const DRAWN_OVER = /^.*\u001b\[\d*[GK]/;

/** What is left of each line, without what a spinner drew there before. */
const linesOf = ({ raw }: ConversationEnd): readonly string[] =>
  raw.split('\n').map((line) => stripVTControlCharacters(line.replace(DRAWN_OVER, '')).replace('\r', ''));

/** What may be longer than a line: a command to copy, and a word that has no place to be broken. */
const mayBeLong = (line: string): boolean =>
  /^ *(\$ |pass .*)?mysql-sync /.test(line) || !/\S\s+\S/.test(line.replace(/^Documentation: |^ *[-+] /, ''));

const COMMANDS: readonly (readonly string[])[] = [
  [],
  ['plan'],
  ['plan', '-v'],
  ['verify', '--detail'],
  ['status'],
  ['plan', 'wrong.yaml'],
  ['plan', '--ony'],
  ['validate'],
  ['connections', 'list', '--check'],
  ['connections', 'test'],
  ['config', 'list', '--show-origin'],
  ['history'],
  ['history', 'show', 'latest'],
  ['help', 'environment'],
  ['help', 'selection'],
  ['help', 'exit-codes'],
  ['--help'],
  ['apply', '--help'],
];

describe('nothing is broken by the edge of the terminal', () => {
  beforeAll(async () => {
    await home.run(['apply', '--confirm-target', 'staging', '--exclude', WIDE]);
  });

  test.each([40, 80, 120, 200])('%i columns', async (columns) => {
    for (const argv of COMMANDS) {
      const long = linesOf(await see(argv, columns)).filter((line) => displayWidth(line) > columns);
      expect([argv, long.filter((line) => !mayBeLong(line))]).toEqual([argv, []]);
    }
  });

  test('nothing is cut from settings and their origins in 40 columns', async () => {
    const argv = ['config', 'list', '--show-origin'];
    const env = { MYSQL_SYNC_BATCH_MAX_CONCURRENT: '2' };
    const { stdout } = await home.run(argv, { env });
    const lines = linesOf(await see(argv, 40, env));
    const withoutSpace = (text: string): string => text.replaceAll(/\s+/g, '');
    expect(withoutSpace(lines.join(''))).toBe(withoutSpace(`KEY VALUE ${stdout}`));
  });

  test('columns stay below each other beside wide characters', async () => {
    const rows = linesOf(await see(['plan'], 120)).filter((line) => /^ +\d /.test(line));
    const places = rows.map((row) => displayWidth(row.slice(0, row.search(/create|overwrite/))));
    expect([rows.length, new Set(places).size]).toEqual([2, 1]);
  });
});

describe('colours', () => {
  const PAINTED = '\u001b[31merror[PLAN_NOT_FOUND]\u001b[39m';
  const PLAIN = 'error[PLAN_NOT_FOUND]';
  const argv = ['plan', 'missing.yaml'];

  test.each<readonly [string, Readonly<Record<string, string>>, readonly string[], boolean]>([
    ['nothing said', {}, [], true],
    ['NO_COLOR', { NO_COLOR: '1' }, [], false],
    ['an empty NO_COLOR', { NO_COLOR: '' }, [], true],
    ['TERM=dumb', { TERM: 'dumb' }, [], false],
    ['TERM=dumb with FORCE_COLOR', { TERM: 'dumb', FORCE_COLOR: '1' }, [], true],
    ['NO_COLOR with FORCE_COLOR', { NO_COLOR: '1', FORCE_COLOR: '1' }, [], false],
    ['--no-color with FORCE_COLOR', { FORCE_COLOR: '1' }, ['--no-color'], false],
    ['CI', { CI: 'true' }, [], true],
  ])('on a terminal with %s', async (_, env, flags, isPainted) => {
    const { raw } = await see([...argv, ...flags], 80, env);
    expect([raw.includes(PAINTED), raw.includes(PLAIN)]).toEqual([isPainted, true]);
  });

  test.each<readonly [string, Readonly<Record<string, string>>, boolean]>([
    ['nothing said', {}, false],
    ['FORCE_COLOR', { FORCE_COLOR: '1' }, true],
    ['FORCE_COLOR=0', { FORCE_COLOR: '0' }, false],
    ['CI', { CI: 'true' }, false],
    ['CI and FORCE_COLOR', { CI: 'true', FORCE_COLOR: '1' }, true],
  ])('in a pipe with %s', async (_, env, isPainted) => {
    const { stderr } = await runCli(argv, { home: home.folder, cwd: home.folder, env });
    expect([stderr.includes(PAINTED), stderr.includes(PLAIN)]).toEqual([isPainted, true]);
  });
});

/** Frames of the spinners of ora and listr2. */
const SPINNER = /[\u2800-\u28ff]/;
// eslint-disable-next-line no-control-regex -- codes begin with one
const CLEARS_SCREEN = /\u001b(?:\[[23]J|c)/;

describe('an apply leaves the terminal as it was', () => {
  const begin = (argv: readonly string[] = [], columns = 120, rows = 50) =>
    converse(['apply', ...argv], { home: home.folder, columns, rows });

  test('when it is done', async () => {
    const person = begin([], 40);
    await person.answers(TARGET_NAME, `staging${ENTER}`);
    const { code, screen, raw, isCursorShown } = await person.ends();
    expect([code, isCursorShown]).toEqual([0, true]);
    expect(screen).not.toMatch(SPINNER);
    // Lines are drawn over; a screen that is cleared flickers.
    expect(raw).not.toMatch(CLEARS_SCREEN);
    expect(screen).toMatch(/✔ shop +applied in .*[^]*RECAP on staging/);
    const rows = screen.split('\n').filter((line) => line.startsWith('✔ ') && line.includes('applied in'));
    const places = rows.map((row) => displayWidth(row.slice(0, row.indexOf('applied in'))));
    expect([rows.length, new Set(places).size]).toEqual([2, 1]);
  });

  test('when a database fails', async () => {
    // The row is larger than what the target takes in one piece.
    await rig.source.query(
      "CREATE DATABASE big; CREATE TABLE big.t (id INT PRIMARY KEY, b LONGBLOB); INSERT INTO big.t VALUES (1, REPEAT('x', 4000000))",
    );
    await rig.target.query('SET GLOBAL max_allowed_packet = 1048576');
    const plan =
      'version: 1\nsource: prod\ntarget: staging\ndatabases: [{name: big}]\noptions: {engine: dump}\n';
    writeFileSync(join(home.folder, 'big.yaml'), plan);
    const person = begin(['big.yaml']);
    await person.answers('Apply this to staging?', `y${ENTER}`);
    const { code, screen, isCursorShown } = await person.ends();
    await rig.target.query('SET GLOBAL max_allowed_packet = 16777216');
    await rig.source.query('DROP DATABASE big');
    expect([code, isCursorShown]).toEqual([3, true]);
    expect(screen).not.toMatch(SPINNER);
    expect(screen).toMatch(/✖ big +failed[^]*big on the target is UNCHANGED[^]*\nLog: .*\.jsonl$/);
  });

  test('when Ctrl-C was pressed twice, also in a terminal that became narrower and wider', async () => {
    const locker = await rig.source.connect();
    const person = begin(['--only', 'shop']);
    await person.sees(TARGET_NAME);
    await locker.query('LOCK TABLES shop.t WRITE');
    person.types(`staging${ENTER}`);
    await person.notices('shop  copying');
    for (const [columns, footer] of [
      [50, `[>${' '.repeat(9)}]  ~0%  0/1 database  0 B of ~32.0 KiB`],
      [100, `[>${' '.repeat(21)}]  ~0%  0/1 database  0 B of ~32.0 KiB  elapsed`],
    ] as const) {
      person.resizes(columns);
      await person.notices(footer);
      expect(person.screen().match(/0\/1 database /g)).toHaveLength(1);
      expect(person.screen().match(/shop {2}copying/g)).toHaveLength(1);
    }
    person.types(CTRL_C);
    await person.notices(
      'SIGINT: finishing what is in flight and starting nothing more. Ctrl-C once more stops now.',
    );
    person.types(CTRL_C);
    const { code, screen, isCursorShown } = await person.ends();
    await locker.end();
    expect([code, isCursorShown]).toEqual([130, true]);
    expect(screen).not.toMatch(SPINNER);
    expect(screen).toMatch(
      /SIGINT: finishing[^]*SIGINT again: stopping now[^]*✖ shop +interrupted in[^]*shop on the target is UNCHANGED/,
    );
  });

  test('with more databases than the terminal has lines, and what is done is not drawn again', async () => {
    const names = Array.from({ length: 14 }, (_, index) => `many_${String(index)}`);
    const all = [...names, 'many_locked'];
    for (const name of all)
      await rig.source.query(
        `CREATE DATABASE ${name}; CREATE TABLE ${name}.t (id INT PRIMARY KEY); INSERT INTO ${name}.t VALUES (1)`,
      );
    writeFileSync(
      join(home.folder, 'many.yaml'),
      `version: 1\nsource: prod\ntarget: staging\ndatabases: [${all.map((name) => `{name: ${name}}`).join(', ')}]\n`,
    );
    const locker = await rig.source.connect();
    const person = begin(['many.yaml'], 80, 12);
    await person.sees('Apply this to staging?');
    await locker.query('LOCK TABLES many_locked.t WRITE');
    person.types(`y${ENTER}`);
    await person.notices('14 done');
    await person.notices('many_locked  copying');
    expect(person.screen()).toMatch(/copying.*\n {2}14 done\n\[=+>? *\] {2}~\d+% {2}14\/15 databases/);
    person.types(CTRL_C);
    await person.notices('Ctrl-C once more');
    await locker.query('UNLOCK TABLES');
    const { code, screen, raw } = await person.ends();
    await locker.end();
    for (const name of all) await rig.source.query(`DROP DATABASE ${name}`);
    for (const name of all) await rig.target.query(`DROP DATABASE ${name}`);
    expect(code).toBe(0);
    expect(screen).not.toContain(': copying');
    // Each frame is drawn at once.
    const frames = raw.split('\u001b[?2026h').length;
    expect([frames > 2, raw.split('\u001b[?2026l').length]).toEqual([true, frames]);
    for (const name of names) expect(raw.split(`✔\u001b[39m ${name} `)).toHaveLength(2);
  });
});

describe('lines instead of rows, without an escape code', () => {
  test.each<readonly [string, Readonly<Record<string, string>>, number]>([
    ['a dumb terminal', { TERM: 'dumb' }, 80],
    ['CI', { CI: 'true', NO_COLOR: '1' }, 80],
    ['batch.show_progress: false', { MYSQL_SYNC_BATCH_SHOW_PROGRESS: 'false', NO_COLOR: '1' }, 80],
    ['fewer than 40 columns', { NO_COLOR: '1' }, 39],
  ])('%s', async (_, env, columns) => {
    const argv = ['apply', '--no-input', '--confirm-target', 'staging', '--only', 'shop'];
    const { code, raw } = await see(argv, columns, env);
    expect(code).toBe(0);
    expect(raw).not.toContain('\u001b');
    expect(raw).toMatch(/shop: copying\r\n[^]*shop: applied in /);
  });
});

describe('Ctrl-C at the questions of single commands', () => {
  const login = ['--host', '127.0.0.1', '--user', 'tester'];

  test.each<readonly [string, readonly string[], string]>([
    ['the password of a new connection', ['connections', 'add', 'new', ...login], 'Password of new'],
    ['the word that clears', ['connections', 'clear'], 'Type "clear"'],
  ])('%s', async (_, argv, question) => {
    const before = await home.run(['connections', 'list']);
    const person = converse(argv, { home: home.folder });
    await person.answers(question, CTRL_C);
    const { code, screen, isCursorShown } = await person.ends();
    expect([code, isCursorShown]).toEqual([6, true]);
    expect(screen).toMatch(/Aborted\. Nothing was changed\.$/);
    expect(await home.run(['connections', 'list'])).toEqual(before);
  });

  test('the name that a rollback costs, and without a terminal its flag', async () => {
    await home.run(['apply', '--confirm-target', 'staging', '--only', 'shop']);
    const content = await rig.contentOf('target', 'shop');
    const person = converse(['rollback', 'latest'], { home: home.folder });
    await person.answers(TARGET_NAME, CTRL_C);
    const { code, screen, isCursorShown } = await person.ends();
    expect([code, isCursorShown]).toEqual([6, true]);
    expect(screen).toMatch(/Aborted\. Nothing was changed\.$/);
    const piped = await home.run(['rollback', 'latest'], { stdin: 'staging\n'.repeat(9) });
    expect([piped.code, piped.stderr]).toEqual([6, expect.stringContaining('--confirm-target staging')]);
    expect(await rig.contentOf('target', 'shop')).toEqual(content);
  });
});
