import type { Tunnels } from '../../adapters/ssh/tunnels.js';
import type { Endpoint } from '../../core/server/connection.js';
import type { Surroundings } from './surroundings.js';

/** The SSH tunnels of one command. */
export interface TunnelService {
  attach(endpoint: Endpoint): Promise<Endpoint>;
  close(): void;
}

/** ssh is looked at only when a connection needs it. */
export const createTunnelService = ({ environment, notice }: Surroundings): TunnelService => {
  let tunnels: Tunnels | undefined;
  return {
    attach: async (endpoint) => {
      if (endpoint.address.kind === 'socket' || endpoint.address.ssh === undefined) return endpoint;
      const { createTunnels } = await import('../../adapters/ssh/tunnels.js');
      const { variables, canPrompt } = environment;
      tunnels ??= createTunnels({ variables, canPrompt, onBroken: (line) => notice(`warning: ${line}`) });
      return tunnels.attach(endpoint);
    },
    close: () => tunnels?.close(),
  };
};
