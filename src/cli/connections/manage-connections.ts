import type { SavedConnection } from '../../core/server/connection.js';
import { SyncError, reportError } from '../../core/errors.js';
import type { ExitName } from '../../core/exit-codes.js';
import type { ConnectionName } from '../../core/names.js';
import { parseNumberSelection } from '../../core/plan/number-selection.js';
import { EscapePressed } from '../../core/escape-pressed.js';
import { renderNumberedConnections } from '../../render/connections.js';
import { renderError } from '../../render/error.js';
import { abortHonestly } from '../questions/abort-honestly.js';
import { addAtTerminal, editConnection } from './change-connection.js';
import type { Services } from '../services/compose.js';
import { clearConnections } from './delete-connections.js';
import { type Interview, beginInterview } from '../questions/interview.js';
import { NO_CONNECTIONS } from './list-connections.js';
import type { Screen } from '../frame/screen.js';
import { showConnectionTests, testWhileWaiting } from './test-connections.js';

/** The list of connections and what can be done with them, until the person has had enough. */
export const manageConnections = async (
  services: Services<'settings' | 'memory' | 'planFiles' | 'person' | 'servers'>,
  screen: Screen,
): Promise<ExitName> => {
  const interview = await beginInterview(services, screen);
  return abortHonestly<ExitName>(services, async () => {
    for (;;) {
      const { connections } = await services.memory.store();
      const saved = await connections.list();
      if (saved.length === 0) {
        screen.notice(NO_CONNECTIONS);
        return 'done';
      }
      interview.prompts.show(['', ...renderNumberedConnections(saved, screen.error, new Date())]);
      if ((await takeTurn(interview, saved)) === 'quit') return 'done';
    }
  });
};

type Activity = 'test' | 'edit' | 'add' | 'delete' | 'clear' | 'quit';

/** Esc gives up what was begun, and at the menu it quits. */
const takeTurn = async (
  interview: Interview,
  saved: readonly SavedConnection[],
): Promise<'quit' | 'go-on'> => {
  const { prompts, screen } = interview;
  const activity = await stayOnEscape(() => prompts.choose<Activity>('What now?', ACTIVITIES));
  if (activity === undefined || activity === 'quit') return 'quit';
  try {
    await stayOnEscape(() => ACTIONS[activity](interview, saved));
  } catch (error) {
    if (!(error instanceof SyncError) || error.code === 'APPROVAL_DECLINED') throw error;
    prompts.show(renderError(reportError(error), screen.error));
  }
  return 'go-on';
};

const stayOnEscape = async <Result>(work: () => Promise<Result>): Promise<Result | undefined> => {
  try {
    return await work();
  } catch (error) {
    if (error instanceof EscapePressed) return undefined;
    throw error;
  }
};

const ACTIVITIES = [
  { value: 'test', title: 'Test' },
  { value: 'edit', title: 'Edit' },
  { value: 'add', title: 'Add' },
  { value: 'delete', title: 'Delete' },
  { value: 'clear', title: 'Clear: delete all' },
  { value: 'quit', title: 'Quit' },
] as const;

type Action = (interview: Interview, saved: readonly SavedConnection[]) => Promise<void>;

const testSome: Action = async (interview, saved) => {
  const names = await askWhich(interview, saved, 'Test which (1,3  1-5  all  name):');
  const tests = await testWhileWaiting(interview.services, names, interview.screen, 'declines');
  showConnectionTests(tests, interview.screen);
};

const editOne: Action = async (interview, saved) => {
  const [name] = await askWhich(interview, saved, 'Edit which (number or name):', 'one');
  const connection = saved.find((candidate) => candidate.name === name);
  if (connection) await editConnection(interview, connection);
};

const deleteSome: Action = async (interview, saved) => {
  const names = await askWhich(interview, saved, 'Delete which (1,3  1-5  name):');
  if (!(await interview.prompts.yesNo(`Delete ${names.join(', ')} and the kept passwords?`))) return;
  await (await interview.services.memory.store()).connections.delete(names);
  interview.prompts.show([`Deleted ${names.join(', ')}`]);
};

const ACTIONS: Record<Exclude<Activity, 'quit'>, Action> = {
  test: testSome,
  edit: editOne,
  add: async (interview, saved) => addAtTerminal(interview, saved),
  delete: deleteSome,
  clear: async ({ services, screen }) => {
    await clearConnections(services, 'ask', screen);
  },
};

/** By numbers of the list on the screen, names or globs; what they mean is shown while they are typed. */
const askWhich = async (
  { prompts }: Interview,
  saved: readonly SavedConnection[],
  message: string,
  most: 'one' | 'any' = 'any',
): Promise<readonly ConnectionName[]> => {
  const choose = (text: string): readonly ConnectionName[] | string => {
    const names = parseSelection(
      text,
      saved.map(({ name }) => name),
    );
    return most === 'one' && typeof names !== 'string' && names.length > 1 ? 'one at a time' : names;
  };
  const echo = (text: string): string => {
    if (text.trim() === '') return 'nothing selected yet';
    const chosen = choose(text);
    return typeof chosen === 'string' ? chosen : chosen.join(', ');
  };
  const check = (text: string): string | undefined => {
    const chosen = choose(text);
    return typeof chosen === 'string' ? chosen : undefined;
  };
  const chosen = choose(await prompts.text(message, { echo, check }));
  return typeof chosen === 'string' ? [] : chosen;
};

const parseSelection = (
  text: string,
  names: readonly ConnectionName[],
): readonly ConnectionName[] | string => {
  try {
    return parseNumberSelection(text, names, 'shown');
  } catch (error) {
    if (error instanceof SyncError) return error.message;
    throw error;
  }
};
