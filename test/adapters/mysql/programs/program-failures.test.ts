import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createPrograms } from '../../../../src/adapters/mysql/programs/create-programs.js';
import { onOwnConnection } from '../../../../src/adapters/mysql/connection/own-connection.js';
import { readProgramDefinitions } from '../../../../src/adapters/mysql/programs/read-programs.js';
import { SyncError } from '../../../../src/core/errors.js';
import { toDatabaseName } from '../../../../src/core/names.js';
import type { ProgramDefinition } from '../../../../src/engine/ports/server.js';
import type { ProgramUse } from '../../../../src/engine/ports/target-server.js';
import { availableFlavors } from '../../../support/flavors.js';
import { endpointOf, factsOf } from '../../../support/server-endpoint.js';
import { ROOT, type TestServer } from '../../../support/servers.js';

const SHOP = toDatabaseName('shop');
const COPY = toDatabaseName('copy');
const CLERK = { user: 'clerk', password: 'c1erk' };

const aProgram = (
  kind: ProgramDefinition['kind'],
  name: string,
  statement: string,
  overrides: Partial<ProgramDefinition> = {},
): ProgramDefinition => ({
  kind,
  name,
  statement,
  sqlMode: '',
  charsetClient: 'utf8mb4',
  collationConnection: 'utf8mb4_general_ci',
  ...overrides,
});

const failureOf = async (work: Promise<unknown>): Promise<SyncError> => {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof SyncError) return error;
  throw new Error(`expected a SyncError, got ${String(error)}`);
};

/** The statement that a hint tells to run. */
const statementIn = ({ hints }: SyncError): string =>
  /(?:GRANT|SET GLOBAL) .+/.exec(hints.join('\n'))?.[0] ?? '';

describe.each(availableFlavors())('$id', (flavor) => {
  let server: TestServer;
  beforeAll(async () => {
    server = await flavor.start(['--log-bin']);
    await server.query(
      `CREATE USER '${CLERK.user}'@'127.0.0.1' IDENTIFIED BY '${CLERK.password}', 'owner'@'localhost'`,
    );
  });
  afterAll(async () => server.stop());

  beforeEach(async () => {
    await server.query(
      `REVOKE ALL PRIVILEGES, GRANT OPTION FROM '${CLERK.user}'@'127.0.0.1'; SET GLOBAL log_bin_trust_function_creators = ON;
       DROP DATABASE IF EXISTS shop; DROP DATABASE IF EXISTS copy; CREATE DATABASE shop; CREATE DATABASE copy; USE shop;
       CREATE TABLE t (id INT); CREATE TABLE copy.t (id INT);
       CREATE PROCEDURE secret () SELECT 1; CREATE VIEW v AS SELECT id FROM t`,
    );
  });

  const create = async (
    programs: ProgramDefinition | readonly ProgramDefinition[],
    account: typeof CLERK = ROOT,
    use: ProgramUse = 'live',
  ): Promise<void> => {
    const endpoint = endpointOf(server, account);
    const facts = await factsOf(endpoint);
    await onOwnConnection(endpoint, 'create', (own) =>
      createPrograms(own, { database: COPY, programs: [programs].flat(), sourceDatabase: SHOP, use, facts }),
    );
  };
  const definersIn = async (schema: string, view: string): Promise<readonly unknown[]> =>
    (
      await server.query(`SELECT DEFINER AS definer FROM information_schema.${view} WHERE ${schema} = 'copy'`)
    ).map(({ definer }) => definer as unknown);
  const readAs = async (account: typeof CLERK): Promise<readonly ProgramDefinition[]> => {
    const endpoint = endpointOf(server, account);
    const facts = await factsOf(endpoint);
    return onOwnConnection(endpoint, 'read', (own) => readProgramDefinitions(own, SHOP, facts));
  };

  test('text that is hidden is no program without text: the privilege is named, and having it helps', async () => {
    await server.query(`GRANT SELECT, SHOW VIEW, EXECUTE ON shop.* TO '${CLERK.user}'@'127.0.0.1'`);
    const error = await failureOf(readAs(CLERK));
    expect(error.code).toBe('PRIVILEGE_MISSING');
    expect(error.message).toMatch(/^cannot read procedure shop\.secret: /);
    await server.query(statementIn(error));
    expect((await readAs(CLERK)).map(({ name }) => name)).toEqual(['secret', 'v']);
  });

  test('a view whose text is hidden', async () => {
    await server.query(
      `GRANT SELECT ON shop.t TO '${CLERK.user}'@'127.0.0.1'; GRANT SELECT ON shop.v TO '${CLERK.user}'@'127.0.0.1'`,
    );
    const error = await failureOf(readAs(CLERK));
    expect(error).toMatchObject({
      code: 'PRIVILEGE_MISSING',
      message: expect.stringContaining('view shop.v') as string,
    });
    await server.query(statementIn(error));
    expect((await readAs(CLERK)).map(({ name }) => name)).toEqual(['v']);
  });

  // What the server says of it is not read: it may be in any language.
  test.each(['en_US', 'de_DE'])(
    'a definer that the account may not use, in %s: the privilege is named, and having it helps',
    async (language) => {
      await server.query(
        `SET GLOBAL lc_messages = '${language}'; GRANT ALL ON copy.* TO '${CLERK.user}'@'127.0.0.1'`,
      );
      const view = aProgram(
        'view',
        'v',
        'CREATE DEFINER=`owner`@`localhost` SQL SECURITY INVOKER VIEW `v` AS select `t`.`id` AS `id` from `t`',
      );
      const error = await failureOf(create(view, CLERK));
      expect(error).toMatchObject({
        code: 'PRIVILEGE_MISSING',
        message: expect.stringMatching(/^view shop\.v cannot be created on the target: .*1227\)$/) as string,
      });
      await server.query(`SET GLOBAL lc_messages = 'en_US'; ${statementIn(error)}`);
      await create(view, CLERK);
    },
  );

  test("a definer that the account may not use is found in a rehearsal, where its programs are the own account's", async () => {
    await server.query(`GRANT ALL ON copy.* TO '${CLERK.user}'@'127.0.0.1'`);
    const procedure = aProgram(
      'procedure',
      'p',
      'CREATE DEFINER=`owner`@`localhost` PROCEDURE `p`() SELECT 1',
    );
    expect(await failureOf(create(procedure, CLERK, 'rehearsal'))).toMatchObject({
      code: 'PRIVILEGE_MISSING',
    });
    await create(procedure, ROOT, 'rehearsal');
    expect(await definersIn('ROUTINE_SCHEMA', 'ROUTINES')).toEqual([`${ROOT.user}@127.0.0.1`]);
  });

  // Neither has a right in the database.
  test.each(['owner', 'nobody'])(
    'views on views of %s@localhost are made as they are, and rehearsed',
    async (user) => {
      const views = ['t', 'a', 'b'].map((read, at) => {
        const name = 'abc'.charAt(at);
        return aProgram(
          'view',
          name,
          `CREATE ALGORITHM=UNDEFINED DEFINER=\`${user}\`@\`localhost\` SQL SECURITY DEFINER VIEW \`${name}\` AS select \`${read}\`.\`id\` AS \`id\` from \`${read}\``,
        );
      });
      await create(views, ROOT, 'rehearsal');
      expect(await definersIn('TABLE_SCHEMA', 'VIEWS')).toEqual(views.map(() => `${ROOT.user}@127.0.0.1`));
      await server.query('DROP VIEW copy.a, copy.b, copy.c');
      await create(views);
      expect(await definersIn('TABLE_SCHEMA', 'VIEWS')).toEqual(views.map(() => `${user}@localhost`));
      const tables = await server.query(
        "SELECT 1 FROM information_schema.TABLES WHERE TABLE_SCHEMA = 'copy'",
      );
      expect(tables).toHaveLength(4);
    },
  );

  test('a function that the binary log does not take', async () => {
    await server.query(
      `SET GLOBAL log_bin_trust_function_creators = OFF; GRANT ALL ON copy.* TO '${CLERK.user}'@'127.0.0.1'`,
    );
    const statement = 'CREATE FUNCTION `f`() RETURNS INT RETURN 1';
    const unsafe = await failureOf(create(aProgram('function', 'f', statement)));
    expect(unsafe).toMatchObject({
      code: 'PROGRAMS_FAILED',
      message: expect.stringContaining('1418') as string,
    });
    const notSuper = await failureOf(
      create(aProgram('function', 'f', statement.replace('RETURN 1', 'NO SQL RETURN 1')), CLERK),
    );
    expect(notSuper.message).toContain('1419');
    await server.query(statementIn(notSuper));
    await create(aProgram('function', 'f', statement), CLERK);
  });

  test('a time zone that the target does not know', async () => {
    const event = aProgram(
      'event',
      'e',
      'CREATE EVENT `e` ON SCHEDULE EVERY 1 DAY ON COMPLETION NOT PRESERVE DISABLE DO SELECT 1',
      {
        timeZone: 'Europe/Brussels',
      },
    );
    const error = await failureOf(create(event));
    expect(error).toMatchObject({
      code: 'PROGRAMS_FAILED',
      message: expect.stringContaining('event shop.e') as string,
    });
    expect(error.hints.join()).toContain('"Europe/Brussels"');
  });

  test.each([
    ['a column of a table that exists is missing', 'select `t`.`nope` AS `nope` from `t`', '1054'],
    ['another database is missing', 'select `p`.`id` AS `id` from `elsewhere`.`p`', '(?:1049|1146)'],
    ['a function is missing', 'select `f`() AS `f` from `t`', '1305'],
  ])('a view that cannot be made: %s', async (_, query, number) => {
    const error = await failureOf(create(aProgram('view', 'v', `CREATE VIEW \`v\` AS ${query}`)));
    expect(error.code).toBe('PROGRAMS_FAILED');
    expect(error.message).toMatch(
      new RegExp(`^view shop\\.v cannot be created on the target: .*${number}\\)`),
    );
    expect(error.hints.join()).toContain('CHECK TABLE `v`');
    expect(await server.query('SHOW TABLES FROM copy')).toHaveLength(1);
  });

  test('text that its character set cannot hold', async () => {
    const event = aProgram(
      'event',
      'e',
      "CREATE EVENT `e` ON SCHEDULE EVERY 1 DAY ON COMPLETION NOT PRESERVE DISABLE DO SELECT '日'",
      {
        charsetClient: 'latin1',
        collationConnection: 'latin1_swedish_ci',
      },
    );
    const error = await failureOf(create(event));
    expect(error).toMatchObject({
      code: 'PROGRAMS_FAILED',
      message: expect.stringContaining('cannot be written in latin1') as string,
    });
  });
});
