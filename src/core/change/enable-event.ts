import type { ProgramChange } from './change-set.js';
import type { DatabaseName } from '../names.js';
import { quoteName } from '../sql/quote-name.js';
import { writeAccount } from './wanted-grants.js';

/** For a person to run. Without DEFINER the event would become one of whoever runs it. */
export const writeEnableEvent = (
  database: DatabaseName,
  { name, definer }: Pick<ProgramChange, 'name' | 'definer'>,
): string =>
  `ALTER ${definer === undefined ? '' : `DEFINER = ${writeAccount(definer)} `}EVENT ${quoteName(database)}.${quoteName(name)} ENABLE;`;
