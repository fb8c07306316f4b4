import { openConnection } from '../../src/adapters/mysql/connection/connect.js';
import { readServerFacts } from '../../src/adapters/mysql/facts/facts.js';
import type { Endpoint } from '../../src/core/server/connection.js';
import type { ServerFacts } from '../../src/core/server/inventory.js';
import { toConnectionName } from '../../src/core/names.js';
import { Secret } from '../../src/core/secret.js';
import { ROOT, type TestServer } from './servers.js';

/** A test server as the product reaches it; as the all-powerful account unless another is given. */
export const endpointOf = (
  server: Pick<TestServer, 'port'>,
  account: { readonly user: string; readonly password: string } = ROOT,
): Endpoint => ({
  name: toConnectionName('here'),
  role: 'target',
  address: { kind: 'tcp', host: '127.0.0.1', port: server.port },
  user: account.user,
  password: new Secret(account.password),
  tls: { mode: 'preferred' },
  access: 'read-write',
  isProtected: false,
  timeoutMilliseconds: 20_000,
  isPipelined: true,
});

export const factsOf = async (endpoint: Endpoint): Promise<ServerFacts> => {
  const connection = await openConnection(endpoint);
  try {
    return await readServerFacts(connection, endpoint);
  } finally {
    await connection.end();
  }
};
