import type { Prompts } from '../../adapters/terminal/prompts.js';
import type { Access, SavedConnection } from '../../core/server/connection.js';
import { type DescribedConnection, askChangedConnection, askNewConnection } from './ask-connection.js';
import { type Step, askInSteps } from '../questions/ask-in-steps.js';
import type { Interview } from '../questions/interview.js';
import { reachServer } from './reach-server.js';
import { describeSavedConnection, saveReached } from './save-connection.js';

/** Asks for a connection, tries it, and saves it. */
export const addAtTerminal = async (
  interview: Interview,
  saved: readonly SavedConnection[],
): Promise<void> => {
  const names = saved.map(({ name }) => name);
  await askAndSave(interview, (step) => askNewConnection(interview.prompts, step, names));
};

/** Asks for everything again, Enter keeping each answer; saved only when its server answers. */
export const editConnection = async (interview: Interview, saved: SavedConnection): Promise<void> => {
  const described = await describeSavedConnection(interview, saved, 'leave-out');
  await askAndSave(interview, (step) => askChangedConnection(interview.prompts, step, described));
};

const askAndSave = async (
  interview: Interview,
  ask: (step: Step) => Promise<DescribedConnection>,
): Promise<void> => {
  const { prompts } = interview;
  const reached = await askInSteps(prompts, async (step) => {
    const described = await ask(step);
    const access = await askAccess(prompts, step, described);
    const connection = { ...described.connection, ...access };
    return step(() => reachServer(interview, { ...described, connection }));
  });
  await saveReached(interview, reached);
};

/** The answer of before comes first. */
const askAccess = async (
  prompts: Prompts,
  step: Step,
  { connection }: DescribedConnection,
): Promise<Pick<SavedConnection, 'access' | 'isProtected'>> => {
  const access = await step(() =>
    prompts.choose<Access>('Access of mysql-sync:', currentFirst(ACCESS, connection.access)),
  );
  if (access === 'read-only') return { access, isProtected: false };
  const guard = connection.isProtected ? 'protected' : 'open';
  const chosen = await step(() => prompts.choose('Production?', currentFirst(GUARD, guard)));
  return { access, isProtected: chosen === 'protected' };
};

const ACCESS = [
  { value: 'read-only', short: 'read-only', title: 'read-only   never a target' },
  { value: 'read-write', short: 'read-write', title: 'read-write  can be a target' },
] as const;

const GUARD = [
  { value: 'open', short: 'no', title: 'no' },
  { value: 'protected', short: 'yes', title: 'yes, only a saved plan is applied to it' },
] as const;

const currentFirst = <Choice extends { readonly value: string }>(
  choices: readonly Choice[],
  current: string,
): readonly Choice[] => [
  ...choices.filter(({ value }) => value === current),
  ...choices.filter(({ value }) => value !== current),
];
