import { type Home, makeHome } from './home.js';
import type { Rig } from './rig.js';
import { ROOT, type TestServer } from './servers.js';

/** A home that knows both servers of a rig: `prod`, read-only, and `staging`, with the access given. */
export const makeSavedHome = async (
  rig: Pick<Rig, 'source' | 'target'>,
  access: 'read-only' | 'read-write',
): Promise<Home> => {
  const home = makeHome();
  await saveConnection(home, 'prod', rig.source);
  await saveConnection(home, 'staging', rig.target, '--access', access);
  return home;
};

/** Saves a connection to a test server by the command line. */
export const saveConnection = async (
  home: Home,
  name: string,
  { port }: Pick<TestServer, 'port'>,
  ...flags: readonly string[]
): Promise<void> => {
  const login = ['--host', '127.0.0.1', '--port', String(port), '--user', ROOT.user, '--password-stdin'];
  const added = await home.run(['connections', 'add', name, ...login, ...flags], { stdin: ROOT.password });
  if (added.code !== 0) throw new Error(`could not save ${name}: ${added.stderr}`);
};
