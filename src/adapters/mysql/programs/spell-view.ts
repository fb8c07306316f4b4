import type mysql from 'mysql2/promise';
import type { Flavor } from '../../../core/flavor.js';
import type { DatabaseName } from '../../../core/names.js';
import type { ProgramDefinition } from '../../../engine/ports/server.js';
import { quoteName, quoteTable } from '../connection/identifiers.js';
import { openCatalog } from '../inventory/inspect-catalog.js';
import { textOf } from '../inventory/inspect-normal-form.js';

/**
 * The statement of a view that the server does not print (a database, an index or a partition that it names is gone), as
 * its catalog tells it. No server takes it as it is; but others of its database can be read, copied and put back.
 */
export const spellView = async (
  connection: mysql.Connection,
  database: DatabaseName,
  name: string,
  flavor: Flavor,
): Promise<ProgramDefinition | undefined> => {
  const catalog = await openCatalog(connection, flavor);
  const view = (await catalog.read('VIEWS', [database])).find((row) => row.TABLE_NAME === name);
  const query = textOf(view?.VIEW_DEFINITION ?? '');
  if (!view || query === '') return undefined;
  const definer = /^(.*)@(.*)$/s.exec(textOf(view.DEFINER))?.slice(1) ?? [];
  const check = textOf(view.CHECK_OPTION);
  return {
    kind: 'view',
    name,
    statement:
      `CREATE ALGORITHM=${textOf(view.ALGORITHM ?? 'UNDEFINED')} DEFINER=${definer
        .filter((part) => part !== '')
        .map(quoteName)
        .join('@')} ` +
      `SQL SECURITY ${textOf(view.SECURITY_TYPE)} VIEW ${quoteTable(database, name)} AS ${query}` +
      (check === 'NONE' ? '' : ` WITH ${check} CHECK OPTION`),
    sqlMode: '',
    charsetClient: textOf(view.CHARACTER_SET_CLIENT),
    collationConnection: textOf(view.COLLATION_CONNECTION),
  };
};
