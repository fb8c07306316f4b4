import { spawn } from 'node:child_process';
import type { Writable } from 'node:stream';

/** Kills client processes when this process is gone, however it went. */
export interface OrphanGuard {
  watch(pid: number): void;
  /** Every watched process has ended. */
  release(): void;
}

/** Reads process ids until the pipe ends: `done` means that all is well, the end without it that the tool was killed. */
const SCRIPT = `groups=
while read -r line; do
  [ "$line" = done ] && exit 0
  groups="$groups -$line"
done
[ -z "$groups" ] || kill -9 $groups`;

/**
 * A killed tool cannot kill its children, and a client that waits for a silent server notices nothing for hours. A
 * shell of a few lines waits for the end of a pipe, which the system closes whatever happens to the tool.
 */
export const startOrphanGuard = (): OrphanGuard => {
  const shell = spawn('/bin/sh', ['-c', SCRIPT], {
    stdio: ['pipe', 'ignore', 'ignore'],
    env: {},
    detached: true,
  });
  // Without it the clients still end by themselves, at their next read or write.
  shell.on('error', () => undefined);
  // Where no file can be opened any more, there is no pipe either.
  const stdin = shell.stdin as Writable | undefined;
  stdin?.on('error', () => undefined);
  return {
    watch: (pid) => void stdin?.write(`${pid}\n`),
    release: () => void stdin?.end('done\n'),
  };
};
