import { execFile, spawnSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
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
import { sha256Hex } from '../src/core/fingerprint.js';
import { nameScratchDatabase, toRunId } from '../src/core/names.js';
import type { Home } from './support/home.js';
import { type Rig, startRig } from './support/rig.js';
import { makeSavedHome, saveConnection } from './support/saved-home.js';
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

const blocksOf = (page: string): readonly string[] =>
  [...readFileSync(join(ROOT, page), 'utf8').matchAll(/```(?:sh|bash|console|shell)\n([^]*?)```/g)].map(
    ([, block = '']) => block,
  );

const linesOf = (page: string): readonly string[] =>
  blocksOf(page)
    .flatMap((block) => block.split('\n'))
    .map((line) => line.replace(/(^|\s)#\s.*$/, '').trimEnd())
    .filter((line) => line !== '');

const callsOf = (page: string): readonly string[] =>
  linesOf(page).filter((line) => /\bmysql-sync [a-z-]/.test(line) && !line.startsWith('npm'));

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

const withShell = pages.filter((page) => blocksOf(page).length > 0);

test.each(withShell)('%s: each line of shell is one that is run or known', (page) => {
  expect(linesOf(page).filter((line) => !callsOf(page).includes(line) && !isKnown(line))).toEqual([]);
  for (const block of blocksOf(page))
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

/** How calls end that do not end with 0 where nobody can be asked, and where names are examples. */
const EXPECTED_CODES: readonly (readonly [RegExp, number])[] = [
  [/^mysql-sync init( nightly\.yaml)?$/, 6],
  [/^(SYNC_TARGET=laptop )?mysql-sync apply( nightly\.yaml)?( --only "app_\*" --exclude app_reports)?$/, 6],
  // Creating is approved, and it is there by then.
  [/--only crm --auto-approve$/, 6],
  [/^mysql-sync copy .*--plan-only/, 0],
  [/^mysql-sync copy /, 6],
  [/^mysql-sync rollback --plan nightly\.yaml$/, 6],
  [/--detailed-exitcode/, 2],
];
const expectedCode = (call: string): number =>
  EXPECTED_CODES.find(([pattern]) => pattern.test(call))?.[1] ?? 0;

describe('the calls, run by a shell from the first page to the last', () => {
  let rig: Rig;
  let home: Home;
  let folder: string;
  beforeAll(async () => {
    rig = await startRig();
    for (const name of ['shop', 'crm', 'app_a', 'app_reports', 'app_tmp'])
      await rig.source.query(`CREATE DATABASE ${name}; CREATE TABLE ${name}.audit (id INT PRIMARY KEY)`);
    await rig.source.query(
      'CREATE TABLE shop.orders (created_at DATETIME); CREATE TABLE crm.people (id INT PRIMARY KEY)',
    );
    await rig.target.query('CREATE DATABASE shop; CREATE TABLE shop.old (id INT)');
    home = await makeSavedHome(rig, 'read-write');
    await saveConnection(home, 'laptop', rig.target, { access: 'read-write' });
    folder = mkdtempSync(join(tmpdir(), 'mysql-sync-documented-'));
    makeFolder(folder, rig);
  });
  afterAll(async () => {
    rmSync(folder, { recursive: true });
    home.close();
    await rig.stop();
  });

  /** What changes the saved connections, or must not find the plan, has a copy of everything for itself. */
  const isApart = (call: string): boolean =>
    /mysql-sync (init|connections (add|clear|delete|duplicate|rename))/.test(call);

  const runCall = async (call: string): Promise<{ readonly code: number; readonly output: string }> => {
    if (!isApart(call)) return runInShell(await fillIn(call), { folder, home: home.folder });
    const apart = mkdtempSync(join(tmpdir(), 'mysql-sync-documented-'));
    try {
      cpSync(folder, join(apart, 'work'), { recursive: true, verbatimSymlinks: true });
      cpSync(home.folder, join(apart, 'home'), { recursive: true });
      if (call.includes('init')) rmSync(join(apart, 'work', 'nightly.yaml'));
      return await runInShell(await fillIn(call), { folder: join(apart, 'work'), home: join(apart, 'home') });
    } finally {
      rmSync(apart, { recursive: true });
    }
  };

  /** Servers, connections and runs that exist, in place of those of the examples. */
  const fillIn = async (call: string): Promise<string> => {
    if (call.includes(' scratch ')) return call.replace(/mysql_sync_old_\w+/, await makeScratch(rig));
    // After an apply there are no changes without it.
    if (call.includes('--detailed-exitcode')) await rig.source.query('INSERT INTO shop.audit VALUES (1)');
    const run = call.includes('7q2f4k') ? await latestRun(home) : '';
    const { port } = call.includes('add staging') ? rig.target : rig.source;
    const password = call.includes('--password-stdin') ? '' : '--password-env DB_PASSWORD';
    return call
      .replace('7q2f4k', run)
      .replace(
        /--host \S+( --port \d+)?\s+--user \S+/,
        `--host 127.0.0.1 --port ${String(port)} --user ${ACCOUNT.user} --replace ${password}`,
      )
      .replace('--tls verify-identity --ca ca.pem', '--tls preferred')
      .replace('connections delete old older', 'connections delete prod laptop');
  };

  // The same words twice are run once, but for a saved plan, which is good once.
  const calls = withShell.flatMap(callsOf);
  const different = calls.filter((call, index) => call.includes('--out') || calls.indexOf(call) === index);

  test.each(different)('%s', async (call) => {
    const { code, output } = await runCall(call);
    await rig.source.query('DELETE FROM shop.audit');
    expect([code, output]).toEqual([expectedCode(call), expect.not.stringMatching(/error\[(USAGE|BUG)\]/)]);
  });

  test.each(pipelineCalls)('in a pipeline: %s', async (call) => {
    const env = { CI: 'true', GITHUB_ACTIONS: 'true', GITHUB_STEP_SUMMARY: join(folder, 'summary.md') };
    const { code, output } = await runInShell(call, { folder, home: join(folder, 'runner'), env });
    expect([code, output]).toEqual([0, expect.not.stringContaining('error[')]);
  });

  test('cron.sh prints nothing when all went well', async () => {
    cpSync(join(RECIPES, 'cron.sh'), join(folder, 'cron.sh'));
    writeFileSync(join(folder, 'secrets.env'), '');
    expect(await runInShell('sh cron.sh', { folder, home: home.folder })).toEqual({ code: 0, output: '' });
    expect(readFileSync(join(folder, 'refresh-staging.log'), 'utf8')).toContain('RECAP on staging');
  });
});

const PLAN = `version: 1
name: nightly
source: prod
target: \${SYNC_TARGET:-staging}
databases: [{name: shop}, {name: crm}, {match: "app_*"}]
`;

const makeFolder = (folder: string, { source, target }: Rig): void => {
  const bin = join(folder, 'bin');
  mkdirSync(bin);
  symlinkSync(join(ROOT, 'bin', 'run.js'), join(bin, 'mysql-sync'));
  symlinkSync(process.execPath, join(bin, 'node'));
  writeFileSync(join(bin, 'pass'), '#!/bin/sh\nprintf %s "$DB_PASSWORD"\n');
  chmodSync(join(bin, 'pass'), 0o755);
  for (const name of ['nightly.yaml', 'mysql-sync.yaml']) writeFileSync(join(folder, name), PLAN);
  cpSync(join(ROOT, 'plans'), join(folder, 'plans'), { recursive: true });
  const recipe = readFileSync(join(DOCS, 'guides', 'recipes', 'refresh-staging.yaml'), 'utf8')
    .replace(/host: \$\{PROD_HOST.*/, `host: 127.0.0.1\n  port: ${String(source.port)}`)
    .replace(/host: \$\{STAGING_HOST.*/, `host: 127.0.0.1\n  port: ${String(target.port)}`);
  writeFileSync(join(folder, 'refresh-staging.yaml'), recipe);
  const password = JSON.stringify(ACCOUNT.password);
  const options = `[client]\nhost=127.0.0.1\nport=${String(source.port)}\nuser=${ACCOUNT.user}\npassword=${password}\n`;
  writeFileSync(join(folder, '.my.cnf'), options, { mode: 0o600 });
};

/** What a run of another machine left behind, whose journal nobody can check here. */
const makeScratch = async ({ target }: Rig): Promise<string> => {
  const [run, live] = [toRunId('7q2f4k'), 'elsewhere'];
  const [staging, retired] = (['new', 'old'] as const).map((use) =>
    nameScratchDatabase(use, run, sha256Hex(live)),
  );
  const journal = JSON.stringify({
    ...{ format: 1, run, live, staging, retired },
    ...{ startedAt: '2026-11-01T10:00:00.000Z', phase: 'staging' },
    plan: { name: 'nightly', digest: '0'.repeat(64) },
  });
  await target.query(`DROP DATABASE IF EXISTS ${retired ?? ''}; CREATE DATABASE ${retired ?? ''};
    CREATE TABLE ${retired ?? ''}.mysql_sync_journal (id TINYINT PRIMARY KEY, body LONGTEXT NOT NULL) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;
    INSERT INTO ${retired ?? ''}.mysql_sync_journal VALUES (1, '${journal}')`);
  return retired ?? '';
};

const runInShell = (
  call: string,
  { folder, home, env: more = {} }: { folder: string; home: string; env?: Readonly<Record<string, string>> },
): Promise<{ readonly code: number; readonly output: string }> =>
  new Promise((settle) => {
    const env = {
      PATH: `${join(folder, 'bin')}:${process.env['PATH'] ?? ''}`,
      HOME: folder,
      MYSQL_SYNC_HOME: home,
      EDITOR: 'echo',
      DB_PASSWORD: ACCOUNT.password,
      PROD_USER: ACCOUNT.user,
      PROD_PASSWORD: ACCOUNT.password,
      STAGING_USER: ACCOUNT.user,
      STAGING_PASSWORD: ACCOUNT.password,
      ...more,
    };
    const child = execFile('bash', ['-c', call], { cwd: folder, env }, (_, stdout, stderr) =>
      settle({ code: child.exitCode ?? -1, output: `${stdout}${stderr}` }),
    );
    child.stdin?.end();
  });

const latestRun = async (home: Home): Promise<string> => {
  const { stdout } = await home.run(['history', '--limit', '1']);
  return stdout.split('\t')[0] ?? '';
};
