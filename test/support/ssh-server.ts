import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

/** An SSH server on a loopback port with keys of its own, and an `ssh` that knows nothing of this machine's settings. */
export interface SshServer {
  /** `user@127.0.0.1:port` */
  readonly host: string;
  /** PATH with that ssh before all others. */
  readonly path: string;
  /** Forgets the host key, or has another one in its place. */
  setKnownHost(known: 'right' | 'wrong' | 'none'): void;
  /** With all the connections that it serves. */
  kill(): void;
  start(): Promise<void>;
  stop(): void;
}

const SSHD = '/usr/sbin/sshd';

export const startSshServer = async (): Promise<SshServer> => {
  const folder = mkdtempSync(join(tmpdir(), 'mysql-sync-sshd-'));
  const port = await freePort();
  for (const key of ['host', 'other', 'client'])
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', join(folder, key)]);
  // It insists on this folder when it runs as root.
  if (process.getuid?.() === 0) mkdirSync('/run/sshd', { recursive: true });
  writeFileSync(
    join(folder, 'sshd_config'),
    [
      `ListenAddress 127.0.0.1:${port}`,
      `HostKey ${folder}/host`,
      `AuthorizedKeysFile ${folder}/client.pub`,
      'StrictModes no',
      'UsePAM no',
      'PidFile none',
      'PermitRootLogin yes',
      'PasswordAuthentication no',
      '',
    ].join('\n'),
  );
  writeFileSync(
    join(folder, 'ssh_config'),
    `IdentityFile ${folder}/client\nIdentitiesOnly yes\nUserKnownHostsFile ${folder}/known_hosts\nGlobalKnownHostsFile /dev/null\n`,
  );
  mkdirSync(join(folder, 'bin'));
  writeFileSync(join(folder, 'bin', 'ssh'), `#!/bin/sh\nexec /usr/bin/ssh -F '${folder}/ssh_config' "$@"\n`);
  chmodSync(join(folder, 'bin', 'ssh'), 0o755);
  let child: ChildProcess | undefined;
  const kill = (): void => {
    if (child?.pid !== undefined) for (const pid of [child.pid, ...listDescendants(child.pid)]) killOne(pid);
    child = undefined;
  };
  const server: SshServer = {
    host: `${userInfo().username}@127.0.0.1:${port}`,
    path: `${join(folder, 'bin')}:${process.env['PATH'] ?? ''}`,
    setKnownHost: (known) => {
      const key = readFileSync(join(folder, known === 'wrong' ? 'other.pub' : 'host.pub'), 'utf8');
      writeFileSync(join(folder, 'known_hosts'), known === 'none' ? '' : `[127.0.0.1]:${port} ${key}`);
    },
    kill,
    start: async () => {
      child = spawn(SSHD, ['-D', '-f', join(folder, 'sshd_config')], { stdio: 'ignore' });
      await untilListening(port);
    },
    stop: () => {
      kill();
      rmSync(folder, { recursive: true, force: true });
    },
  };
  server.setKnownHost('right');
  await server.start();
  return server;
};

const killOne = (pid: number): void => {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended.
  }
};

/** Processes that it started, and those that they started. */
const listDescendants = (pid: number): readonly number[] => {
  const children = execFileSync('ps', ['-eo', 'pid=,ppid='], { encoding: 'utf8' })
    .split('\n')
    .map((line) => line.trim().split(/\s+/).map(Number))
    .filter(([, parent]) => parent === pid)
    .map(([child = 0]) => child);
  return children.flatMap((child) => [child, ...listDescendants(child)]);
};

const freePort = async (): Promise<number> =>
  new Promise((resolve) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });

const untilListening = async (port: number): Promise<void> => {
  const deadline = Date.now() + 20_000;
  while (!(await canConnect(port))) {
    if (Date.now() > deadline) throw new Error('sshd does not listen');
    await delay(20);
  }
};

const canConnect = async (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    socket.once('data', () => socket.destroy());
    socket.once('connect', () => socket.end());
  });
