import type { Servers } from '../../engine/ports.js';
import { openServer } from './server.js';
import { makeTargetOperations } from './target-server.js';

/** Servers over mysql2. */
export const createServers = (): Servers => ({
  openSource: openServer,
  openTarget: async (endpoint) => {
    const server = await openServer(endpoint);
    return { ...server, ...makeTargetOperations(endpoint, server.facts) };
  },
});
