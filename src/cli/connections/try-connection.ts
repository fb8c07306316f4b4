import { type Connection, type SavedConnection, isThisMachine } from '../../core/server/connection.js';
import type { Answer } from '../../core/server/connection-test.js';
import { describeFlavor } from '../../core/flavor.js';
import { type Secret, isNoPassword } from '../../core/secret.js';
import type { Services } from '../services/compose.js';

/** Logs in, reads the server's facts and leaves. Rejects with what the server's adapter says. */
export const tryConnection = async (
  services: Services<'settings' | 'servers'>,
  connection: Connection | SavedConnection,
  password: Secret | undefined,
): Promise<Answer> => {
  const { config } = await services.settings.read();
  const servers = await services.servers();
  const startedAt = performance.now();
  const server = await servers.openSource({
    ...connection,
    role: 'source',
    isSaved: 'createdAt' in connection,
    timeoutMilliseconds: config.connections.default_timeout * 1000,
    isPipelined: config.connections.pipelining,
    ...(password !== undefined && { password }),
  });
  const milliseconds = Math.round(performance.now() - startedAt);
  const { flavor, account, tlsVersion, identity } = server.facts;
  await server.close();
  const isExposed =
    connection.tls.mode === 'preferred' && tlsVersion === undefined && !isThisMachine(connection.address);
  const isPasswordless = isNoPassword(password);
  return {
    isExposed,
    isPasswordless,
    server: describeFlavor(flavor),
    flavor,
    identity,
    account,
    tlsVersion,
    milliseconds,
  };
};
