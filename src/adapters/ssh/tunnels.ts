import { setTimeout as delay } from 'node:timers/promises';
import type { Endpoint } from '../../core/server/connection.js';
import { SyncError } from '../../core/errors.js';
import { makePrintable } from '../../core/printable.js';
import { quoteShellWord } from '../../core/shell-word.js';
import type { Tunnel } from '../../core/server/tunnel.js';
import { type Destination, sshArguments } from './ssh-arguments.js';
import { type SshProcess, startSsh, whenListening } from './ssh-process.js';

/** The tunnels of one command: one for each destination, opened when it is first needed. */
export interface Tunnels {
  /** The endpoint with its tunnel, when it is behind an SSH host. */
  attach(endpoint: Endpoint): Endpoint;
  close(): void;
}

export interface TunnelOptions {
  /** What ssh gets of the environment: it needs the person's agent, home and PATH. */
  readonly variables: NodeJS.ProcessEnv;
  /** May ssh ask at the terminal, for a passphrase or an unknown host key? */
  readonly canPrompt: boolean;
  /** Told when a tunnel that was open ended. */
  readonly onBroken: (line: string) => void;
}

export const createTunnels = (options: TunnelOptions): Tunnels => {
  const tunnels = new Map<string, OwnTunnel>();
  /** Connections are kept for the very endpoint that they were opened for. */
  const attached = new WeakMap<Endpoint, Endpoint>();
  const inTurn = options.canPrompt ? createTurns() : atOnce;
  return {
    attach: (endpoint) => {
      const { address, tunnel, name, timeoutMilliseconds } = endpoint;
      if (address.kind === 'socket' || address.ssh === undefined || tunnel) return endpoint;
      const known = attached.get(endpoint);
      if (known) return known;
      const { ssh, host, port } = address;
      const key = JSON.stringify([ssh, host, port]);
      const own =
        tunnels.get(key) ??
        createTunnel({ ssh, host, port }, { ...options, inTurn, name, timeoutMilliseconds });
      tunnels.set(key, own);
      const through = { ...endpoint, tunnel: own };
      attached.set(endpoint, through);
      return through;
    },
    close: () => {
      for (const tunnel of tunnels.values()) tunnel.close();
    },
  };
};

/** Opens a tunnel through an SSH host when it is its turn. */
type InTurn = (ssh: string, open: () => Promise<SshProcess>) => Promise<SshProcess>;

const atOnce: InTurn = (_, open) => open();

/**
 * One after the other, because each ssh may ask at the one terminal. What a person answered to one is not asked by those that
 * wait for the same host: an accepted key is known then, and a refusal is theirs too.
 */
const createTurns = (): InTurn => {
  let last: Promise<unknown> = Promise.resolve();
  let waiting = 0;
  const refusals = new Map<string, unknown>();
  return (ssh, open) => {
    waiting += 1;
    const turn = last.then(async () => {
      try {
        if (refusals.has(ssh)) throw refusals.get(ssh);
        return await open();
      } catch (error) {
        refusals.set(ssh, error);
        throw error;
      } finally {
        waiting -= 1;
        if (waiting === 0) refusals.clear();
      }
    });
    last = turn.catch(() => undefined);
    return turn;
  };
};

interface OwnTunnel extends Tunnel {
  close(): void;
}

type OwnOptions = TunnelOptions &
  Pick<Endpoint, 'name' | 'timeoutMilliseconds'> & { readonly inTurn: InTurn };

/** Words of ssh and the end of a connection come by two ways. */
const WORDS_MILLISECONDS = 100;

/** Opened again when it is needed after it broke: what is left on the servers is cleaned up through it. */
const createTunnel = (destination: Destination, options: OwnOptions): OwnTunnel => {
  let opening: Promise<SshProcess> | undefined;
  let last: SshProcess | undefined;
  let isClosed = false;
  const open = async (): Promise<SshProcess> => {
    const ssh = await options.inTurn(destination.ssh, () => openSsh(destination, options));
    last = ssh;
    void ssh.ended.then(() => {
      opening = undefined;
      if (!isClosed)
        options.onBroken(
          `${options.name}: the SSH tunnel through ${destination.ssh} ended: ${describeWords(ssh)}`,
        );
    });
    if (isClosed) ssh.stop();
    return ssh;
  };
  return {
    open: async () => {
      opening ??= open();
      try {
        return (await opening).socket;
      } catch (error) {
        opening = undefined;
        throw error;
      }
    },
    lastWords: async () => {
      if (last?.words() === '') await delay(WORDS_MILLISECONDS);
      return last?.words() === '' || last === undefined ? '' : describeWords(last);
    },
    close: () => {
      isClosed = true;
      last?.stop();
    },
  };
};

const openSsh = async (
  destination: Destination,
  options: Omit<OwnOptions, 'inTurn'>,
): Promise<SshProcess> => {
  const { canPrompt, timeoutMilliseconds, variables, name } = options;
  const timeoutSeconds = Math.ceil(timeoutMilliseconds / 1000);
  const ssh = await startSsh(sshArguments(destination, { canPrompt, timeoutSeconds }), variables);
  // A person may take their time over a passphrase.
  const limit = canPrompt ? undefined : AbortSignal.timeout(timeoutMilliseconds);
  try {
    if (await whenListening(ssh, limit)) {
      ssh.forget();
      return ssh;
    }
  } catch {
    ssh.stop();
  }
  throw new SyncError('CONN_SSH', {
    message: `${name}: cannot open an SSH tunnel through ${destination.ssh}: ${
      limit?.aborted ? `no answer within ${timeoutSeconds} s. ` : ''
    }${describeWords(ssh)}`,
    hints: [
      `Try it by hand:  ssh ${quoteShellWord(destination.ssh.includes(':') ? `ssh://${destination.ssh}` : destination.ssh)}`,
      "A host key that ssh does not know is accepted there, by you; mysql-sync never does that. Without a terminal, ssh asks for nothing: the key's passphrase must be in the agent.",
    ],
  });
};

const describeWords = (ssh: SshProcess): string => {
  const lines = ssh
    .words()
    .split(/[\r\n]+/)
    .map((line) => line.trim())
    .filter((line) => line !== '');
  return lines.length === 0 ? 'ssh said nothing' : makePrintable(lines.slice(-8).join('; '));
};
