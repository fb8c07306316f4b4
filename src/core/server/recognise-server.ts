import { type Endpoint, type SavedConnection, describeAddress, isSameAddress } from './connection.js';
import { SyncError } from '../errors.js';
import { suggestCommand } from '../shell-word.js';

/**
 * The endpoint as the saved connections know its server: protected when any of them is, and under a saved name when the
 * plan chose one of its own. `identity` is what the server says of itself. A server that lies about it is treated
 * more strictly, never less.
 */
export const recogniseServer = (
  endpoint: Endpoint,
  identity: string,
  saved: readonly SavedConnection[],
): Endpoint => {
  const known = saved.filter((connection) => isOfServer(connection, endpoint, identity));
  const [best] = [...known.filter(({ isProtected }) => isProtected), ...known];
  const isNameKnown = endpoint.isSaved === true || known.some(({ name }) => name === endpoint.name);
  return {
    ...endpoint,
    name: best === undefined || isNameKnown ? endpoint.name : best.name,
    isProtected: endpoint.isProtected || best?.isProtected === true,
  };
};

/** One that was never used is known by its address alone, and behind one address there may be several nodes. */
const isOfServer = (
  { serverIdentity, address }: SavedConnection,
  endpoint: Endpoint,
  identity: string,
): boolean => serverIdentity === identity || isSameAddress(address, endpoint.address);

/**
 * A plan that calls a server by the name that is saved for another one would have the person approve the wrong server.
 * The same address may lead to another node of a cluster, or to a server that was made anew.
 * @throws SyncError CONN_OTHER_SERVER
 */
export const refuseBorrowedName = (
  endpoint: Endpoint,
  identity: string,
  saved: readonly SavedConnection[],
): void => {
  const namesake = saved.find(({ name }) => name === endpoint.name);
  if (endpoint.isSaved || namesake?.serverIdentity === undefined || namesake.serverIdentity === identity)
    return;
  if (isSameAddress(namesake.address, endpoint.address)) return;
  throw new SyncError('CONN_OTHER_SERVER', {
    message: `the plan calls ${describeAddress(endpoint)} "${endpoint.name}", and that is the name of a saved connection to another server (${describeAddress(namesake)})`,
    hints: [
      'Give it another name in the plan.',
      `When it is the same server, and was moved or made anew:  ${suggestCommand`connections test ${namesake.name}`}`,
    ],
  });
};
