import { spawnSync } from 'node:child_process';
import { chmodSync, chownSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Home, makeHome } from '../support/home.js';

/** Plan files that come with the changes of others, and files that somebody names as one. */

const CANARY = 'wJalrXUtnFEMI';
const CI = { CI: 'true', AWS_SECRET_ACCESS_KEY: CANARY };

const planWith = (source: string, database = 'shop'): string =>
  `version: 1\nsource: ${source}\ntarget: {name: t, host: 127.0.0.1, port: 1, user: u, access: read-write}\ndatabases: [{name: "${database}"}]\n`;

let home: Home;
const write = (text: string | Uint8Array, name = 'plan.yaml'): string => {
  const path = join(home.folder, name);
  writeFileSync(path, text);
  return path;
};
beforeEach(() => {
  home = makeHome();
});
afterEach(() => home.close());

describe('variables of the environment', () => {
  test.each([
    ['host', '{name: s, host: "${AWS_SECRET_ACCESS_KEY}.evil.example", user: u}', 'shop'],
    ['user', '{name: s, host: 127.0.0.1, port: 1, user: "${AWS_SECRET_ACCESS_KEY}"}', 'shop'],
    ['name', '{name: "${AWS_SECRET_ACCESS_KEY}", host: 127.0.0.1, user: u}', 'shop'],
    ['socket', '{name: s, socket: "/tmp/${AWS_SECRET_ACCESS_KEY}", user: u}', 'shop'],
    ['tls.ca', '{name: s, host: 127.0.0.1, user: u, tls: {ca: "/tmp/${AWS_SECRET_ACCESS_KEY}"}}', 'shop'],
    ['a database', '{name: s, host: 127.0.0.1, user: u}', '${AWS_SECRET_ACCESS_KEY}'],
  ])(
    'a plan in a pipeline puts a secret into %s: refused by name, with the setting that permits it',
    async (_, source, database) => {
      const plan = write(planWith(source, database));
      const { code, stdout, stderr } = await home.run(['plan', plan], { env: CI });
      expect(stderr).toMatch(
        /plan\.yaml:\d+:\d+: error\[PLAN_ENV_REFUSED\] .*AWS_SECRET_ACCESS_KEY.*\(CI is set\)/,
      );
      expect(stderr).toMatch(/MYSQL_SYNC_PLANS_VARIABLES='.*,AWS_SECRET_ACCESS_KEY'/);
      expect(`${stdout}${stderr}`).not.toContain(CANARY);
      expect(code).toBe(5);
    },
  );

  test('a variable that the pipeline permits, and the documented names: used', async () => {
    const permitted = write(planWith('{name: s, host: "${REGION}.invalid", user: u}'));
    const env = { ...CI, REGION: 'eu', MYSQL_SYNC_PLANS_VARIABLES: 'REGION' };
    expect((await home.run(['validate', permitted], { env })).code).toBe(0);
    const documented = write(planWith('{name: s, host: "${PROD_HOST}", user: "${PROD_USER:-u}"}'));
    expect((await home.run(['validate', documented], { env: { ...CI, PROD_HOST: 'h' } })).code).toBe(0);
  });

  test('a plan of another user, without CI: restricted in the same way', async () => {
    const plan = write(planWith('{name: s, host: "${AWS_SECRET_ACCESS_KEY}", user: u}'));
    // Everybody may write it: what a plan of another user is to somebody who cannot give files away.
    chmodSync(plan, 0o666);
    const { code, stderr } = await home.run(['validate', plan], { env: { AWS_SECRET_ACCESS_KEY: CANARY } });
    expect(stderr).toContain('error[PLAN_ENV_REFUSED]');
    expect(stderr).toContain('everybody may write its file');
    expect(code).toBe(5);
    if (process.getuid?.() !== 0) return;
    chmodSync(plan, 0o644);
    chownSync(plan, 12_345, 12_345);
    const other = await home.run(['validate', plan], { env: { AWS_SECRET_ACCESS_KEY: CANARY } });
    expect(other.stderr).toContain('belongs to another user (uid 12345');
  });

  test.each([
    ['a host that no name server knows', '{name: s, host: "${SECRET_X}.invalid", user: u}'],
    ['a user at a closed port', '{name: s, host: 127.0.0.1, port: 1, user: "${SECRET_X}"}'],
    ['a name', '{name: "${SECRET_X}", host: 127.0.0.1, port: 1, user: u}'],
    ['a socket', '{name: s, socket: "/nowhere/${SECRET_X}", user: u}'],
    ['a port', '{name: s, host: 127.0.0.1, port: "${SECRET_X}", user: u}'],
    ['a saved connection', '"${SECRET_X}"'],
  ])('the error about %s from a variable: the value is not in it', async (_, source) => {
    const plan = write(planWith(source));
    for (const argv of [
      ['plan', plan],
      ['plan', plan, '--json'],
    ]) {
      const { code, stdout, stderr } = await home.run(argv, { env: { SECRET_X: CANARY } });
      expect(`${stdout}${stderr}`).not.toContain(CANARY);
      expect(`${stdout}${stderr}`).toContain('${SECRET_X}');
      expect([4, 5]).toContain(code);
    }
  });
});

describe('files that are no plan', () => {
  const LINE = `root:$6$${CANARY}:19000:0:99999:7:::`;

  test.each([
    ['a file of passwords', `${LINE}\ndaemon:*:19000::::::\n`],
    ['settings of another program', `[client]\npassword=${CANARY}\n`],
    ['YAML of another program', `apiVersion: v1\nusers:\n  - name: ${CANARY}\n`],
    ['YAML of another program, broken', `users:\n  - ${CANARY}\n bad: [\n`],
    ['a list', `- ${CANARY}\n- b\n`],
    ['a key for servers', `-----BEGIN KEY-----\n${CANARY}\n-----END KEY-----\n`],
  ])('%s is named as a plan, a config, a saved plan: nothing of it is printed', async (_, text) => {
    const path = write(text, 'other');
    for (const argv of [
      ['validate', path],
      ['plan', path],
      ['apply', path],
      ['show', path],
      ['plan', path, '--json'],
      ['config', 'list', '--config', path],
      ['config', 'set', 'batch.max_concurrent', '2', '--config', path],
      ['connections', 'add', 'x', '--from-defaults-file', path, '--group', 'nothing', '--no-test'],
    ]) {
      if (argv[0] === 'connections' && text.startsWith('[client]')) continue;
      const { stdout, stderr } = await home.run(argv);
      expect(`${argv.join(' ')}\n${stdout}${stderr}`).not.toContain(CANARY);
    }
  });

  test('a link out of its folder, in a pipeline: refused before it is read', async () => {
    mkdirSync(join(home.folder, 'repository'));
    write(planWith('{name: s, host: h, user: u}'), 'elsewhere.yaml');
    const link = join(home.folder, 'repository', 'plan.yaml');
    symlinkSync('../elsewhere.yaml', link);
    const refused = await home.run(['validate', link], { env: CI });
    expect(refused.stderr).toMatch(/error\[PLAN_NOT_FOUND\] .* is a link out of its folder/);
    expect(refused.code).toBe(5);
    expect((await home.run(['validate', link])).code).toBe(0);
    symlinkSync('plan.yaml', join(home.folder, 'repository', 'current.yaml'));
    write(planWith('{name: s, host: h, user: u}'), 'repository/own.yaml');
    symlinkSync('own.yaml', join(home.folder, 'repository', 'beside.yaml'));
    const beside = join(home.folder, 'repository', 'beside.yaml');
    expect((await home.run(['validate', beside], { env: CI })).code).toBe(0);
  });

  test('a device, a pipe without a writer, a folder, more than a plan can be: refused before it is read', async () => {
    const pipe = join(home.folder, 'pipe');
    expect(spawnSync('mkfifo', [pipe]).status).toBe(0);
    const large = write(Buffer.alloc(2 ** 20 + 1, 'x'), 'large');
    for (const path of ['/dev/zero', '/dev/null', pipe, home.folder, large])
      for (const argv of [
        ['validate', path],
        ['apply', path],
        ['show', path],
        ['config', 'list', '--config', path],
      ]) {
        const { code, stderr } = await home.run(argv);
        expect([argv, stderr]).toEqual([
          argv,
          expect.stringMatching(/^error\[(PLAN_NOT_FOUND|CONFIG_INVALID)\] /),
        ]);
        expect(code).toBe(5);
      }
  });
});
