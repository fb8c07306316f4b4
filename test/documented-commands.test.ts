import { spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { CORE_SCHEMA, load } from 'js-yaml';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type InstalledPackage, installFromClone, lendSqlite } from './support/installed-package.js';
import { readQuickStart } from './support/quick-start.js';
import { type Belonging, type Reader, leaveScratch, makeReader } from './support/reader.js';
import { type Rig, startRig } from './support/rig.js';
import { type SshServer, startSshServer } from './support/ssh-server.js';
import { ROOT as ACCOUNT } from './support/servers.js';

/** Every line of every block of shell in the documentation is run, or is known to be a line of another kind. */

const ROOT = resolve(import.meta.dirname, '..');
const DOCS = join(ROOT, 'docs');

const pages = [
  'README.md',
  ...readdirSync(DOCS, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.md'))
    // The order in which a person reads them.
    .sort((a, b) => Number(a.startsWith('reference')) - Number(b.startsWith('reference')) || (a < b ? -1 : 1))
    .map((path) => join('docs', path)),
];

const readPage = (page: string): string => readFileSync(join(ROOT, page), 'utf8');

const blocksOf = (text: string): readonly string[] =>
  [...text.matchAll(/```(?:sh|bash|console|shell)\n([^]*?)```/g)].map(([, block = '']) => block);

const linesOf = (text: string): readonly string[] =>
  blocksOf(text)
    .flatMap((block) => block.split('\n'))
    .map((line) => line.replace(/(^|\s)#\s.*$/, '').trimEnd())
    .filter((line) => line !== '');

const callsOf = (text: string): readonly string[] =>
  linesOf(text).filter((line) => /\bmysql-sync [a-z-]/.test(line) && !line.startsWith('npm'));

const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
  readonly scripts: Readonly<Record<string, string>>;
};

/** Lines that run something else of this repository, which other tests run, and what a shell needs around commands. */
const isKnown = (line: string): boolean => {
  const [, script] = /^npm (?:run )?([\w-]+)/.exec(line) ?? [];
  // test/packaging/pack.test.ts installs by them.
  if (/^npm (ci|install --global) /.test(line)) return true;
  if (script !== undefined) return script in scripts;
  const [, file] = /^node ((?:scripts|bench)\/\S+)/.exec(line) ?? [];
  if (file !== undefined) return existsSync(join(ROOT, file));
  return /^(case \$\? in|esac|\s*(\d+|\*)\) echo '[^']*' ;;)$/.test(line);
};

const withShell = pages.filter((page) => blocksOf(readPage(page)).length > 0);

test.each(withShell)('%s: each line of shell is one that is run or known', (page) => {
  const text = readPage(page);
  expect(linesOf(text).filter((line) => !callsOf(text).includes(line) && !isKnown(line))).toEqual([]);
  for (const block of blocksOf(text))
    expect(spawnSync('bash', ['-n'], { input: block, encoding: 'utf8' })).toMatchObject({
      status: 0,
      stderr: '',
    });
});

const RECIPES = join(DOCS, 'guides', 'recipes');
const PIPELINES = ['github-actions.yml', 'gitlab-ci.yml'];

/** What a pipeline runs: `run` of GitHub, `script` and `before_script` of GitLab. */
const stepsOf = (node: unknown): readonly string[] => {
  if (typeof node !== 'object' || node === null) return [];
  return Object.entries(node).flatMap(([key, value]: [string, unknown]) =>
    key === 'run' || key.endsWith('script') ? ([value].flat() as string[]) : stepsOf(value),
  );
};
const pipelineSteps = PIPELINES.flatMap((name) =>
  stepsOf(load(readFileSync(join(RECIPES, name), 'utf8'), { schema: CORE_SCHEMA })),
);
const pipelineCalls = [...new Set(pipelineSteps.filter((step) => step.startsWith('mysql-sync ')))];

test('a step of a recipe is one that is run, or installs', () => {
  expect(pipelineCalls.length).toBeGreaterThan(2);
  const others = pipelineSteps.filter((step) => !pipelineCalls.includes(step));
  const INSTALLS = /^npm install --global "\$(MYSQL_SYNC_PACKAGE|\{\{ vars\.MYSQL_SYNC_PACKAGE \}\})"$/;
  expect(others.filter((step) => !INSTALLS.test(step))).toEqual([]);
});

/** A page is read from its first line to its last; of the reference, which is looked up, what a command has. */
const readings: readonly { readonly title: string; readonly calls: readonly string[] }[] = withShell
  .flatMap((page) =>
    page === 'docs/reference/commands.md'
      ? readPage(page)
          .split('\n## ')
          .map((text) => ({ title: `${page}: ${/^.*/.exec(text)?.[0] ?? ''}`, calls: callsOf(text) }))
      : [{ title: page, calls: callsOf(readPage(page)) }],
  )
  .filter(({ calls }) => calls.length > 0);

const USUAL: readonly Belonging[] = ['connections', 'nightly.yaml'];

/** The home is empty at the first line of a page but for what the reader has by these lines; the first that fits. */
const READER_HAS: readonly (readonly [RegExp, readonly Belonging[]])[] = [
  [/^README/, ['nightly.yaml']],
  [/by-hand/, []],
  [/guides\/ci/, ['the plan of the recipes']],
  [/many-machines/, USUAL],
  [/plan-in-git/, [...USUAL, 'a laptop']],
  [/: connections add/, ['a password manager', 'an option file']],
  [/: connections import/, ['an option file of three servers', 'a .env file']],
  [/: connections delete/, ['connections', 'old connections']],
  [/: (connections|copy|init)/, ['connections']],
  [/: (completion|config|help)/, []],
  [/: history merge/, [...USUAL, 'a saved plan', 'outputs of workers']],
  [/: (history|status|verify|rollback|scratch)/, [...USUAL, 'mysql-sync.yaml', 'an apply']],
  [/: show/, [...USUAL, 'a saved plan']],
  [/: validate/, [...USUAL, 'mysql-sync.yaml', 'plans']],
  [/: (apply|plan)/, [...USUAL, 'mysql-sync.yaml']],
  [/guides\/masking|: mask/, ['connections', 'a plan with masks']],
  [/guides\/ssh/, []],
  [/guides\/(monitoring|refresh)/, [...USUAL, 'an apply']],
  [/accounts|exit-codes/, USUAL],
];

/** What the reader of a page answers at a terminal, where later lines of the page need it. */
const ANSWERED = ['docs/guides/by-hand.md: mysql-sync apply nightly.yaml'];

/** How calls end that do not end with 0 where nobody can be asked. */
const EXPECTED_CODES: readonly (readonly [RegExp, number])[] = [
  [/^mysql-sync init( nightly\.yaml)?$/, 6],
  [/^(SYNC_TARGET=laptop )?mysql-sync apply( nightly\.yaml)?( --only "app_\*" --exclude app_reports)?$/, 6],
  // Creating is approved, and it is there by then.
  [/--only crm --auto-approve$/, 6],
  [/^mysql-sync copy .*--plan-only/, 0],
  [/^mysql-sync copy /, 6],
  [/^mysql-sync rollback --plan nightly\.yaml$/, 6],
  // They are for somebody who ticks, or types a URL.
  [/^mysql-sync connections import( ~\/\.my\.cnf)?$/, 64],
  [/ mask preview /, 6],
  [/--detailed-exitcode/, 2],
];
const expectedCode = (call: string): number =>
  EXPECTED_CODES.find(([pattern]) => pattern.test(call))?.[1] ?? 0;

describe('the calls, run by the installed command, each page from its first line in an empty home', () => {
  const scratch = mkdtempSync(join(tmpdir(), 'mysql-sync-documented-'));
  let installed: InstalledPackage;
  let rig: Rig;
  let ssh: SshServer;
  beforeAll(async () => {
    // npm ci, the first line, is what test/packaging/pack.test.ts does.
    const modules = `ln -s '${join(ROOT, 'node_modules')}' node_modules`;
    installed = installFromClone(scratch, [modules, ...readQuickStart().installs.slice(1)]);
    lendSqlite(installed.root);
    rig = await startRig();
    ssh = await startSshServer();
    ssh.setKnownHost('right');
    for (const name of ['shop', 'crm', 'app_a', 'app_reports', 'app_tmp'])
      await rig.source.query(`CREATE DATABASE ${name}; CREATE TABLE ${name}.audit (id INT PRIMARY KEY)`);
    await rig.source.query(
      `CREATE TABLE shop.orders (created_at DATETIME); CREATE TABLE crm.people (id INT PRIMARY KEY);
       CREATE TABLE shop.users (email VARCHAR(100), nickname VARCHAR(50))`,
    );
  }, 300_000);
  afterAll(async () => {
    ssh.stop();
    await rig.stop();
    rmSync(scratch, { recursive: true, force: true });
  });

  /** The target as it is before anybody used mysql-sync: nothing but an older shop. */
  const resetTarget = async (): Promise<void> => {
    const kept = ['information_schema', 'mysql', 'performance_schema', 'sys'];
    const rows = await rig.target.query('SHOW DATABASES');
    const names = rows.map((row) => String(Object.values(row)[0])).filter((name) => !kept.includes(name));
    for (const name of names) await rig.target.query(`DROP DATABASE \`${name}\``);
    await rig.target.query('CREATE DATABASE shop; CREATE TABLE shop.old (id INT)');
  };

  /** Servers, accounts and runs that exist, in place of those of the examples. */
  const fillIn = async (call: string, reader: Reader): Promise<string> => {
    if (call.includes(' scratch ')) return call.replace(/mysql_sync_old_\w+/, await leaveScratch(rig));
    const { port } = call.includes('add staging') ? rig.target : rig.source;
    // Nobody is there who could be asked.
    const password = call.includes('--password-stdin') ? '' : '--password-env DB_PASSWORD';
    return call
      .replace('7q2f4k', call.includes('7q2f4k') ? await reader.latestRun() : '')
      .replace(
        /--host \S+( --port \d+)?\s+--user \S+/,
        `--host 127.0.0.1 --port ${String(port)} --user ${ACCOUNT.user} ${password}`,
      )
      .replace('--ssh bastion.example', `--ssh ${ssh.host}`)
      .replace('--tls verify-identity --ca ca.pem', '--tls preferred');
  };

  describe.each(readings)('$title', ({ title, calls }) => {
    let reader: Reader;
    beforeAll(async () => {
      await resetTarget();
      const [, belongings = []] = READER_HAS.find(([pattern]) => pattern.test(title)) ?? [];
      reader = await makeReader(installed.bin, rig, belongings);
      if (title.includes('guides/ssh')) symlinkSync(ssh.path.split(':')[0] ?? '', join(reader.home, 'bin'));
    });
    afterAll(() => reader.leaves());

    test.each(calls)('%s', async (call) => {
      const { code, output } = await reader.types(await fillIn(call, reader));
      const expected = expectedCode(call);
      const mistakes = expected === 64 ? /error\[BUG\]/ : /error\[(USAGE|BUG)\]/;
      expect([code, output]).toEqual([expected, expect.not.stringMatching(mistakes)]);
      if (ANSWERED.includes(`${title}: ${call}`))
        expect(await reader.types(`${call} --confirm-target staging`)).toMatchObject({ code: 0 });
    });
  });

  describe('recipes', () => {
    let reader: Reader;
    beforeAll(async () => {
      await resetTarget();
      reader = await makeReader(installed.bin, rig, ['the plan of the recipes']);
    });
    afterAll(() => reader.leaves());

    test.each(pipelineCalls)('in a pipeline: %s', async (call) => {
      const summary = join(reader.home, 'summary.md');
      const env = { CI: 'true', GITHUB_ACTIONS: 'true', GITHUB_STEP_SUMMARY: summary };
      const { code, output } = await reader.types(call, env);
      expect([code, output]).toEqual([0, expect.not.stringContaining('error[')]);
    });

    test('cron.sh prints nothing when all went well', async () => {
      cpSync(join(RECIPES, 'cron.sh'), join(reader.home, 'cron.sh'));
      writeFileSync(join(reader.home, 'secrets.env'), '');
      expect(await reader.types('sh cron.sh')).toEqual({ code: 0, output: '' });
      expect(readFileSync(join(reader.home, 'refresh-staging.log'), 'utf8')).toContain('RECAP on staging');
    });
  });
});
