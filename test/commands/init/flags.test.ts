import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { converse } from '../../support/conversation.js';
import type { Home } from '../../support/home.js';
import { type Rig, startRig } from '../../support/rig.js';
import { makeSavedHome } from '../../support/saved-home.js';

const REPOSITORY = resolve(import.meta.dirname, '../../..');

let rig: Rig;
let home: Home;
beforeAll(async () => {
  rig = await startRig();
  await rig.source.query(
    'CREATE DATABASE app_a; CREATE DATABASE app_b; CREATE DATABASE `2024`; CREATE DATABASE mysql_sync_new_7q2f4k_0f1e2d3c4b5a',
  );
  home = await makeSavedHome(rig, 'read-write');
});
afterAll(async () => {
  home.close();
  await rig.stop();
});

const SERVERS = ['--source', 'prod', '--target', 'staging'];
const init = (...argv: readonly string[]) => home.run(['init', ...argv]);

test('flags that say everything write a plan and ask nothing', async () => {
  const written = await init('n.yaml', ...SERVERS, '--databases', 'all,^app_b', '--on-existing', 'fail');
  expect(written).toEqual({
    code: 0,
    signal: null,
    stdout: 'Wrote n.yaml\n',
    stderr: 'See what it would do:  mysql-sync plan n.yaml\nThen do it:            mysql-sync apply n.yaml\n',
  });
  const [, ...lines] = readFileSync(join(home.folder, 'n.yaml'), 'utf8').split('\n');
  await expect(lines.join('\n')).toMatchFileSnapshot('golden/flags.yaml');
  expect((await home.run(['validate', 'n.yaml'])).code).toBe(0);
  const again = await init('n.yaml', ...SERVERS, '--databases', 'app_b');
  expect([again.code, again.stdout]).toEqual([6, '']);
  expect(again.stderr).toContain('n.yaml exists, and nobody has confirmed replacing it');
  expect(again.stderr).toContain('--force');
  expect(readFileSync(join(home.folder, 'n.yaml'), 'utf8')).not.toContain('app_b');
  expect((await init('n.yaml', ...SERVERS, '--databases', 'app_b', '--force')).code).toBe(0);
  expect(readFileSync(join(home.folder, 'n.yaml'), 'utf8')).toContain('  - name: app_b\n');
});

test('neither do they on a terminal', async () => {
  const person = converse(['init', 't.yaml', ...SERVERS, '--databases', 'app_*'], { home: home.folder });
  const { code, screen } = await person.ends();
  expect([code, screen.split('\n')[0]]).toEqual([0, 'Wrote t.yaml']);
});

test('--stdout prints the plan, which can be piped on', async () => {
  const printed = await init(...SERVERS, '--databases', '=2024', '--stdout');
  expect([printed.code, printed.stderr]).toEqual([0, '']);
  expect(printed.stdout).toMatch(
    /^# yaml-language-server: .*\ndatabases:\n {2}- name: '2024'\n.*digest or counts\n$/s,
  );
  expect(await home.run(['validate', '-'], { stdin: printed.stdout })).toMatchObject({ code: 0 });
  expect(existsSync(join(home.folder, 'mysql-sync.yaml'))).toBe(false);
  const json = await init(...SERVERS, '--databases', '=2024', '--stdout', '--json');
  expect(JSON.parse(json.stdout)).toMatchObject({ kind: 'init', path: null, plan: printed.stdout });
});

test.each([
  ['a number', ['--databases', '1'], 5, 'no numbered list is shown here; write =1 for that name'],
  ['a glob for nothing', ['--databases', 'x*'], 5, '"x*" matches nothing'],
  ['a scratch database', ['--databases', 'mysql_sync_new_7q2f4k_0f1e2d3c4b5a'], 5, 'is not in the list'],
  ['an empty selection', ['--databases', ''], 5, 'nothing selected'],
  [
    'an unknown connection',
    ['--databases', 'all', '--source', 'prd'],
    4,
    'there is no connection named "prd"',
  ],
  [
    'a target that is read-only',
    ['--databases', 'all', '--target', 'prod'],
    9,
    '--replace --access read-write',
  ],
  [
    'a folder that is not there',
    ['--databases', 'all', 'no/where.yaml'],
    5,
    'cannot write the plan no/where.yaml (ENOENT)',
  ],
  ['a folder in place of the file', ['--databases', 'all', '.', '--force'], 5, 'cannot write the plan .'],
  ['an action that there is not', ['--databases', 'all', '--on-existing', 'drop'], 64, '--on-existing'],
])('%s is refused', async (_, argv, code, message) => {
  const servers = ['--source', '--target'].flatMap((flag, index) =>
    argv.includes(flag) ? [] : SERVERS.slice(2 * index, 2 * index + 2),
  );
  const refused = await init(...servers, ...argv);
  expect(refused.stderr).toContain(message);
  expect([refused.code, refused.stdout]).toEqual([code, '']);
});

const { name: PACKAGE } = JSON.parse(readFileSync(join(REPOSITORY, 'package.json'), 'utf8')) as {
  readonly name: string;
};

test.each([
  [
    'a glob stays a glob, with what is taken from it',
    'app_*,^app_b',
    "  - match: 'app_*'\n    exclude: [app_b]\n",
  ],
  ['all is what there is', 'all,^app_*', "  - name: '2024'\n"],
])('%s', async (_, selection, entries) => {
  const { code, stdout } = await init(...SERVERS, '--databases', selection, '--stdout');
  expect([code, stdout]).toEqual([0, expect.stringContaining(`\ndatabases:\n${entries}\n`)]);
});

test('plans.schema: package names the file that the project has installed, or none', async () => {
  const project = join(home.folder, 'project');
  const schemas = join(project, 'node_modules', PACKAGE, 'schemas');
  mkdirSync(join(project, 'plans'), { recursive: true });
  const write = async (): Promise<string | undefined> => {
    const { code } = await home.run(['init', 'plans/n.yaml', ...SERVERS, '--databases', 'all', '--force'], {
      cwd: project,
      env: { MYSQL_SYNC_PLANS_SCHEMA: 'package' },
    });
    expect(code).toBe(0);
    return readFileSync(join(project, 'plans/n.yaml'), 'utf8').split('\n')[0];
  };
  expect(await write()).toBe('# Copies databases from prod to staging.');
  mkdirSync(schemas, { recursive: true });
  writeFileSync(join(schemas, 'sync-plan.schema.json'), '{}');
  expect(await write()).toBe(
    `# yaml-language-server: $schema=../node_modules/${PACKAGE}/schemas/sync-plan.schema.json`,
  );
});
