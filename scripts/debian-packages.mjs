import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { ENVIRONMENT, findProgram, runCommand, say } from './commands.mjs';

/** Packages ask this program whether they may start their service; without it they do. */
const POLICY = '/usr/sbin/policy-rc.d';

// It says no only while this process lives, so that one left by a killed setup changes nothing.
const POLICY_TEXT = `#!/bin/sh
# Made by the setup of mysql-sync, which installs programs and wants no service started.
if kill -0 ${process.pid} 2>/dev/null; then exit 101; fi
exit 0
`;

/** What the packages would run. */
const SERVICES = [
  { program: 'mariadbd', name: 'mariadb', pidFile: '/run/mysqld/mysqld.pid' },
  { program: 'sshd', name: 'ssh', pidFile: '/run/sshd.pid' },
];

const environment = { ...ENVIRONMENT, DEBIAN_FRONTEND: 'noninteractive' };

/** Installs Debian packages, a MariaDB server among them or not. No service is started, neither now nor at the next boot. */
export const installPackages = (packages, reason) => {
  say(`apt-get update: ${reason}, and the package lists may be old`);
  runCommand('apt-get', ['update', '-qq'], environment);
  say(`apt-get install ${packages.join(' ')}: ${reason} (programs only, no service is started)`);
  // The service of a server that was there before is the machine's own.
  const before = SERVICES.filter(({ program }) => findProgram(program));
  withoutServices(() => {
    const quietly = ['-qq', '-o', 'Dpkg::Use-Pty=0', '--no-install-recommends'];
    runCommand('apt-get', ['install', '-y', ...quietly, ...packages], environment);
  });
  for (const service of SERVICES)
    if (!before.includes(service) && findProgram(service.program)) keepServiceStopped(service);
};

/** A policy of the machine's own stays as it is. */
const withoutServices = (install) => {
  if (existsSync(POLICY)) {
    install();
    return;
  }
  // Ctrl-C ends apt-get, which ends the installation; this process must live on to remove its file.
  const outlive = () => undefined;
  process.on('SIGINT', outlive);
  writeFileSync(POLICY, POLICY_TEXT, { mode: 0o755 });
  try {
    install();
  } finally {
    rmSync(POLICY, { force: true });
    process.off('SIGINT', outlive);
  }
};

const keepServiceStopped = ({ name, pidFile }) => {
  if (existsSync(pidFile)) {
    say(`service ${name} stop: the installation started it, and nothing here needs it`);
    runCommand('service', [name, 'stop'], environment);
  }
  if (findProgram('systemctl')) {
    say(`systemctl disable ${name}: the installation lets it start at boot, and nothing here needs it`);
    runCommand('systemctl', ['disable', name], environment);
  }
};
