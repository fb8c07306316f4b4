import { basename } from 'node:path';
import { SyncError } from '../../core/errors.js';
import { describeFlavor } from '../../core/flavor.js';
import { supports } from '../../core/server/features.js';
import type { ServerFacts } from '../../core/server/inventory.js';
import type { DatabaseName, TableName } from '../../core/names.js';
import { rowFormatOf } from '../../core/session/binary-log.js';
import { EVERY_SESSION, NO_TIME_LIMITS } from '../../core/session/every-session.js';
import { type SessionSetting, renderAssignments } from '../../core/session/setting.js';
import { NATIVE_HINT } from './native-hint.js';
import type { ClientTool } from './client-tool.js';

export interface DumpScope {
  readonly database: DatabaseName;
  readonly tables: readonly TableName[];
  /** SQL condition for every table of the scope, or null for all rows. */
  readonly where: string | null;
  /** `with-history` also dumps the past rows of system-versioned tables. */
  readonly history: 'without-history' | 'with-history';
  /** The most that one INSERT statement of several rows may have. */
  readonly statementBytes: number;
}

/** A flag, the option in `--help` that it is a form of, and what it means when that option is not there. */
type Flag = readonly [flag: string, option: string, need: 'required' | 'when-listed'];

const DUMP_FLAGS: readonly Flag[] = [
  // A login path file is read even beside --defaults-file.
  ['--no-login-paths', 'no-login-paths', 'when-listed'],
  ['--no-create-info', 'no-create-info', 'required'],
  ['--skip-triggers', 'triggers', 'required'],
  ['--single-transaction', 'single-transaction', 'required'],
  ['--quick', 'quick', 'required'],
  ['--skip-lock-tables', 'lock-tables', 'required'],
  ['--skip-add-locks', 'add-locks', 'required'],
  ['--skip-disable-keys', 'disable-keys', 'required'],
  // Some MariaDB clients wrap each table in one transaction unless told otherwise: past the limits of a cluster.
  ['--no-autocommit=0', 'no-autocommit', 'when-listed'],
  ['--extended-insert', 'extended-insert', 'required'],
  ['--hex-blob', 'hex-blob', 'required'],
  ['--default-character-set=utf8mb4', 'default-character-set', 'required'],
  ['--set-charset', 'set-charset', 'required'],
  ['--tz-utc', 'tz-utc', 'required'],
  ['--quote-names', 'quote-names', 'required'],
  ['--comments', 'comments', 'required'],
  ['--skip-dump-date', 'dump-date', 'required'],
  ['--max-allowed-packet=1G', 'max-allowed-packet', 'required'],
  ['--no-tablespaces', 'no-tablespaces', 'when-listed'],
  ['--set-gtid-purged=OFF', 'set-gtid-purged', 'when-listed'],
  ['--column-statistics=0', 'column-statistics', 'when-listed'],
  ['--masking-policies=0', 'masking-policies', 'when-listed'],
  ['--network-timeout', 'network-timeout', 'when-listed'],
];

const LOADER_FLAGS: readonly Flag[] = [
  ['--no-login-paths', 'no-login-paths', 'when-listed'],
  ['--batch', 'batch', 'required'],
  // Without it a name with a newline in it could become a command of the client.
  ['--binary-mode', 'binary-mode', 'required'],
  ['--comments', 'comments', 'required'],
  ['--default-character-set=utf8mb4', 'default-character-set', 'required'],
  ['--max-allowed-packet=1G', 'max-allowed-packet', 'required'],
  ['--no-auto-rehash', 'no-auto-rehash', 'when-listed'],
  ['--local-infile=0', 'local-infile', 'when-listed'],
  // Or all the rows of a failing statement go through stderr.
  ['--print-query-on-error=0', 'print-query-on-error', 'when-listed'],
  // A loader that reconnects has lost the session's settings.
  ['--skip-reconnect', 'reconnect', 'when-listed'],
];

const SESSION: readonly SessionSetting[] = [...EVERY_SESSION, ...NO_TIME_LIMITS];

/** Rows that break a CHECK were there before it, or came in with checks off; the copy is to have them too. */
const listLoaderSettings = (target: ServerFacts): readonly SessionSetting[] => [
  ...SESSION,
  { name: 'check_constraint_checks', value: '0', on: 'M!100201' },
  // The name of older servers, which newer ones may lack.
  ...(!supports(target.flavor, 'transactionReadOnly') ? [{ name: 'tx_read_only', value: '0' }] : []),
  ...rowFormatOf(target),
];

/** MariaDB's dumps take no settings for their session; a LIMIT overrules its `sql_select_limit`. */
const EVERY_ROW = 'LIMIT 18446744073709551615';

/**
 * Arguments after `--defaults-file`. Names come after `--`, so they may begin with a dash.
 * @throws SyncError TOOL_MISSING when the program lacks a flag that a safe copy needs.
 */
export const buildDumpArguments = (tool: ClientTool, scope: DumpScope): readonly string[] => [
  ...listFlags(tool, DUMP_FLAGS),
  ...listFlags(tool, [[`--net-buffer-length=${scope.statementBytes}`, 'net-buffer-length', 'required']]),
  ...(scope.history === 'with-history'
    ? listFlags(tool, [['--dump-history', 'dump-history', 'required']])
    : []),
  ...listFlags(tool, [
    [`--where=${scope.where ?? '1'} ${EVERY_ROW}`, 'where', 'required'],
    [`--init-command=SET ${renderAssignments(SESSION)}`, 'init-command', 'when-listed'],
  ]),
  '--',
  scope.database,
  ...scope.tables,
];

/**
 * Arguments after `--defaults-file`.
 * @throws SyncError TOOL_MISSING when the program lacks a flag that a safe copy needs.
 */
export const buildLoaderArguments = (
  tool: ClientTool,
  target: ServerFacts,
  database: DatabaseName,
): readonly string[] => [
  ...listFlags(tool, LOADER_FLAGS),
  ...listFlags(tool, [
    [`--init-command=SET ${renderAssignments(listLoaderSettings(target))}`, 'init-command', 'required'],
    [`--database=${database}`, 'database', 'required'],
  ]),
];

/** A client ends at once when it is given an option that it does not know. */
const listFlags = (tool: ClientTool, flags: readonly Flag[]): readonly string[] => {
  const missing = flags.filter(([, option, need]) => need === 'required' && !tool.options.has(option));
  if (missing.length === 0)
    return flags.filter(([, option]) => tool.options.has(option)).map(([flag]) => flag);
  throw new SyncError('TOOL_MISSING', {
    message:
      `${tool.path} (${describeFlavor(tool.flavor)}) has no ${missing.map(([, option]) => `--${option}`).join(', ')}, ` +
      'which a faithful copy needs.',
    hints: [`Put a newer ${basename(tool.path)} first in PATH.`, NATIVE_HINT],
  });
};
