import type { Role, SavedConnection } from '../core/connection.js';
import type { ConnectionName } from '../core/names.js';
import { describeUnknownConnections } from '../core/unknown-connection.js';
import { listConnectionTitles } from '../render/connections.js';
import { type DescribedConnection, askNewConnection } from './ask-connection.js';
import { askInSteps } from './ask-in-steps.js';
import type { Interview } from './interview.js';
import { type ReachedServer, reachServer } from './reach-server.js';
import { describeSavedConnection, saveAccess, saveReached } from './save-connection.js';

/** The server of one side: a connection that is saved by now, or one that is used once. */
export interface ChosenServer extends ReachedServer {
  readonly kind: 'saved' | 'used-once';
}

/** What is known of the choice before anything is asked. */
export interface ServerWish {
  readonly role: Role;
  /** A saved connection, by its name. */
  readonly wanted: string | undefined;
  /** The connection of the other side, which cannot be this one. */
  readonly other: ConnectionName | undefined;
}

/** Asks for the server of one side, tries it, and saves what the person wants saved. */
export const chooseServer = async (interview: Interview, wish: ServerWish): Promise<ChosenServer> => {
  const { composition, prompts } = interview;
  const saved = await (await composition.store()).connections.list();
  const { picked, reached, keep } = await askInSteps(prompts, async (step) => {
    const picked = findWanted(saved, wish) ?? (await step(() => pickConnection(interview, saved, wish)));
    const described = await step(() => describePicked(interview, picked, saved, wish));
    const reached = await step(() => reachServer(interview, described));
    const permitted = wish.role === 'source' ? reached : await step(() => askPermission(interview, reached));
    const isNew = picked === 'new' || reached.isEdited;
    const keep = isNew && permitted ? await step(() => askWhetherToKeep(interview, permitted)) : 'as-it-was';
    return { picked, reached: permitted, keep };
  });
  if (!reached) return chooseServer(interview, { ...wish, wanted: undefined });
  if (keep === 'used-once') return { ...reached, kind: 'used-once' };
  if (keep === 'saved') await saveReached(interview, reached);
  else if (picked !== 'new') await saveAccess(composition, picked, reached);
  return { ...reached, kind: 'saved' };
};

const findWanted = (
  saved: readonly SavedConnection[],
  { wanted }: ServerWish,
): SavedConnection | undefined => {
  if (wanted === undefined) return undefined;
  const names = saved.map(({ name }) => name);
  const unknown = describeUnknownConnections([wanted], names);
  if (unknown) throw unknown;
  return saved.find(({ name }) => name === wanted);
};

/** The most recently used first; where none is saved there is nothing to pick. */
const pickConnection = async (
  { prompts, screen }: Interview,
  saved: readonly SavedConnection[],
  { role, other }: ServerWish,
): Promise<SavedConnection | 'new'> => {
  const offered = saved.filter(({ name }) => name !== other);
  if (offered.length === 0) {
    prompts.show([role === 'source' ? 'The server to copy from:' : 'The server to copy to:']);
    return 'new';
  }
  const titles = listConnectionTitles(offered, screen.error, new Date());
  return prompts.choose<SavedConnection | 'new'>(role === 'source' ? 'Copy from:' : 'Copy to:', [
    ...offered.map((connection, index) => ({
      value: connection,
      title: titles[index] ?? connection.name,
      short: connection.name,
    })),
    { value: 'new', title: 'Another server' },
  ]);
};

const describePicked = (
  interview: Interview,
  picked: SavedConnection | 'new',
  saved: readonly SavedConnection[],
  { other }: ServerWish,
): Promise<DescribedConnection> => {
  if (picked !== 'new') return describeSavedConnection(interview, picked, 'ask');
  const names = saved.map(({ name }) => name);
  return askNewConnection(interview.prompts, other === undefined ? names : [...names, other]);
};

/** A connection is read-only until a person says otherwise, once. Undefined when that is not said. */
const askPermission = async (
  { prompts }: Interview,
  reached: ReachedServer,
): Promise<ReachedServer | undefined> => {
  const { connection } = reached;
  if (connection.access === 'read-write') return reached;
  return askInSteps(prompts, async (step) => {
    const isPermitted = await step(() => prompts.yesNo(`May mysql-sync write to ${connection.name}?`));
    if (!isPermitted) {
      prompts.show([`Then ${connection.name} cannot be the target: databases are written there.`]);
      return undefined;
    }
    const isProtected = await step(() => prompts.yesNo(`Is ${connection.name} production?`));
    if (isProtected)
      prompts.show([
        'It is protected from now on: only a plan that was saved with plan --out is applied to it.',
      ]);
    return { ...reached, connection: { ...connection, access: 'read-write', isProtected } };
  });
};

const askWhetherToKeep = (
  { prompts }: Interview,
  { connection: { name }, password }: ReachedServer,
): Promise<'saved' | 'used-once'> =>
  prompts.choose<'saved' | 'used-once'>(`Keep ${name} for later?`, [
    { value: 'saved', title: `Save it as ${name}` },
    {
      value: 'used-once',
      title: 'Use it for this plan only',
      description: `It is written into the plan${password === undefined ? '' : ', with a variable for its password'}.`,
    },
  ]);
