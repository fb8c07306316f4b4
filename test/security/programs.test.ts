import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openTargetServer } from '../../src/adapters/mysql/server.js';
import { toDatabaseName } from '../../src/core/names.js';
import type { ProgramDefinition } from '../../src/engine/ports.js';
import { availableFlavors } from '../support/flavors.js';
import { endpointOf } from '../support/server-endpoint.js';
import type { TestServer } from '../support/servers.js';

/** Programs never start by surprise. */

const flavors = availableFlavors().filter(({ id }) => id === 'mariadb-10.11' || id === 'mysql-9.7');

describe.each(flavors)('$id', (flavor) => {
  let target: TestServer;
  beforeAll(async () => {
    target = await flavor.start(['--event-scheduler=ON']);
  });
  afterAll(async () => target.stop());

  test.each([
    ['no state, so that it would run at once', ''],
    ['two states', 'DISABLE ENABLE'],
    ['its state in a live comment', '/*!50100 ENABLE */'],
  ])('a source that prints an event with %s: it is never made, not even to be tried', async (_, state) => {
    await target.query('DROP DATABASE IF EXISTS staged; CREATE DATABASE staged');
    const program: ProgramDefinition = {
      kind: 'event',
      name: 'e',
      statement: `CREATE DEFINER=\`root\`@\`localhost\` EVENT \`e\` ON SCHEDULE EVERY 1 SECOND ON COMPLETION PRESERVE ${state} DO CREATE DATABASE owned`,
      sqlMode: '',
      charsetClient: 'utf8mb4',
      collationConnection: 'utf8mb4_general_ci',
      timeZone: 'SYSTEM',
    };
    const staged = toDatabaseName('staged');
    const server = await openTargetServer(endpointOf(target));
    try {
      for (const use of ['rehearsal', 'live'] as const)
        await expect(server.createPrograms(staged, [program], staged, use)).rejects.toThrow(
          'event e: what the server prints of it is no event that mysql-sync can read',
        );
    } finally {
      await server.close();
    }
    expect(
      await target.query("SELECT * FROM information_schema.EVENTS WHERE EVENT_SCHEMA = 'staged'"),
    ).toEqual([]);
  });
});
