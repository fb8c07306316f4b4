import type { Prompts } from '../../adapters/terminal/prompts.js';
import type { Role, SavedConnection } from '../../core/server/connection.js';
import type { ConnectionName } from '../../core/names.js';
import { describeUnknownConnections } from '../../core/server/unknown-connection.js';
import { listConnectionTitles } from '../../render/connections.js';
import { askNewConnection } from './ask-connection.js';
import type { Step } from '../questions/ask-in-steps.js';
import type { Interview } from '../questions/interview.js';
import { type ReachedServer, reachServer } from './reach-server.js';
import { describeSavedConnection, saveReached, saveUse } from './save-connection.js';

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
export const chooseServer = async (
  interview: Interview,
  step: Step,
  wish: ServerWish,
): Promise<ChosenServer> => {
  const { services } = interview;
  const saved = await step(async () => (await services.memory.store()).connections.list());
  const picked = findWanted(saved, wish) ?? (await step(() => pickConnection(interview, saved, wish)));
  const described =
    picked === 'new'
      ? await askNewConnection(interview.prompts, step, listTaken(saved, wish))
      : await step(() => describeSavedConnection(interview, picked, 'ask'));
  const reached = await step(() => reachServer(interview, described));
  const permitted = wish.role === 'source' ? reached : await askPermission(interview, step, reached);
  if (!permitted) {
    if (picked === 'new' || reached.isEdited) await keepAsSource(interview, step, reached);
    // It may have been permitted, and saved, before the person came back here.
    else await step(() => saveUse(services, reached));
    return chooseServer(interview, step, { ...wish, wanted: undefined });
  }
  if (picked !== 'new' && !reached.isEdited) {
    await step(() => saveUse(services, permitted));
    return { ...permitted, kind: 'saved' };
  }
  const kind = await step(() => askWhetherToKeep(interview, permitted));
  if (kind === 'saved') await step(() => saveReached(interview, permitted));
  return { ...permitted, kind };
};

const listTaken = (saved: readonly SavedConnection[], { other }: ServerWish): readonly ConnectionName[] => {
  const names = saved.map(({ name }) => name);
  return other === undefined ? names : [...names, other];
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

/** A connection is read-only until a person says otherwise, once. Undefined when that is not said. */
const askPermission = async (
  { prompts }: Interview,
  step: Step,
  reached: ReachedServer,
): Promise<ReachedServer | undefined> => {
  const { connection } = reached;
  if (connection.access === 'read-write') return reached;
  const isPermitted = await step(() => askWhetherToWrite(prompts, connection.name));
  if (!isPermitted) return undefined;
  const isProtected = await step(() => prompts.yesNo(`Is ${connection.name} production?`));
  return { ...reached, connection: { ...connection, access: 'read-write', isProtected } };
};

const askWhetherToWrite = async (prompts: Prompts, name: ConnectionName): Promise<boolean> => {
  const isPermitted = await prompts.yesNo(`May mysql-sync write to ${name}?`);
  if (!isPermitted) prompts.show([`Then ${name} cannot be the target: databases are written there.`]);
  return isPermitted;
};

/** What was typed need not be lost because it cannot be the target: it can be picked when it was saved. */
const keepAsSource = async (interview: Interview, step: Step, reached: ReachedServer): Promise<void> => {
  const { name } = reached.connection;
  if (await step(() => interview.prompts.yesNo(`Save ${name} all the same, read-only?`)))
    await step(() => saveReached(interview, reached));
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
