import { BugError } from '../errors.js';
import type { Endpoint } from './connection.js';

/** The endpoint with the local socket that leads to it, where it is behind an SSH host. Rejects with CONN_SSH. */
export const throughTunnel = async (endpoint: Endpoint): Promise<Endpoint> => {
  const { address, tunnel, name } = endpoint;
  if (address.kind === 'socket' || address.ssh === undefined) return endpoint;
  // Without it the address would mean another server, as seen from this machine.
  if (!tunnel) throw new BugError(`${name} has an SSH host and no tunnel`);
  return { ...endpoint, tunnelSocket: await tunnel.open() };
};
