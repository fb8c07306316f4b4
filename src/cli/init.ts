import { SyncError } from '../core/errors.js';
import type { ExitName } from '../core/exit-codes.js';
import { quoteShellWord } from '../core/shell-word.js';
import { WentBack } from '../core/went-back.js';
import type { Composition } from './compose.js';
import { type FinishedPlan, finishInit } from './init-ending.js';
import { type InitFlagValues, finishFromFlags, isComplete } from './init-flags.js';
import { interviewForPlan } from './init-interview.js';
import { beginInterview } from './interview.js';
import type { Screen } from './screen.js';

const DEFAULT_PATH = 'mysql-sync.yaml';

/** Makes a plan out of flags that say everything, or else by asking, and does with it what the person wants. */
export const initFromCommandLine = async (
  composition: Composition,
  file: string | undefined,
  flags: InitFlagValues,
  screen: Screen,
): Promise<ExitName> => {
  const path = file ?? DEFAULT_PATH;
  const finished = isComplete(flags)
    ? await finishFromFlags(composition, path, flags, screen)
    : await askForPlan(composition, path, flags, screen);
  return finishInit(composition, finished, screen);
};

const askForPlan = async (
  composition: Composition,
  path: string,
  flags: InitFlagValues,
  screen: Screen,
): Promise<FinishedPlan> => {
  if (!screen.canPrompt) throw refuseToAsk(path);
  const before = await describeSaved(composition);
  try {
    return await interviewForPlan(await beginInterview(composition, screen), path, flags);
  } catch (error) {
    const isAbort = error instanceof SyncError && error.code === 'APPROVAL_DECLINED';
    if (!isAbort && !(error instanceof WentBack)) throw error;
    const isSame = before === (await describeSaved(composition));
    throw new SyncError('APPROVAL_DECLINED', {
      message: 'Aborted. Nothing was changed.',
      ...(!isSame && { hints: ['The connections that were saved stay:  mysql-sync connections list'] }),
    });
  }
};

const refuseToAsk = (path: string): SyncError =>
  new SyncError('APPROVAL_REQUIRED', {
    message: 'init asks questions, and nobody can be asked here',
    hints: [
      'Answer on the command line, with saved connections:',
      `  mysql-sync init ${quoteShellWord(path)} --source NAME --target NAME --databases all --on-existing overwrite`,
    ],
  });

/** What of the saved connections a person would miss or be surprised by. */
const describeSaved = async (composition: Composition): Promise<string> => {
  const { connections } = await composition.store();
  const saved = await connections.list();
  const kept = saved.map(({ name, address, user, access, isProtected }) =>
    JSON.stringify([name, address, user, access, isProtected]),
  );
  return kept.sort().join();
};
