import type { ProgramChange } from './change-set.js';
import type { DatabaseName } from './names.js';
import { writeAccount } from './wanted-grants.js';

const quote = (name: string): string => `\`${name.replaceAll('`', '``')}\``;

/** For a person to run. Without DEFINER the event would become one of whoever runs it. */
export const writeEnableEvent = (
  database: DatabaseName,
  { name, definer }: Pick<ProgramChange, 'name' | 'definer'>,
): string =>
  `ALTER ${definer === undefined ? '' : `DEFINER = ${writeAccount(definer)} `}EVENT ${quote(database)}.${quote(name)} ENABLE;`;
