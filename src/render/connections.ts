import {
  type Access,
  type PasswordStorage,
  type Role,
  type SavedConnection,
  describeAddress,
} from '../core/server/connection.js';
import type { Answer, ConnectionTest } from '../core/server/connection-test.js';
import { SyncError } from '../core/errors.js';
import { NOT_ENCRYPTED_HINT } from '../core/change/hazards/not-encrypted.js';
import type { ConnectionName, DatabaseName } from '../core/names.js';
import { quoteShellWord } from '../core/shell-word.js';
import { toInlineTls } from '../core/plan/sync-plan.js';
import { listWantedGrants } from '../core/change/wanted-grants.js';
import { renderFacts } from './facts.js';
import type { Look } from './paint.js';
import { formatRelativeTime } from './relative-time.js';
import { type Cell, type Column, renderTable } from './table.js';
import { formatDuration } from './units.js';

/** How the servers answered, by the name of the connection. */
export type CheckResults = ReadonlyMap<ConnectionName, Answer | SyncError>;

const LIST_COLUMNS: readonly Column[] = [
  { title: 'NAME', cut: 'last', isName: true },
  { title: 'ADDRESS', cut: 'last' },
  { title: 'SERVER', spare: 3 },
  { title: 'ACCESS', spare: 2, cut: 'last' },
  { title: 'LAST USED', spare: 4 },
];
const PASSWORD_COLUMN: Column = { title: 'PASSWORD', spare: 5 };
/** Who asked whether servers answer knows where they are. */
const CHECKED_COLUMNS: readonly Column[] = [
  ...LIST_COLUMNS.map((column) => (column.title === 'ADDRESS' ? { ...column, spare: 1 } : column)),
  PASSWORD_COLUMN,
  { title: 'CHECK', cut: 'last' },
];

/** One row a connection, as they are given; with a column more when they were checked. */
export const renderConnections = (
  connections: readonly SavedConnection[],
  look: Look,
  now: Date,
  results?: CheckResults,
): readonly string[] =>
  renderTable(
    results ? CHECKED_COLUMNS : [...LIST_COLUMNS, PASSWORD_COLUMN],
    connections.map((connection) => [
      ...connectionCells(connection, now),
      describePassword(connection),
      ...(results ? [checkCell(results.get(connection.name))] : []),
    ]),
    look,
  );

const connectionCells = (connection: SavedConnection, now: Date): readonly Cell[] => [
  { shown: connection.name, color: 'bold' },
  describeAddress(connection),
  connection.lastSeenServer ?? '',
  accessCell(connection),
  lastUsedCell(connection, now),
];

const checkCell = (result: Answer | SyncError | undefined): Cell => {
  if (result === undefined) return '';
  return result instanceof SyncError
    ? { shown: `FAILED ${result.code}`, color: 'red' }
    : {
        shown: `ok, ${formatDuration(result.milliseconds)}`,
        piped: `ok ${String(result.milliseconds)}`,
        color: 'green',
      };
};

/** The list that numbers are chosen from. */
export const renderNumberedConnections = (
  connections: readonly SavedConnection[],
  look: Look,
  now: Date,
): readonly string[] =>
  renderTable(
    [{ title: '#', align: 'right', cut: 'last' }, ...LIST_COLUMNS],
    connections.map((connection, index) => [String(index + 1), ...connectionCells(connection, now)]),
    { ...look, isTerminal: true },
  );

/** The same as single lines to choose from, without titles and colours. */
export const listConnectionTitles = (
  connections: readonly SavedConnection[],
  look: Look,
  now: Date,
): readonly string[] => {
  const rows = connections.map((connection) => [
    connection.name,
    describeAddress(connection),
    connection.lastSeenServer ?? '',
    lastUsedCell(connection, now),
  ]);
  const plain = { isTerminal: true, hasColor: false, columns: look.columns - CURSOR_WIDTH };
  return renderTable(CHOICE_COLUMNS, rows, plain).slice(1);
};

const CHOICE_COLUMNS: readonly Column[] = [
  { title: '', cut: 'last' },
  { title: '', cut: 'last' },
  { title: '', spare: 2 },
  { title: '', spare: 1 },
];
/** Stands before every line of a list to choose from. */
const CURSOR_WIDTH = 3;

const accessCell = ({ access, isProtected }: SavedConnection): Cell => ({
  shown: isProtected ? `${access}, protected` : access,
  ...(access === 'read-write' && { color: 'magenta' }),
});

const lastUsedCell = ({ lastUsedAt }: SavedConnection, now: Date): Cell =>
  lastUsedAt === undefined
    ? { shown: 'never', piped: '' }
    : { shown: formatRelativeTime(lastUsedAt, now), piped: lastUsedAt };

const STORED: Readonly<Record<PasswordStorage, string>> = {
  encrypted: 'kept (encrypted)',
  base64: 'kept (base64, not encrypted)',
  none: 'none',
};

/** Where the password comes from, and honestly how it rests. */
export const describePassword = (connection: SavedConnection): string => {
  if (connection.passwordCommand !== undefined) return 'command';
  if (connection.passwordStorage === undefined) return 'not kept';
  return STORED[connection.passwordStorage];
};

/** Everything of one connection but its password. */
export const renderConnection = (connection: SavedConnection, look: Look, now: Date): readonly string[] => {
  const { name, tls, access, isProtected, passwordCommand, createdAt, lastUsedAt } = connection;
  const timeOf = (time: string): string =>
    look.isTerminal ? `${time} (${formatRelativeTime(time, now)})` : time;
  return renderFacts(
    [
      ['Name', name],
      ['Address', describeAddress(connection)],
      ['TLS', tls.mode],
      ['Authority', tls.ca],
      ['Certificate', tls.cert],
      ['Key', tls.key],
      ['Server key', tls.serverPublicKey],
      ['Access', isProtected ? `${access}, protected` : access],
      [
        'Password',
        passwordCommand === undefined ? describePassword(connection) : `command: ${passwordCommand}`,
      ],
      ['Server', connection.lastSeenServer],
      ['Saved', timeOf(createdAt)],
      ['Last used', lastUsedAt === undefined ? 'never' : timeOf(lastUsedAt)],
    ],
    look,
  );
};

/** What a person should know of the password after saving. */
export const describeRest = (connection: SavedConnection): string => {
  if (connection.passwordCommand !== undefined) return 'Its password comes from the command at each use.';
  if (connection.passwordStorage === undefined) return 'No password is kept for it.';
  if (connection.passwordStorage === 'none') return 'The account has no password.';
  return connection.passwordStorage === 'base64'
    ? 'Its password is kept as base64, which is not encryption: whoever can read state.db can read it.'
    : 'Its password is kept encrypted; whoever can read both state.db and state.key can read it.';
};

/** A client key whose file is open. */
export const describeOpenKey = (path: string): string =>
  `warning: others can read ${path}. Close it:  chmod 600 ${quoteShellWord(path)}`;

/** The connection as `--json` shows it. */
export const toConnectionDocument = (connection: SavedConnection): object => {
  const { name, address, user, tls, access, isProtected } = connection;
  return {
    name,
    ...(address.kind === 'tcp'
      ? { host: address.host, port: address.port, ...(address.ssh !== undefined && { ssh: address.ssh }) }
      : { socket: address.path }),
    user,
    tls: toInlineTls(tls),
    access,
    protected: isProtected,
    password: connection.passwordCommand !== undefined ? 'command' : (connection.passwordStorage ?? null),
    created_at: connection.createdAt,
    last_used_at: connection.lastUsedAt ?? null,
    last_seen_server: connection.lastSeenServer ?? null,
  };
};

const TEST_COLUMNS: readonly Column[] = [
  { title: 'NAME', cut: 'last', isName: true },
  { title: 'RESULT', cut: 'last' },
  { title: 'SERVER', spare: 2 },
  { title: 'TLS', spare: 3 },
  { title: 'TIME', spare: 1 },
];

/** One row a test, as they are given. */
export const renderConnectionTests = (tests: readonly ConnectionTest[], look: Look): readonly string[] =>
  renderTable(
    TEST_COLUMNS,
    tests.map(({ name, result }) => [{ shown: name, color: 'bold' }, ...resultCells(result)]),
    look,
  );

/** Those that were reached without TLS on another machine. */
export const renderExposed = (tests: readonly ConnectionTest[]): readonly string[] => {
  const exposed = tests.filter(({ result }) => !(result instanceof SyncError) && result.isExposed);
  const lines = exposed.map(
    ({ name }) => `note: ${name} offers no TLS: its traffic can be read on the network`,
  );
  return lines.length === 0 ? [] : [...lines, `      ${NOT_ENCRYPTED_HINT}`];
};

const resultCells = (result: Answer | SyncError): readonly Cell[] =>
  result instanceof SyncError
    ? [{ shown: `FAILED ${result.code}`, color: 'red' }, '', '', '']
    : [
        { shown: 'ok', color: 'green' },
        result.server,
        result.tlsVersion ?? 'no TLS',
        { shown: formatDuration(result.milliseconds), piped: String(result.milliseconds) },
      ];

/** `MariaDB 10.11.19, TLSv1.3, 12 ms` */
export const describeAnswer = ({ server, tlsVersion, milliseconds }: Answer): string =>
  `${server}, ${tlsVersion ?? 'no TLS'}, ${formatDuration(milliseconds)}`;

/** SQL for whoever may grant it: what the account needs to read the databases, or to write them. */
export const renderGrants = (
  { name, access, result }: ConnectionTest,
  databases: readonly DatabaseName[],
): readonly string[] =>
  result instanceof SyncError
    ? []
    : [`-- ${name}, ${access}:`, ...listWantedGrants(roleOf(access), result, databases)];

const roleOf = (access: Access): Role => (access === 'read-write' ? 'target' : 'source');

/** The test as `--json` shows it. */
export const toTestDocument = (
  { name, access, result }: ConnectionTest,
  databases: readonly DatabaseName[],
): object =>
  result instanceof SyncError
    ? { name, ok: false, error: { code: result.code, message: result.message, hints: result.hints } }
    : {
        name,
        ok: true,
        server: result.server,
        tls: result.tlsVersion ?? null,
        exposed: result.isExposed,
        duration_milliseconds: result.milliseconds,
        ...(databases.length > 0 && { grants: listWantedGrants(roleOf(access), result, databases) }),
      };
