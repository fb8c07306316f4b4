import type { Endpoint, Role } from '../../core/server/connection.js';
import { SyncError } from '../../core/errors.js';
import { totalBytes } from '../../core/server/inventory.js';
import { type DatabaseName, isScratchDatabase } from '../../core/names.js';
import type { OnExisting } from '../../core/plan/sync-plan.js';
import type { Server } from '../../engine/ports/server.js';
import {
  type DatabaseChoice,
  type ListedDatabase,
  chooseDatabases,
  describeChosen,
  echoDatabases,
  renderDatabaseList,
  selectListed,
} from '../../render/database-choice.js';
import type { DescribedConnection } from '../connections/ask-connection.js';
import type { Services } from '../services/compose.js';
import type { Interview } from '../questions/interview.js';

/** Both sides, as far as they are chosen. */
export interface ChosenServers {
  readonly source: DescribedConnection;
  readonly target: DescribedConnection;
}

/** Shows what the source has and asks which of it, unless `wanted` says so; what is typed is explained as it is typed. */
export const askDatabases = async (
  { services, prompts, screen }: Interview,
  servers: ChosenServers,
  wanted: string | undefined,
): Promise<DatabaseChoice> => {
  const { name: source } = servers.source.connection;
  const { name: target } = servers.target.connection;
  const { databases, isOneServer } = await services.person.spin(
    `Reading the databases of ${source} and ${target}`,
    screen.error,
    () => listDatabases(services, servers),
  );
  if (databases.length === 0)
    throw new SyncError('SELECTION_EMPTY', {
      message: `${source} has no database that ${servers.source.connection.user} can see`,
      hints: ['An account sees only databases that it has a privilege on.'],
    });
  if (isOneServer)
    prompts.show([
      `${source} and ${target} are one server: there a database can only be copied under another name ("as").`,
    ]);
  // Without a list on the screen numbers mean nothing.
  if (wanted !== undefined) return selectListed(wanted, databases, 'unseen');
  prompts.show([
    '',
    ...renderDatabaseList(databases, target, screen.error),
    'The plan keeps globs such as app_*: new databases that match are copied too.',
  ]);
  const text = await prompts.text('Databases (1,3  1-5  all  app_*  ^tmp_*):', {
    echo: (typed) => echoDatabases(typed, databases),
    check: (typed) => {
      const chosen = chooseDatabases(typed, databases);
      return typeof chosen === 'string' ? chosen : undefined;
    },
  });
  return selectListed(text, databases, 'shown');
};

interface Listing {
  readonly databases: readonly ListedDatabase[];
  readonly isOneServer: boolean;
}

const listDatabases = async (
  services: Services<'settings' | 'servers'>,
  servers: ChosenServers,
): Promise<Listing> => {
  const [source, target] = await Promise.all([
    openServer(services, servers.source, 'source'),
    openServer(services, servers.target, 'target'),
  ]);
  try {
    const [names, onTarget] = await Promise.all([listSelectable(source), target.listDatabases()]);
    const inventories = await source.inspectDatabases(names);
    const fold = (name: string): string =>
      target.facts.lowerCaseTableNames === 0 ? name : name.toLowerCase();
    const present = new Set(onTarget.map(fold));
    const databases = inventories.map(({ name, tables }) => ({
      name,
      tables: tables.length,
      bytes: totalBytes(tables),
      isOnTarget: present.has(fold(name)),
    }));
    return { databases, isOneServer: source.facts.identity === target.facts.identity };
  } finally {
    await Promise.all([source.close(), target.close()]);
  }
};

/** Without those that mysql-sync made itself. */
export const listSelectable = async (server: Server): Promise<readonly DatabaseName[]> =>
  (await server.listDatabases()).filter((name) => !isScratchDatabase(name));

/** The target too is only read here. */
const openServer = async (
  services: Services<'settings' | 'servers'>,
  { connection, password }: DescribedConnection,
  role: Role,
): Promise<Server> => {
  const { config } = await services.settings.read();
  const endpoint: Endpoint = {
    ...connection,
    role,
    timeoutMilliseconds: config.connections.default_timeout * 1000,
    isPipelined: config.connections.pipelining,
    ...(password !== undefined && { password }),
  };
  return (await services.servers()).openSource(endpoint);
};

/** What becomes of databases that the target has already. */
export const askOnExisting = (
  { prompts }: Interview,
  chosen: readonly ListedDatabase[],
  target: string,
): Promise<OnExisting> => {
  prompts.show([describeChosen(chosen, target)]);
  return prompts.choose<OnExisting>(`When ${target} has a database already:`, [
    {
      value: 'overwrite',
      title: 'overwrite  replace it whole',
      short: 'overwrite',
      description: 'What is replaced is kept there for mysql-sync rollback, until the next apply.',
    },
    { value: 'skip', short: 'skip', title: 'skip       leave it as it is' },
    { value: 'fail', short: 'fail', title: 'fail       refuse to apply' },
  ]);
};
