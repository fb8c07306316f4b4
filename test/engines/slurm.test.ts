import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Rig, startRig } from '../support/rig.js';
import { ROOT as ACCOUNT } from '../support/servers.js';
import { type Slurm, missingPrograms, startSlurm } from '../support/slurm.js';

/** The recipe of the guide, as it is, on a Slurm of this machine. `npm run engines -- slurm` */

const ROOT = resolve(import.meta.dirname, '../..');
const NAMES = Array.from({ length: 40 }, (_, index) => `tenant${String(index + 1).padStart(2, '0')}`);

let rig: Rig;
let slurm: Slurm;
beforeAll(async () => {
  const missing = missingPrograms();
  if (missing.length > 0)
    throw new Error(
      `SLURM IS NOT HERE: ${missing.join(', ')} not found. On Debian:  apt-get install slurmctld slurmd slurm-client munge`,
    );
  [rig, slurm] = await Promise.all([startRig(), startSlurm()]);
  for (const [index, name] of NAMES.entries()) {
    await rig.source.query(`CREATE DATABASE ${name}`);
    rig.source.load(
      `CREATE TABLE t (id INT PRIMARY KEY, v VARCHAR(255)); INSERT INTO t SELECT seq, REPEAT(MD5(seq), 7) FROM seq_1_to_${String(2000 * (index + 1))}`,
      name,
    );
  }
});
afterAll(async () => {
  await slurm.stop();
  await rig.stop();
});

const countApplied = async (): Promise<number> =>
  rig.target.query('SELECT COUNT(*) AS n FROM mysqlsync.applied').then(
    ([row]) => Number(row?.['n']),
    () => 0,
  );

const workers = (): readonly number[] =>
  execFileSync('ps', ['-eo', 'pid=,args='], { encoding: 'utf8' })
    .split('\n')
    .filter((line) => /node \S*mysql-sync apply refresh-staging\.plan\.json --claim/.test(line))
    .map((line) => Number(line.trim().split(' ')[0]));

test('8 workers copy 40 databases, with one killed and one node drained in the middle', async () => {
  const bin = join(rig.home, 'bin');
  mkdirSync(bin);
  symlinkSync(join(ROOT, 'bin', 'run.js'), join(bin, 'mysql-sync'));
  cpSync(join(ROOT, 'docs/guides/many-machines/slurm.sh'), join(rig.home, 'slurm.sh'));
  const plan = rig.writePlan(`databases: [${NAMES.map((name) => `{name: ${name}}`).join(', ')}]`);
  renameSync(plan, join(rig.home, 'refresh-staging.yaml'));
  writeFileSync(
    join(rig.home, 'secrets.env'),
    `export MYSQL_SYNC_HOME=${rig.home} PATH=${bin}:$PATH DB_PASSWORD='${ACCOUNT.password.replaceAll("'", `'\\''`)}'\n`,
    { mode: 0o600 },
  );
  const saved = await rig.run(['plan', 'refresh-staging.yaml', '--out', 'refresh-staging.plan.json']);
  expect([saved.code, saved.stderr]).toEqual([0, expect.not.stringContaining('error')]);
  const [id = ''] = slurm.run('sbatch', ['--parsable', 'slurm.sh'], { cwd: rig.home }).trim().split(';');

  await expect.poll(countApplied, { timeout: 60_000, interval: 50 }).toBeGreaterThanOrEqual(3);
  const [victim] = workers();
  if (victim === undefined) throw new Error('no worker is at work');
  process.kill(victim, 'SIGKILL');
  slurm.run('scontrol', ['update', 'NodeName=node2', 'State=DRAIN', 'Reason=test']);
  const appliedThen = await countApplied();
  expect(appliedThen).toBeLessThan(NAMES.length);

  const listOpen = (): string => slurm.run('squeue', ['-h', '-j', id, '-o', '%i %T %N']).trim();
  await expect.poll(listOpen, { timeout: 300_000, interval: 500 }).toBe('');
  const jobs = slurm.run('scontrol', ['-o', 'show', 'job', id]).trim().split('\n');
  for (const job of jobs) {
    const [, task] = /ArrayTaskId=(\S+)/.exec(job) ?? [];
    const [, state] = /JobState=(\S+)/.exec(job) ?? [];
    const [, exit] = /ExitCode=(\S+)/.exec(job) ?? [];
    const [, node] = / NodeList=(\S+)/.exec(job) ?? [];
    process.stdout.write(
      `worker ${String(task)} on ${String(node)}: ${String(state)}, exit code ${String(exit)}\n`,
    );
  }
  const merged = await rig.run(['history', 'merge', ...listTold(), '--plan', 'refresh-staging.plan.json']);
  process.stdout.write(merged.stdout);
  expect(merged.code).toBe(0);
  expect(jobs.filter((job) => job.includes('ExitCode=137:0'))).toHaveLength(1);
  const rows = await rig.target.query(
    'SELECT COUNT(*) AS n, COUNT(DISTINCT live) AS different, COUNT(DISTINCT run) AS runs FROM mysqlsync.applied',
  );
  expect(rows[0]).toMatchObject({ n: NAMES.length, different: NAMES.length });
  expect(Number(rows[0]?.['runs'])).toBeGreaterThan(3);
  for (const name of NAMES)
    expect(await rig.contentOf('target', name), name).toEqual(await rig.contentOf('source', name));
}, 600_000);

const listTold = (): readonly string[] =>
  execFileSync('sh', ['-c', 'ls worker-*.ndjson'], { cwd: rig.home, encoding: 'utf8' }).trim().split('\n');
