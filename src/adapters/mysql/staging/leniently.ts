import { LENIENT_MODE, STRICT_MODE } from '../../../core/session/target-modes.js';
import { tryToSet } from '../connection/session-settings.js';

/**
 * Runs what an older or laxer session made and a strict one refuses: members of an ENUM that repeat, rows that InnoDB may
 * not be able to hold. The server may make something else of it, so the caller compares. The session is strict again when it worked.
 */
export const leniently = async <Result>(
  run: (sql: string) => Promise<unknown>,
  work: () => Promise<Result>,
): Promise<Result> => {
  await run(`SET sql_mode = '${LENIENT_MODE}'`);
  const hasInnoDb = await tryToSet(run, 'SET innodb_strict_mode = 0');
  const result = await work();
  if (hasInnoDb) await run('SET innodb_strict_mode = 1');
  await run(`SET sql_mode = '${STRICT_MODE}'`);
  return result;
};
