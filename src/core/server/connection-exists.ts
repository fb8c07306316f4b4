import { SyncError } from '../errors.js';
import type { ConnectionName } from '../names.js';
import { suggestCommand } from '../shell-word.js';

/** CONN_EXISTS for a name that is taken. */
export const connectionExistsError = (name: ConnectionName): SyncError =>
  new SyncError('CONN_EXISTS', {
    message: `there is a connection called "${name}" already`,
    hints: [
      `Change it (what you leave out stays as it is):  ${suggestCommand`connections add ${name} --replace`}`,
    ],
  });
