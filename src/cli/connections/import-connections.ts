import { Errors } from '@oclif/core';
import { ERROR_EXITS, SyncError, reportError } from '../../core/errors.js';
import type { ExitName } from '../../core/exit-codes.js';
import { parseNumberSelection } from '../../core/plan/number-selection.js';
import { isSameLogin } from '../../core/server/connection.js';
import {
  describeAnswer,
  describeOpenKey,
  describeRest,
  toConnectionDocument,
} from '../../render/connections.js';
import { renderError } from '../../render/error.js';
import { type AddedConnection, addConnection } from './add-connection.js';
import { askName } from './ask-connection.js';
import { type Candidate, describeCandidate, findCandidates } from './import-candidates.js';
import type { Environment } from '../frame/environment.js';
import type { Services } from '../services/compose.js';
import type { Screen } from '../frame/screen.js';

export interface ImportFlagValues {
  readonly all?: boolean | undefined;
  readonly select?: string | undefined;
  readonly test?: boolean | undefined;
}

type ImportServices = Services<
  'settings' | 'memory' | 'servers' | 'person' | 'optionFileLogin' | 'findLogins' | 'urlLogin'
>;

/** Shows what was found, has the person tick, and tests and saves each as `connections add` does. */
export const importConnections = async (
  services: ImportServices,
  environment: Environment,
  { argument, flags }: { readonly argument: string | undefined; readonly flags: ImportFlagValues },
  screen: Screen,
): Promise<ExitName> => {
  const candidates = await findCandidates(services, argument, screen);
  const chosen = await choose(services, candidates, flags, screen);
  const added: AddedConnection[] = [];
  let exit: ExitName = 'done';
  for (const candidate of chosen) {
    try {
      const one = await addOne(services, environment, candidate, flags, screen);
      added.push(one);
      tellAdded(one, screen);
    } catch (error) {
      if (!(error instanceof SyncError) || error.code === 'APPROVAL_DECLINED') throw error;
      if (exit === 'done') exit = ERROR_EXITS[error.code];
      for (const line of renderError(reportError(error), screen.error)) screen.notice(line);
    }
  }
  if (screen.format === 'json')
    screen.printJson('connections', { connections: added.map(({ saved }) => toConnectionDocument(saved)) });
  return exit;
};

const choose = async (
  services: Services<'person'>,
  candidates: readonly Candidate[],
  { all, select }: ImportFlagValues,
  screen: Screen,
): Promise<readonly Candidate[]> => {
  const usable = candidates.filter(({ taken }) => !('problem' in taken));
  const isTicked = !all && select === undefined && screen.canPrompt;
  if (!isTicked)
    for (const [index, candidate] of candidates.entries())
      screen.notice(`${String(index + 1).padStart(3)}  ${describeCandidate(candidate)}`);
  if (isTicked) {
    const prompts = await services.person.prompts();
    return prompts.tick(
      'Which of them are saved? (space ticks, Enter goes on)',
      candidates.map((candidate) => ({
        value: candidate,
        title:
          'problem' in candidate.taken
            ? `${candidate.name}: from ${candidate.origin}`
            : describeCandidate(candidate),
        short: candidate.name,
        ...('problem' in candidate.taken && { refusal: candidate.taken.problem }),
      })),
    );
  }
  if (all) return usable;
  if (select === undefined) throw new Errors.CLIError('Say which of them are saved: --all, or --select 1,3');
  const names = new Set(
    parseNumberSelection(
      select,
      candidates.map(({ name }) => name),
      'shown',
    ),
  );
  const chosen = candidates.filter(({ name }) => names.has(name));
  const refused = chosen.find(({ taken }) => 'problem' in taken);
  if (refused)
    throw new SyncError('SELECTION_INVALID', {
      message: describeCandidate(refused),
      hints: ['Leave it out of --select.'],
    });
  return chosen;
};

/** A name that another connection has is asked for again; where nobody is there, it is refused as `add` refuses it. */
const addOne = async (
  services: ImportServices,
  environment: Environment,
  { name: suggested, taken }: Candidate,
  { test }: ImportFlagValues,
  screen: Screen,
): Promise<AddedConnection> => {
  if ('problem' in taken) throw new SyncError('INPUT_INVALID', { message: `${suggested}: ${taken.problem}` });
  const { connections } = await services.memory.store();
  const saved = await connections.list();
  const other = saved.find(({ name }) => name === suggested);
  let name = suggested;
  if (other && screen.canPrompt) {
    const relation = isSameLogin(other, taken.connection) ? 'the same login' : 'another login';
    screen.notice(`There is a connection called "${suggested}" already, of ${relation}.`);
    name = await askName(
      await services.person.prompts(),
      saved.map((connection) => connection.name),
    );
  }
  const found = { ...services, optionFileLogin: () => Promise.resolve(taken.login) };
  const ask = screen.canPrompt ? await services.person.passwordPrompt() : undefined;
  return addConnection(found, environment, name, { 'from-defaults-file': name, test }, ask);
};

const tellAdded = ({ saved, answer, ignoredOptions, openKey }: AddedConnection, screen: Screen): void => {
  for (const option of ignoredOptions)
    screen.notice(`warning: ${saved.name}: ${option} is not known and was not taken`);
  if (openKey !== undefined) screen.notice(describeOpenKey(openKey));
  if (screen.format === 'json') return;
  screen.print([`Saved ${saved.name}: ${answer ? describeAnswer(answer) : 'not tested'}`]);
  screen.notice(describeRest(saved));
};
