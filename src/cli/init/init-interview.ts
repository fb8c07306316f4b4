import { namePasswordVariable } from '../../core/plan/password-variable.js';
import type { DraftConnection, PlanDraft } from '../../core/plan/plan-draft.js';
import type { Secret } from '../../core/secret.js';
import { askInSteps } from '../questions/ask-in-steps.js';
import { askOptions } from './ask-options.js';
import { askDatabases, askOnExisting } from './choose-databases.js';
import { type ChosenServer, chooseServer } from '../connections/choose-server.js';
import { type FinishedPlan, askEnding } from './init-ending.js';
import type { InitFlagValues } from './init-flags.js';
import type { Interview } from '../questions/interview.js';

/** Asks for everything that a plan says, but for what the flags say already. */
export const interviewForPlan = (
  interview: Interview,
  path: string,
  flags: InitFlagValues,
): Promise<FinishedPlan> => {
  const { prompts } = interview;
  prompts.show(['Esc goes back a question, Ctrl-C leaves.', 'The plan is written at the end.']);
  return askInSteps(prompts, async (step) => {
    const source = await chooseServer(interview, step, {
      role: 'source',
      wanted: flags.source,
      other: undefined,
    });
    const other = source.connection.name;
    const target = await chooseServer(interview, step, { role: 'target', wanted: flags.target, other });
    const { databases, entries } = await step(() =>
      askDatabases(interview, { source, target }, flags.databases),
    );
    const onExisting =
      flags['on-existing'] ?? (await step(() => askOnExisting(interview, databases, target.connection.name)));
    const options = await askOptions(prompts, step);
    const written = writeConnections(source, target);
    const draft: PlanDraft = {
      ...written.connections,
      databases: entries,
      onExisting,
      options,
    };
    const { isProtected } = target.connection;
    const ending = await askEnding(interview, step, { path, flags, isProtected });
    return { draft, secrets: written.secrets, isProtected, ending };
  });
};

interface WrittenConnections {
  readonly connections: Pick<PlanDraft, 'source' | 'target'>;
  /** The passwords that the plan's variables stand for. */
  readonly secrets: ReadonlyMap<string, Secret>;
}

const writeConnections = (source: ChosenServer, target: ChosenServer): WrittenConnections => {
  const sourceVariable = nameVariable(source, undefined);
  const targetVariable = nameVariable(target, sourceVariable);
  const secrets = new Map<string, Secret>();
  if (sourceVariable !== undefined && source.password) secrets.set(sourceVariable, source.password);
  if (targetVariable !== undefined && target.password) secrets.set(targetVariable, target.password);
  const connections = {
    source: toDraftConnection(source, sourceVariable),
    target: toDraftConnection(target, targetVariable),
  };
  return { connections, secrets };
};

/** A saved connection has its password in the store, and others may have none. */
const nameVariable = (
  { kind, connection, password }: ChosenServer,
  taken: string | undefined,
): string | undefined =>
  kind === 'saved' || password === undefined ? undefined : namePasswordVariable(connection.name, taken);

const toDraftConnection = (
  { kind, connection }: ChosenServer,
  passwordVariable: string | undefined,
): DraftConnection =>
  kind === 'saved' ? { kind, name: connection.name } : { kind, connection, passwordVariable };
