import { supports } from '../server/features.js';
import { hasPrivilege } from '../server/grants.js';
import type { ServerFacts } from '../server/inventory.js';
import type { SessionSetting } from './setting.js';

/**
 * MariaDB writes sequences, and rows that come as bulk parameters, into its binary log as rows only: under STATEMENT it
 * refuses them (1665, 4033). A session of such a server writes rows where its account may choose that.
 */
export const rowFormatOf = (target: ServerFacts): readonly SessionSetting[] =>
  logsStatementsOnly(target) && mayChooseFormat(target) ? [{ name: 'binlog_format', value: "'ROW'" }] : [];

/** The binary log of every session of this account is STATEMENT. */
export const isBoundToStatements = (target: ServerFacts): boolean =>
  logsStatementsOnly(target) && !mayChooseFormat(target);

const logsStatementsOnly = ({ flavor, hasBinaryLog, settings }: ServerFacts): boolean =>
  supports(flavor, 'statementLogRefusesRows') &&
  hasBinaryLog &&
  settings?.get('binlog_format') === 'STATEMENT';

/** SUPER includes it before MariaDB 11. */
const mayChooseFormat = ({ flavor, grants }: ServerFacts): boolean =>
  hasPrivilege(grants, 'BINLOG ADMIN') ||
  (!supports(flavor, 'binlogAdminApart') && hasPrivilege(grants, 'SUPER'));
