import type mysql from 'mysql2/promise';
import { qualifyCalls } from '../../../core/sql/sql-names.js';
import { isSymbol, isWord, listSignificant, tokenizeSql } from '../../../core/sql/sql-text.js';
import { describeEvidence, isViewFault, serverErrorNumber } from '../connection/errors.js';
import { together } from '../connection/together.js';
import { quoteName, quoteText } from '../connection/identifiers.js';
import type { Row } from './information-schema.js';
import { textOf } from './inspect-normal-form.js';
import { keyOfTable } from './inspect-read-tables.js';

/** MySQL does not notice that an index or a partition is gone until the view is used. */
const NAMES_INDEX_OR_PARTITION = /\b(?:USE|FORCE|IGNORE) (?:INDEX|KEY)\b|\bPARTITION ?\(/i;

/**
 * What keeps views from being made anywhere, by `keyOfTable`. Their queries are prepared, which resolves every name and
 * runs nothing; a view itself only says that something is wrong (1356). Those that the server opens are passed over.
 */
export const findViewFaults = async (
  connection: mysql.Connection,
  views: readonly Row<'VIEWS'>[],
  unopened: ReadonlySet<string>,
): Promise<ReadonlyMap<string, string>> => {
  const faults = new Map<string, string>();
  const find = async (view: Row<'VIEWS'>): Promise<void> => {
    const query = textOf(view.VIEW_DEFINITION);
    if (!isQuery(query) || !(unopened.has(keyOfTable(view)) || NAMES_INDEX_OR_PARTITION.test(query))) return;
    const own = quoteName(textOf(view.TABLE_SCHEMA));
    const fault = await prepareQuery(connection, qualifyCalls(query, own));
    if (fault !== undefined) faults.set(keyOfTable(view), fault);
  };
  await together(views.map(find));
  return faults;
};

/** What a catalog calls the query of a view may be any text; nothing but one query is prepared. */
const isQuery = (text: string): boolean => {
  const tokens = tokenizeSql(text);
  const [first = -1] = listSignificant(tokens);
  const begins = isWord(tokens[first], 'SELECT', 'WITH', 'VALUES', 'TABLE') || isSymbol(tokens[first], '(');
  return begins && !tokens.some((token) => isSymbol(token, ';'));
};

const prepareQuery = async (connection: mysql.Connection, query: string): Promise<string | undefined> => {
  // Queued at once: nothing of another view comes between.
  const set = connection.query(`SET @mysql_sync_view = ${quoteText(query)}`);
  const prepare = connection.query('PREPARE mysql_sync_view FROM @mysql_sync_view');
  const deallocate = connection.query('DEALLOCATE PREPARE mysql_sync_view');
  try {
    await together([set, prepare, deallocate]);
  } catch (error) {
    if (serverErrorNumber(error) === undefined) throw error;
    return isViewFault(error) ? describeEvidence(error) : undefined;
  }
  return undefined;
};
