import { type Store, openStore } from '../../src/adapters/store/open-store.js';
import type { Access, Connection, SavedConnection } from '../../src/core/server/connection.js';
import { describeFlavor } from '../../src/core/flavor.js';
import { toConnectionName } from '../../src/core/names.js';
import { Secret } from '../../src/core/secret.js';
import { type Home, makeHome } from './home.js';
import type { Rig } from './rig.js';
import { endpointOf, factsOf } from './server-endpoint.js';
import { ROOT, type TestServer } from './servers.js';

/** A home that knows both servers of a rig: `prod`, read-only, and `staging`, with the access given. */
export const makeSavedHome = async (rig: Pick<Rig, 'source' | 'target'>, access: Access): Promise<Home> => {
  const home = makeHome();
  await saveConnection(home, 'prod', rig.source);
  await saveConnection(home, 'staging', rig.target, { access });
  return home;
};

interface SavedAs {
  readonly access?: Access;
  readonly account?: { readonly user: string; readonly password: string };
}

/** Saves a connection to a test server as `connections add` does, without the half second that a call of it takes. */
export const saveConnection = async (
  home: Pick<Home, 'folder'>,
  name: string,
  server: Pick<TestServer, 'port'>,
  { access = 'read-only', account = ROOT }: SavedAs = {},
): Promise<void> => {
  const { flavor, identity } = await factsOf(endpointOf(server));
  const connection = { ...describeConnection(name, server.port), user: account.user, access };
  await inStore(home, async ({ connections }) => {
    await connections.save(connection, { password: new Secret(account.password), storage: 'encrypted' });
    await connections.touch(connection.name, { server: describeFlavor(flavor), identity });
  });
};

/** Saves a connection that was never used; nothing answers at its port unless one is given. */
export const saveUnused = (home: Pick<Home, 'folder'>, name: string, port = 1): Promise<void> =>
  inStore(home, async ({ connections }) => connections.save(describeConnection(name, port), undefined));

/** What is saved, the last used first, without the times of use: a test of a connection is a use. */
export const listSaved = (
  home: Pick<Home, 'folder'>,
): Promise<readonly Omit<SavedConnection, 'lastUsedAt'>[]> =>
  inStore(home, async ({ connections }) =>
    (await connections.list()).map(({ lastUsedAt: _, ...connection }) => connection),
  );

const describeConnection = (name: string, port: number): Connection => ({
  name: toConnectionName(name),
  address: { kind: 'tcp', host: '127.0.0.1', port },
  user: 'u',
  tls: { mode: 'preferred' },
  access: 'read-only',
  isProtected: false,
});

let uses = 0;

const inStore = async <Result>(
  { folder }: Pick<Home, 'folder'>,
  work: (store: Store) => Promise<Result>,
): Promise<Result> => {
  const store = await openStore({
    folder,
    // Each later than the one before, also within a millisecond: the last used comes first.
    now: () => new Date(Date.now() + (uses += 1)),
    warn: (line) => {
      throw new Error(line);
    },
  });
  try {
    return await work(store);
  } finally {
    await store.close();
  }
};
