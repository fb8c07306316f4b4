import type mysql from 'mysql2/promise';
import type { Endpoint } from '../../../core/server/connection.js';
import { SyncError } from '../../../core/errors.js';
import { sha256Hex } from '../../../core/fingerprint.js';
import { HAZARDOUS_SETTINGS } from '../../../core/change/hazards/server-setting.js';
import { type Flavor, describeFlavor, isSupported, parseFlavor } from '../../../core/flavor.js';
import { supports } from '../../../core/server/features.js';
import type { Grants, ServerFacts } from '../../../core/server/inventory.js';
import { isAccessDenied, isUnknownTable, toServerError } from '../connection/errors.js';
import { parseGrants } from './grants.js';
import { quoteText } from '../connection/identifiers.js';
import { readFirstColumn, readRows } from '../connection/rows.js';
import { together } from '../connection/together.js';

type Variables = ReadonlyMap<string, string>;

const WANTED_VARIABLES = [
  'version',
  'version_comment',
  'server_uuid',
  'server_uid',
  'hostname',
  'port',
  'datadir',
  'lower_case_table_names',
  'read_only',
  'innodb_read_only',
  'max_allowed_packet',
  'log_bin',
  'log_bin_trust_function_creators',
  'local_infile',
  'partial_revokes',
  ...HAZARDOUS_SETTINGS,
] as const;

/**
 * What kind of server this is and what the account may do there. Of a server that is still the `known` one, what its
 * variables do not tell is taken over.
 * @throws SyncError SERVER_UNSUPPORTED, CONN_LOST, SERVER_ERROR
 */
export const readServerFacts = async (
  connection: mysql.Connection,
  endpoint: Endpoint,
  known?: ServerFacts,
): Promise<ServerFacts> => {
  try {
    const variables = await readVariables(connection);
    const flavor = checkFlavor(variables, endpoint);
    const told = interpretVariables(variables);
    if (known?.identity === told.identity && describeFlavor(known.flavor) === describeFlavor(flavor))
      return { ...known, ...told };
    const [[account = ''], tls, collations, storageEngines, free, grants] = await together([
      readFirstColumn(connection, 'SELECT CURRENT_USER()'),
      readPairs(connection, `SHOW SESSION STATUS LIKE 'Ssl_version'`),
      readCollations(connection, flavor),
      readFirstColumn(
        connection,
        `SELECT ENGINE FROM information_schema.ENGINES WHERE SUPPORT IN ('YES', 'DEFAULT')`,
      ),
      readFreeBytes(connection, variables),
      readGrants(connection, flavor, variables),
    ]);
    return {
      ...told,
      flavor,
      account,
      tlsVersion: tls.get('ssl_version') || undefined,
      collations,
      storageEngines: new Set(storageEngines),
      ...free,
      grants,
    };
  } catch (error) {
    throw toServerError(error, endpoint, 'read what kind of server this is');
  }
};

/** MariaDB's plugin DISKS, where it is installed and the account may read it; the longest mount point wins. */
const readFreeBytes = async (
  connection: mysql.Connection,
  variables: Variables,
): Promise<{ readonly freeBytes?: number }> => {
  try {
    const folder = quoteText(variables.get('datadir') ?? '');
    const [kibibytes] = await readFirstColumn(
      connection,
      `SELECT Available FROM information_schema.DISKS WHERE ${folder} LIKE CONCAT(Path, '%') ORDER BY LENGTH(Path) DESC LIMIT 1`,
    );
    return kibibytes === undefined ? {} : { freeBytes: Number(kibibytes) * 1024 };
  } catch (error) {
    if (isUnknownTable(error) || isAccessDenied(error)) return {};
    throw error;
  }
};

/** Names that this server does not have are left out of its answer. */
const readVariables = async (connection: mysql.Connection): Promise<Variables> =>
  readPairs(
    connection,
    `SHOW GLOBAL VARIABLES WHERE Variable_name IN (${WANTED_VARIABLES.map((name) => `'${name}'`).join(', ')})`,
  );

/** A copied data folder has its original's id, and many servers have the same port and folder: only together they are unique. */
const IDENTITY_VARIABLES = ['server_uuid', 'server_uid', 'hostname', 'port', 'datadir'] as const;

/** The part of the facts that variables alone tell. */
export const interpretVariables = (
  variables: Variables,
): Omit<ServerFacts, 'flavor' | 'account' | 'tlsVersion' | 'collations' | 'storageEngines' | 'grants'> => ({
  identity: sha256Hex(JSON.stringify(IDENTITY_VARIABLES.map((name) => variables.get(name) ?? null))).slice(
    0,
    32,
  ),
  lowerCaseTableNames: Number(variables.get('lower_case_table_names') ?? 0),
  isReadOnly: isOn(variables, 'read_only') || isOn(variables, 'innodb_read_only'),
  maxAllowedPacketBytes: Number(variables.get('max_allowed_packet') ?? 0),
  hasBinaryLog: isOn(variables, 'log_bin'),
  trustsFunctionCreators: isOn(variables, 'log_bin_trust_function_creators'),
  takesLocalFiles: isOn(variables, 'local_infile'),
  // It can be DISABLED, too.
  runsEvents: variables.get('event_scheduler')?.toUpperCase() === 'ON',
  settings: new Map(
    HAZARDOUS_SETTINGS.flatMap((name) => {
      const value = variables.get(name);
      return value === undefined ? [] : [[name, value] as const];
    }),
  ),
});

/** Newer MariaDB has more words than ON for `read_only`. */
const isOn = (variables: Variables, name: string): boolean =>
  !['', '0', 'OFF'].includes((variables.get(name) ?? '').toUpperCase());

/** Servers that speak the protocol and are neither MySQL nor MariaDB nor a fork of one. */
const IMITATIONS =
  /tidb|vitess|planetscale|singlestore|memsql|oceanbase|starrocks|doris|clickhouse|dolt|databend|greptime|manticore/i;

/** @throws SyncError SERVER_UNSUPPORTED */
export const checkFlavor = (variables: Variables, endpoint: Pick<Endpoint, 'name'>): Flavor => {
  const version = variables.get('version') ?? '';
  const comment = variables.get('version_comment') ?? '';
  const imitation = IMITATIONS.exec(`${version} ${comment}`);
  const flavor = parseFlavor(version, comment);
  if (imitation === null && isSupported(flavor)) return flavor;
  const found = imitation === null ? describeFlavor(flavor) : `"${`${version} ${comment}`.trim()}"`;
  throw new SyncError('SERVER_UNSUPPORTED', {
    message: `${endpoint.name}: this server is ${found}, which mysql-sync does not support`,
    hints: ['Supported are MySQL 5.7 and newer, MariaDB 10.0 and newer, and their direct forks.'],
  });
};

/** From 10.10 on MariaDB lists the collations of several character sets without the character set in the name. */
const readCollations = async (connection: mysql.Connection, flavor: Flavor): Promise<ReadonlySet<string>> => {
  const names = supports(flavor, 'fullCollationNames')
    ? 'FULL_COLLATION_NAME FROM information_schema.COLLATION_CHARACTER_SET_APPLICABILITY'
    : 'COLLATION_NAME FROM information_schema.COLLATIONS';
  return new Set(await readFirstColumn(connection, `SELECT ${names}`));
};

/** Active roles count. MariaDB lists their grants by itself; MySQL is told which roles to expand. */
const readGrants = async (
  connection: mysql.Connection,
  flavor: Flavor,
  variables: Variables,
): Promise<Grants> => {
  const [roles = 'NONE'] = supports(flavor, 'rolesToExpand')
    ? await readFirstColumn(connection, 'SELECT CURRENT_ROLE()')
    : [];
  const sql = roles === 'NONE' ? 'SHOW GRANTS' : `SHOW GRANTS FOR CURRENT_USER() USING ${roles}`;
  return parseGrants(await readFirstColumn(connection, sql), {
    wildcards: isOn(variables, 'partial_revokes') ? 'literal' : 'read',
    patterns: roles === 'NONE' ? 'best' : 'unknown',
  });
};

const readPairs = async (connection: mysql.Connection, sql: string): Promise<Variables> =>
  new Map((await readRows(connection, sql)).map(([name, value]) => [name?.toLowerCase() ?? '', value ?? '']));
