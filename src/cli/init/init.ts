import { SyncError } from '../../core/errors.js';
import type { ExitName } from '../../core/exit-codes.js';
import { abortHonestly } from '../questions/abort-honestly.js';
import type { Services } from '../services/compose.js';
import { type FinishedPlan, finishInit } from './init-ending.js';
import { type InitFlagValues, finishFromFlags, isComplete } from './init-flags.js';
import { interviewForPlan } from './init-interview.js';
import { beginInterview } from '../questions/interview.js';
import type { Screen } from '../frame/screen.js';
import { suggestCommand } from '../../core/shell-word.js';
import { planArgument } from '../../core/plan/unsaved-plan.js';

const DEFAULT_PATH = 'mysql-sync.yaml';

/** Makes a plan out of flags that say everything, or else by asking, and does with it what the person wants. */
export const initFromCommandLine = async (
  services: Services<
    'settings' | 'memory' | 'planFiles' | 'planEndpoints' | 'person' | 'servers' | 'ports' | 'reports'
  >,
  file: string | undefined,
  flags: InitFlagValues,
  screen: Screen,
): Promise<ExitName> => {
  const path = file ?? DEFAULT_PATH;
  const finished = isComplete(flags)
    ? await finishFromFlags(services, path, flags, screen)
    : await askForPlan(services, path, flags, screen);
  return finishInit(services, finished, screen);
};

const askForPlan = async (
  services: Services<'settings' | 'memory' | 'planFiles' | 'person' | 'servers'>,
  path: string,
  flags: InitFlagValues,
  screen: Screen,
): Promise<FinishedPlan> => {
  if (!screen.canPrompt) throw nobodyToAskError(path);
  return abortHonestly(services, async () =>
    interviewForPlan(await beginInterview(services, screen), path, flags),
  );
};

const nobodyToAskError = (path: string): SyncError =>
  new SyncError('APPROVAL_REQUIRED', {
    message: 'init asks questions, and there is no terminal to ask on',
    hints: [
      'Answer on the command line, with saved connections:',
      `  ${suggestCommand`init ${planArgument(path)} --source NAME --target NAME --databases all --on-existing overwrite`}`,
    ],
  });
