import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';

/** A cluster of this machine alone: one controller, and two nodes with three processors each, which it need not have. */
export interface Slurm {
  /** Runs a client program, such as `sbatch`, and returns what it printed. */
  run(program: string, argv: readonly string[], options?: { readonly cwd?: string }): string;
  stop(): Promise<void>;
}

const NODES = ['node1', 'node2'];
const PROGRAMS = ['munged', 'slurmctld', 'slurmd', 'sbatch', 'scontrol', 'squeue'];
const PATH = `${process.env['PATH'] ?? ''}:/usr/local/sbin:/usr/sbin`;

/** The programs that are not there; Debian has them in slurmctld, slurmd, slurm-client and munge. */
export const missingPrograms = (): readonly string[] =>
  PROGRAMS.filter((program) => {
    try {
      execFileSync('sh', ['-c', `command -v ${program}`], { env: { PATH } });
      return false;
    } catch {
      return true;
    }
  });

const findFreePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });

const configure = async (folder: string): Promise<string> => {
  const [controller, ...ports] = [await findFreePort(), await findFreePort(), await findFreePort()];
  return `ClusterName=test
SlurmctldHost=${hostname()}(127.0.0.1)
SlurmctldPort=${String(controller)}
SlurmUser=root
AuthType=auth/munge
AuthInfo=socket=${folder}/munge.socket
StateSaveLocation=${folder}/state
SlurmdSpoolDir=${folder}/spool-%n
SlurmctldPidFile=${folder}/slurmctld.pid
SlurmdPidFile=${folder}/slurmd-%n.pid
ProctrackType=proctrack/pgid
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
SlurmdParameters=config_overrides
MpiDefault=none
ReturnToService=2
MinJobAge=3600
SchedulerParameters=batch_sched_delay=0,sched_interval=2
${NODES.map((name, index) => `NodeName=${name} NodeHostname=${hostname()} NodeAddr=127.0.0.1 Port=${String(ports[index])} CPUs=3 RealMemory=8000`).join('\n')}
PartitionName=all Nodes=${NODES.join(',')} Default=YES MaxTime=INFINITE State=UP
`;
};

/** Starts the cluster, and resolves when both nodes are idle. Needs root, as Slurm does. */
export const startSlurm = async (): Promise<Slurm> => {
  const folder = mkdtempSync(join(tmpdir(), 'mysql-sync-slurm-'));
  for (const name of ['state', ...NODES.map((node) => `spool-${node}`)]) mkdirSync(join(folder, name));
  const key = join(folder, 'munge.key');
  writeFileSync(key, randomBytes(1024), { mode: 0o400 });
  const config = join(folder, 'slurm.conf');
  writeFileSync(config, await configure(folder));
  const started: ChildProcess[] = [];
  const env = { ...process.env, PATH, SLURM_CONF: config };
  const start = (program: string, argv: readonly string[], log: string): void => {
    const output = openSync(join(folder, log), 'a');
    started.push(spawn(program, argv, { stdio: ['ignore', output, output], env }));
  };
  const socket = ['--socket', join(folder, 'munge.socket'), '--pid-file', join(folder, 'munge.pid')];
  const seed = ['--seed-file', join(folder, 'munge.seed'), '--log-file', join(folder, 'munge.log')];
  start('munged', ['--foreground', '--force', '--key-file', key, ...socket, ...seed], 'munged.out');
  start('slurmctld', ['-D', '-f', config], 'slurmctld.out');
  for (const node of NODES) start('slurmd', ['-D', '-N', node, '-f', config], `${node}.out`);
  const run: Slurm['run'] = (program, argv, options = {}) =>
    execFileSync(program, argv, { encoding: 'utf8', env, ...options });
  const stop = async (): Promise<void> => {
    for (const child of started.toReversed()) {
      const ended = new Promise((resolve) => child.once('exit', resolve));
      if (child.exitCode !== null || child.signalCode !== null) continue;
      child.kill('SIGTERM');
      await ended;
    }
    rmSync(folder, { recursive: true, force: true });
  };
  const isIdle = (): boolean => {
    try {
      return run('sinfo', ['-h', '-N', '-o', '%T'])
        .trim()
        .split('\n')
        .every((state) => state === 'idle');
    } catch {
      return false;
    }
  };
  for (const deadline = Date.now() + 60_000; !isIdle();) {
    if (Date.now() > deadline) {
      const told = ['slurmctld.out', 'node1.out', 'munged.out'].map((log) =>
        readFileSync(join(folder, log), 'utf8'),
      );
      await stop();
      throw new Error(`Slurm did not start:\n${told.join('\n')}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  return { run, stop };
};
