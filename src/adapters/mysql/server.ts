import type { Endpoint } from '../../core/server/connection.js';
import type { ServerFacts } from '../../core/server/inventory.js';
import { type DatabaseName, isSystemDatabase, toDatabaseName, toTableName } from '../../core/names.js';
import type { Servers } from '../../engine/ports/ports.js';
import type { LocalJournalKeys } from '../../engine/ports/records.js';
import type { Server } from '../../engine/ports/server.js';
import { readTableDefinitions } from './definitions/show-create.js';
import { isUnknownDatabase } from './connection/errors.js';
import { readServerFacts } from './facts/facts.js';
import { quoteName } from './connection/identifiers.js';
import { inspectDatabases, inspectTables } from './inventory/inspect.js';
import { compareText } from './inventory/inspect-columns.js';
import { keepOwnConnections, onOwnConnection } from './connection/own-connection.js';
import { listPrograms, readProgramDefinitions } from './programs/read-programs.js';
import { readPosition } from './facts/position.js';
import { countRunningThreads, readReplicaLag } from './facts/server-load.js';
import { readFirstColumn, readRows } from './connection/rows.js';
import { type SharedConnection, shareConnection } from './connection/shared-connection.js';
import { checkFilters } from './rows/check-filters.js';
import { findFilled } from './rows/find-filled.js';
import { openSnapshot } from './rows/snapshot.js';
import { makeTargetOperations } from './target-server.js';

/**
 * Connects and reads the server's facts. What leaves the session as it is shares one connection.
 * @throws SyncError CONN_*, SERVER_UNSUPPORTED, SERVER_ERROR
 */
export const openServer: Servers['openSource'] = async (endpoint, known) =>
  openWith(endpoint, known, makeServer);

export const openTargetServer =
  (keys: LocalJournalKeys): Servers['openTarget'] =>
  async (endpoint, known) =>
    openWith(endpoint, known, (...made) => ({
      ...makeServer(...made),
      ...makeTargetOperations(...made, keys),
    }));

const openWith = async <Opened extends object>(
  endpoint: Endpoint,
  known: ServerFacts | undefined,
  make: (endpoint: Endpoint, facts: ServerFacts, shared: SharedConnection) => Opened,
): Promise<Opened & Pick<Server, 'close'>> => {
  const shared = shareConnection(endpoint);
  const closeOwn = keepOwnConnections(endpoint);
  const close = async (): Promise<void> => {
    // Whoever keeps connections for others lets go of them first: its own is closed then, and not kept.
    await Promise.all([closeOwn(), shared.close()]);
  };
  try {
    const facts = await shared.use('read what kind of server this is', (connection) =>
      readServerFacts(connection, endpoint, known),
    );
    return { ...make(endpoint, facts, shared), close };
  } catch (error) {
    await close();
    throw error;
  }
};

const makeServer = (
  endpoint: Endpoint,
  facts: ServerFacts,
  shared: SharedConnection,
): Omit<Server, 'close'> => ({
  facts,
  listDatabases: () => listDatabases(shared),
  inspectDatabases: async (names, older) => {
    const spelled = facts.lowerCaseTableNames === 0 ? names : await spellNames(shared, names);
    return shared.use('read what the databases hold', (connection) =>
      inspectDatabases(connection, facts.flavor, spelled, older),
    );
  },
  inspectTables: (databases) =>
    shared.use(`read the tables of ${databases.join(', ')}`, (connection) =>
      inspectTables(connection, facts.flavor, databases),
    ),
  listTables: (database) => listTables(shared, database),
  readTableDefinitions: (database, tables) =>
    shared.use(`read the tables of ${database}`, (connection) =>
      readTableDefinitions(connection, database, tables),
    ),
  readProgramDefinitions: async (database, known) => {
    const attempt = `read the programs of ${database}`;
    const listed = known ?? (await shared.use(attempt, (connection) => listPrograms(connection, database)));
    if (listed.length === 0) return [];
    return onOwnConnection(endpoint, attempt, (connection) =>
      readProgramDefinitions(connection, database, facts, listed),
    );
  },
  checkFilters: (database, filters) =>
    shared.use(`check filters over ${database}`, (connection) => checkFilters(connection, database, filters)),
  findFilled: async (database, tables) =>
    tables.length === 0
      ? new Set()
      : shared.use(`look for rows in ${database}`, (connection) => findFilled(connection, database, tables)),
  countRunningThreads: () => shared.use('read how busy the server is', countRunningThreads),
  readReplicaLag: () => shared.use('read how far the replica is behind', readReplicaLag),
  readPosition: () =>
    shared.use('read the position of the binary log', (connection) => readPosition(connection, facts)),
  openSnapshot: (maskKey) => openSnapshot(endpoint, maskKey),
});

/** The server's own databases, and folders that are none (`#mysql50#lost+found`), are left out. */
const listDatabases = async (shared: SharedConnection): Promise<readonly DatabaseName[]> => {
  const names = await shared.use('list the databases', (connection) =>
    readFirstColumn(connection, 'SHOW DATABASES'),
  );
  return names
    .filter((name) => !isSystemDatabase(name) && !name.startsWith('#mysql50#'))
    .sort(compareText)
    .map(toDatabaseName);
};

/** Where case does not tell databases apart, a person's spelling need not be the server's. */
const spellNames = async (
  shared: SharedConnection,
  names: readonly DatabaseName[],
): Promise<readonly DatabaseName[]> => {
  const wanted = new Set(names.map((name) => name.toLowerCase()));
  return (await listDatabases(shared)).filter((name) => wanted.has(name.toLowerCase()));
};

const listTables = (shared: SharedConnection, database: DatabaseName): ReturnType<Server['listTables']> =>
  shared.use(`list the tables of ${database}`, async (connection) => {
    try {
      const rows = await readRows(connection, `SHOW FULL TABLES FROM ${quoteName(database)}`);
      return rows
        .filter(([, type]) => type !== 'VIEW')
        .map(([name]) => toTableName(name ?? ''))
        .sort(compareText);
    } catch (error) {
      if (isUnknownDatabase(error)) return [];
      throw error;
    }
  });
