import { describeAddress } from '../../core/server/connection.js';
import type { Answer } from '../../core/server/connection-test.js';
import { SyncError, reportError } from '../../core/errors.js';
import { describeAnswer } from '../../render/connections.js';
import { renderError } from '../../render/error.js';
import { type DescribedConnection, askChangedConnection } from './ask-connection.js';
import { askInSteps } from '../questions/ask-in-steps.js';
import type { Interview } from '../questions/interview.js';
import { tryConnection } from './try-connection.js';

/** A connection whose server has answered. */
export interface ReachedServer extends DescribedConnection {
  readonly answer: Answer;
  /** Was it changed on the way? */
  readonly isEdited: boolean;
}

/** Tries the connection until its server answers; after a failure the person tries again, changes it, or leaves. */
export const reachServer = async (
  interview: Interview,
  described: DescribedConnection,
): Promise<ReachedServer> => {
  const { prompts, screen } = interview;
  let current = described;
  for (;;) {
    const result = await tryShown(interview, current);
    const { name } = current.connection;
    if (!(result instanceof SyncError)) {
      prompts.show([`${name}: ${describeAnswer(result)}`]);
      return { ...current, answer: result, isEdited: current !== described };
    }
    prompts.show(renderError(reportError(result), screen.error));
    const next = await prompts.choose(`${name} did not work. What now?`, [
      { value: 'retry', title: 'Try again' },
      { value: 'edit', title: 'Edit it' },
      { value: 'leave', title: 'Leave' },
    ]);
    if (next === 'leave')
      throw new SyncError('APPROVAL_DECLINED', { message: 'Aborted. Nothing was changed.' });
    const failed = current;
    if (next === 'edit')
      current = await askInSteps(prompts, (step) => askChangedConnection(prompts, step, failed));
  }
};

const tryShown = async (
  { services, screen }: Interview,
  { connection, password }: DescribedConnection,
): Promise<Answer | SyncError> => {
  try {
    return await services.person.spin(
      `Connecting to ${connection.name} (${describeAddress(connection)})`,
      screen.error,
      () => tryConnection(services, connection, password),
    );
  } catch (error) {
    if (error instanceof SyncError && error.code !== 'APPROVAL_DECLINED') return error;
    throw error;
  }
};
