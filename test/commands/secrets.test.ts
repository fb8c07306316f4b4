import { readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { CliResult } from '../support/cli.js';
import { type Rig, startRig } from '../support/rig.js';
import { ROOT } from '../support/servers.js';

/** The canary password goes in once, over stdin, and is then looked for everywhere that it must not be. */

let rig: Rig;
const printed: string[] = [];

beforeAll(async () => {
  rig = await startRig();
  await rig.source.query('CREATE DATABASE shop; CREATE TABLE shop.t (id INT PRIMARY KEY, v VARCHAR(80))');
  await rig.source.query("USE shop; INSERT INTO t SELECT seq, REPEAT('x', 80) FROM seq_1_to_150000");
});
afterAll(async () => rig.stop());

const keep = (result: CliResult): CliResult => {
  printed.push(result.stdout, result.stderr);
  return result;
};

/** Arguments and environment, now, of every process that this test started; other tests give passwords to theirs. */
const sampleProcesses = (): string =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && isOurs(name))
    .map((pid) => `${read(`/proc/${pid}/cmdline`)}\n${read(`/proc/${pid}/environ`)}`)
    .join('\n');

const isOurs = (pid: string): boolean => {
  const parent = /\) \S (\d+) /.exec(read(`/proc/${pid}/stat`))?.[1];
  return parent !== undefined && (parent === String(process.pid) || isOurs(parent));
};

const read = (path: string): string => {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
};

test.runIf(process.platform === 'linux')('a password is seen nowhere', async () => {
  for (const [name, server, access] of [
    ['prod', rig.source, 'read-only'],
    ['staging', rig.target, 'read-write'],
  ] as const) {
    const argv = [
      'connections',
      'add',
      name,
      '--host',
      '127.0.0.1',
      '--port',
      String(server.port),
      '--user',
      ROOT.user,
      '--access',
      access,
      '--password-stdin',
      '--verbose',
    ];
    expect(keep(await rig.runWithoutEnv(argv, ROOT.password)).code).toBe(0);
  }
  const plan = rig.writePlan('databases:\n  - name: shop\noptions: {engine: dump}', {
    source: 'prod',
    target: 'staging',
  });
  const saved = join(rig.home, 'shop.plan.json');
  keep(await rig.runWithoutEnv(['plan', plan, '--out', saved, '--verbose', '--json']));
  const running = rig.startWithoutEnv([
    'apply',
    saved,
    '--verbose',
    '--events',
    join(rig.home, 'events.jsonl'),
  ]);
  const samples: string[] = [];
  const state = { isRunning: true };
  const ended = running.ended.finally(() => (state.isRunning = false));
  while (state.isRunning) {
    samples.push(sampleProcesses());
    await new Promise((next) => setImmediate(next));
  }
  expect(keep(await ended).code).toBe(0);
  expect(samples.some((sample) => sample.includes('--database=mysql_sync_new'))).toBe(true);
  keep(await rig.runWithoutEnv(['history', 'show', 'latest', '--verbose']));
  keep(await rig.runWithoutEnv(['connections', 'list', '--json']));
  keep(await rig.runWithoutEnv(['rollback', '--plan', plan, '--confirm-target', 'staging', '--verbose']));

  const files = readdirSync(rig.home, { recursive: true, encoding: 'utf8' })
    .map((name) => join(rig.home, name))
    .filter((path) => statSync(path).isFile());
  expect(files.length).toBeGreaterThan(5);
  for (const path of files) expect([path, readFileSync(path).includes(ROOT.password)]).toEqual([path, false]);
  for (const text of [...printed, ...samples]) expect(text.includes(ROOT.password)).toBe(false);
  for (const name of ['state.db', 'state.key', 'shop.plan.json'])
    expect(statSync(join(rig.home, name)).mode & 0o077).toBe(0);
});
