import { SyncError } from '../../core/errors.js';
import { readNoticeUrl } from '../../core/run/notice-url.js';
import { Secret } from '../../core/secret.js';
import type { Environment } from '../frame/environment.js';

const FROM_VARIABLE = /^env:([A-Za-z_][A-Za-z0-9_]*)$/;

/** The URL of `--notify`, which may stand in a variable. Throws INPUT_INVALID, which tells nothing of the URL. */
export const readNoticeFlag = (
  written: string,
  variables: Environment['variables'],
  warn: (line: string) => void,
): Secret => {
  const variable = FROM_VARIABLE.exec(written)?.[1];
  const text = variable === undefined ? written : (variables[variable] ?? '');
  const reading = readNoticeUrl(text);
  if ('problem' in reading)
    throw new SyncError('INPUT_INVALID', {
      message: `${variable === undefined ? 'what --notify names' : `the variable ${variable} of --notify`} ${text === '' ? 'is empty or not set' : reading.problem}`,
      hints: ['Put the URL into a variable:  --notify env:SLACK_WEBHOOK'],
    });
  if (variable === undefined)
    warn(
      'warning: other users of this machine can see the URL of --notify; --notify env:NAME reads it from a variable',
    );
  return new Secret(text);
};
