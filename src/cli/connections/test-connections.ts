import type { SavedConnection } from '../../core/server/connection.js';
import type { ConnectionTest } from '../../core/server/connection-test.js';
import { SyncError, reportError } from '../../core/errors.js';
import type { ExitName } from '../../core/exit-codes.js';
import { toDatabaseName } from '../../core/names.js';
import { describeUnknownConnections } from '../../core/server/unknown-connection.js';
import {
  renderConnectionTests,
  renderExposed,
  renderGrants,
  toTestDocument,
} from '../../render/connections.js';
import { renderError } from '../../render/error.js';
import type { Leaving } from '../../adapters/terminal/until-interrupted.js';
import type { Services } from '../services/compose.js';
import { type AskPassword, savedSources } from '../services/connection-directory.js';
import { type PasswordSource, findPassword } from '../services/password-source.js';
import type { Screen } from '../frame/screen.js';
import { tryConnection } from './try-connection.js';

interface TestWords {
  readonly names: readonly string[];
  readonly given: readonly PasswordSource[];
  /** Databases that the GRANT statements are wanted for. */
  readonly grantsFor: readonly string[];
}

/**
 * Tries connections and shows one line each; what failed is explained on stderr. With databases, stdout is the SQL of
 * their accounts' privileges instead.
 */
export const testFromCommandLine = async (
  services: Services<'settings' | 'memory' | 'person' | 'servers'>,
  { names, given, grantsFor }: TestWords,
  screen: Screen,
): Promise<ExitName> => {
  const ask = screen.canPrompt ? await services.person.passwordPrompt() : undefined;
  const tests = await testConnections(services, names, given, ask);
  const databases = grantsFor.map(toDatabaseName);
  if (screen.format === 'json')
    screen.printJson('connection-tests', {
      ok: haveAllAnswered(tests),
      tests: tests.map((test) => toTestDocument(test, databases)),
    });
  else if (databases.length === 0) showConnectionTests(tests, screen);
  else {
    screen.print(tests.flatMap((test) => renderGrants(test, databases)));
    explainFailures(tests, screen);
  }
  return haveAllAnswered(tests) ? 'done' : 'cannotConnect';
};

export const haveAllAnswered = (tests: readonly ConnectionTest[]): boolean =>
  !tests.some(({ result }) => result instanceof SyncError);

export const showConnectionTests = (tests: readonly ConnectionTest[], screen: Screen): void => {
  screen.print(renderConnectionTests(tests, screen.output));
  for (const line of renderExposed(tests)) screen.notice(line);
  explainFailures(tests, screen);
  if (tests.length === 0) screen.notice('No connection is saved yet.');
};

export const explainFailures = (tests: readonly ConnectionTest[], screen: Screen): void => {
  const errors = tests.map(({ result }) => result).filter((result) => result instanceof SyncError);
  for (const line of errors.flatMap((error) => renderError(reportError(error), screen.error)))
    screen.notice(line);
};

/** Tries the named connections, or all, with a spinner where a person waits. No password is asked for. */
export const testWhileWaiting = async (
  services: Services<'settings' | 'memory' | 'person' | 'servers'>,
  names: readonly string[],
  screen: Screen,
  leaving: Leaving,
): Promise<readonly ConnectionTest[]> => {
  const test = (): Promise<readonly ConnectionTest[]> => testConnections(services, names, [], undefined);
  return screen.canPrompt ? services.person.spin('Connecting', screen.error, test, leaving) : test();
};

/**
 * Tries the named connections, or all, side by side; the answers come in the order of the list. `given` are passwords
 * of the command line, for one connection only. Rejects with CONN_UNKNOWN before any is tried.
 */
const testConnections = async (
  services: Services<'settings' | 'memory' | 'servers'>,
  names: readonly string[],
  given: readonly PasswordSource[],
  ask: AskPassword | undefined,
): Promise<readonly ConnectionTest[]> => {
  const { connections } = await services.memory.store();
  const chosen = chooseConnections(await connections.list(), names);
  return Promise.all(
    chosen.map(async (connection) => {
      // Two prompts at once would take each other's keys.
      const sources = savedSources(connection, connections, chosen.length === 1 ? ask : undefined);
      return testOne(services, connection, [...given, ...sources]);
    }),
  );
};

/** Each once, in the order of the list. */
const chooseConnections = (
  saved: readonly SavedConnection[],
  names: readonly string[],
): readonly SavedConnection[] => {
  const unknown = describeUnknownConnections(
    names,
    saved.map(({ name }) => name),
  );
  if (unknown) throw unknown;
  return names.length === 0 ? saved : saved.filter(({ name }) => names.includes(name));
};

const testOne = async (
  services: Services<'settings' | 'memory' | 'servers'>,
  connection: SavedConnection,
  sources: readonly PasswordSource[],
): Promise<ConnectionTest> => {
  const { name, access } = connection;
  try {
    const found = await findPassword(sources);
    const answer = await tryConnection(services, connection, found?.password);
    const { connections } = await services.memory.store();
    await connections.touch(name, answer);
    return { name, access, result: answer };
  } catch (error) {
    if (error instanceof SyncError) return { name, access, result: error };
    throw error;
  }
};
