import { LENIENT_MODE, STRICT_MODE } from '../../../core/session/target-modes.js';
import { tryToSet } from '../connection/session-settings.js';
import { together } from '../connection/together.js';

/**
 * Runs what an older or laxer session made and a strict one refuses: members of an ENUM that repeat, rows that InnoDB may
 * not be able to hold. The server may make something else of it, so the caller compares. The session is strict again when it worked.
 */
export const leniently = async <Result>(
  run: (sql: string) => Promise<unknown>,
  work: () => Promise<Result>,
): Promise<Result> => {
  const [, hasInnoDb] = await together([
    run(`SET sql_mode = '${LENIENT_MODE}'`),
    tryToSet(run, 'SET innodb_strict_mode = 0'),
  ]);
  const result = await work();
  const strictly = hasInnoDb ? ['SET innodb_strict_mode = 1'] : [];
  await together([...strictly, `SET sql_mode = '${STRICT_MODE}'`].map(run));
  return result;
};
