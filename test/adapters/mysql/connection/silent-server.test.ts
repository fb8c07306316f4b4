import { afterAll, beforeAll, expect, test } from 'vitest';
import { openConnection } from '../../../../src/adapters/mysql/connection/connect.js';
import { unlessSilent } from '../../../../src/adapters/mysql/connection/silent-server.js';
import { endpointOf } from '../../../support/server-endpoint.js';
import { type TestServer, startServer } from '../../../support/servers.js';

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(async () => server.stop());

const countTimers = (): number =>
  process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;

test('work on a connection that was destroyed is never answered, and does not keep the process', async () => {
  const endpoint = endpointOf(server);
  const connection = await openConnection(endpoint);
  const timers = countTimers();
  void unlessSilent(connection, endpoint, () => new Promise<never>(() => undefined));
  expect(countTimers()).toBe(timers);
  connection.destroy();
});
