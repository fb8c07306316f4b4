import { BugError } from '../../core/errors.js';
import { readSshHost } from '../../core/server/ssh-host.js';

/** What is behind an SSH host. */
export interface Destination {
  readonly ssh: string;
  readonly host: string;
  readonly port: number;
}

/** Relative, because ssh gives colons and percent signs of a path a meaning. */
export const SOCKET = 's';

/**
 * Arguments for the person's own ssh: their config, keys, agent and known hosts, and what a tunnel needs beyond. It has
 * no shared connection, which would live on when this ssh ends. Whether a host key is accepted stays their setting.
 */
export const sshArguments = (
  { ssh, host, port }: Destination,
  { canPrompt, timeoutSeconds }: { readonly canPrompt: boolean; readonly timeoutSeconds: number },
): readonly string[] => {
  const reading = readSshHost(ssh);
  if ('problem' in reading) throw new BugError('an SSH host was not checked');
  return [
    '-N',
    '-T',
    '-a',
    '-x',
    ...['ExitOnForwardFailure=yes', 'ControlMaster=no', 'ControlPath=none'].flatMap(asOption),
    ...asOption(`ConnectTimeout=${timeoutSeconds}`),
    ...(canPrompt ? [] : asOption('BatchMode=yes')),
    '-L',
    `./${SOCKET}:${host.includes(':') ? `[${host}]` : host}:${port}`,
    ...(reading.user === undefined ? [] : ['-l', reading.user]),
    ...(reading.port === undefined ? [] : ['-p', reading.port]),
    '--',
    reading.host,
  ];
};

const asOption = (option: string): readonly string[] => ['-o', option];
