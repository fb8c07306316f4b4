import { confirm, input, password } from '@inquirer/prompts';
import { SyncError } from '../../core/errors.js';
import { Secret } from '../../core/secret.js';

/** Prompts go to stderr, so that stdout stays the result. The caller has made sure that a person is there. */
const CONTEXT = { output: process.stderr };

/** A yes-or-no question whose default is no. */
export const askYesNo = (message: string): Promise<boolean> =>
  abortable(confirm({ message, default: false }, CONTEXT));

export const askText = (message: string): Promise<string> => abortable(input({ message }, CONTEXT));

/** What is typed is not shown. */
export const askPassword = async (message: string): Promise<Secret> =>
  new Secret(await abortable(password({ message }, CONTEXT)));

/** Ctrl-C at a prompt, or stdin at its end, means no. */
const abortable = async <Answer>(prompt: Promise<Answer>): Promise<Answer> => {
  try {
    return await prompt;
  } catch (error) {
    if (error instanceof Error && error.name === 'ExitPromptError')
      throw new SyncError('APPROVAL_DECLINED', { message: 'Aborted. Nothing was changed.' });
    throw error;
  }
};
