import type { Hazard } from '../change-set.js';
import { supports } from '../../server/features.js';
import { hasPrivilege } from '../../server/grants.js';
import type { ServerFacts } from '../../server/inventory.js';
import { traitsOf } from '../../plan/row-engines.js';
import { isBoundToStatements } from '../../session/binary-log.js';
import { type HazardRule, type Situation, copiedTables, filledTables, listNames } from './hazard-rule.js';
import { formatPlural } from '../../plural.js';

/** What the rules of this file have to know of a server's settings. */
export const HAZARDOUS_SETTINGS = [
  'sql_require_primary_key',
  'sql_generate_invisible_primary_key',
  'enforce_storage_engine',
  'disabled_storage_engines',
  'max_join_size',
  'binlog_format',
  'secure_timestamp',
  'default_table_encryption',
  'table_encryption_privilege_check',
  'innodb_page_size',
  'max_heap_table_size',
  'event_scheduler',
] as const;

type HazardousSetting = (typeof HAZARDOUS_SETTINGS)[number];

/** Settings that no session of this account may change, and that the copy cannot be made under. */
export const serverSetting: HazardRule = (situation) => [
  ...withoutPrimaryKey(situation),
  ...enginesNotAllowed(situation),
  ...smallJoinsInDump(situation),
  ...sequencesAsStatements(situation),
  ...historyAtSecureTimes(situation),
  ...encryptionNotChosen(situation),
  ...smallerPages(situation),
  ...smallerMemory(situation),
];

const valueOf = ({ settings }: ServerFacts, name: HazardousSetting): string =>
  (settings?.get(name) ?? '').toUpperCase();

const blocks = (message: string, hint: string): Hazard => ({
  code: 'SERVER_SETTING',
  severity: 'blocks',
  message,
  hint,
});

/** Either of them can be turned off for a session, which takes a privilege. */
const SETTERS = ['SESSION_VARIABLES_ADMIN', 'SYSTEM_VARIABLES_ADMIN', 'SUPER'];
const KEY_SETTINGS = {
  sql_require_primary_key: 'refuses tables without a primary key',
  sql_generate_invisible_primary_key: 'adds a column to tables without a primary key',
} as const;

const withoutPrimaryKey = (situation: Situation): readonly Hazard[] => {
  const { targetServer } = situation;
  if (SETTERS.some((privilege) => hasPrivilege(targetServer.grants, privilege))) return [];
  const keyless = copiedTables(situation).filter(
    ({ kind, columns }) =>
      kind !== 'sequence' && columns.every(({ primaryKeyPosition }) => primaryKeyPosition === undefined),
  );
  if (keyless.length === 0) return [];
  return (['sql_require_primary_key', 'sql_generate_invisible_primary_key'] as const)
    .filter((name) => valueOf(targetServer, name) === 'ON')
    .map((name) =>
      blocks(
        `the target ${KEY_SETTINGS[name]} (${name}): ${listNames(keyless.map((table) => table.name))}`,
        `Exclude the tables (tables.exclude), or let this account turn that off for its sessions:  GRANT SESSION_VARIABLES_ADMIN ON *.* TO ${targetServer.account}`,
      ),
    );
};

const enginesNotAllowed = (situation: Situation): readonly Hazard[] => {
  const { targetServer } = situation;
  const enforced = valueOf(targetServer, 'enforce_storage_engine');
  const disabled = valueOf(targetServer, 'disabled_storage_engines').split(',');
  const isRefused = (engine: string): boolean =>
    (enforced !== '' && engine !== enforced) || disabled.includes(engine);
  // A table that the source cannot open has no engine, and a rule of its own.
  const refused = copiedTables(situation).filter(
    ({ kind, engine }) => kind !== 'sequence' && engine !== undefined && isRefused(engine.toUpperCase()),
  );
  if (refused.length === 0) return [];
  return [
    blocks(
      `the target allows no tables of these storage engines (${enforced === '' ? 'disabled_storage_engines' : 'enforce_storage_engine'}): ${listNames(refused.map(({ name, engine }) => `${name} (${engine ?? ''})`))}`,
      'Exclude the tables (tables.exclude), or change the setting on the target.',
    ),
  ];
};

/** What the dump client asks for itself takes a few thousand rows. */
const FEWEST_JOINED_ROWS = 10_000;

/** MariaDB's dump client takes no settings for its session. */
const smallJoinsInDump = (situation: Situation): readonly Hazard[] => {
  const { options, sourceServer } = situation;
  if (!traitsOf(options.engine).textDump || supports(sourceServer.flavor, 'dumpSessionSettings')) return [];
  const limit = Number(sourceServer.settings?.get('max_join_size') ?? Infinity);
  const largest = Math.max(0, ...filledTables(situation).map(({ rowsEstimate }) => rowsEstimate));
  if (limit >= Math.max(FEWEST_JOINED_ROWS, 2 * largest)) return [];
  return [
    blocks(
      `the source lets a statement read ${formatPlural(limit, 'row')} (max_join_size), and mariadb-dump cannot lift that`,
      'Copy with engine: native.',
    ),
  ];
};

const sequencesAsStatements = (situation: Situation): readonly Hazard[] => {
  const { targetServer } = situation;
  const sequences = copiedTables(situation).filter(({ kind }) => kind === 'sequence');
  if (sequences.length === 0 || !isBoundToStatements(targetServer)) return [];
  return [
    blocks(
      `the target writes sequences into its binary log as rows only, and binlog_format is STATEMENT: ${listNames(sequences.map(({ name }) => name))}`,
      `Exclude them (tables.exclude), or let this account choose the format of its sessions:  GRANT ${supports(targetServer.flavor, 'binlogAdmin') ? 'BINLOG ADMIN' : 'SUPER'} ON *.* TO ${targetServer.account}`,
    ),
  ];
};

/** The past of a row is written with the times of the past. */
const historyAtSecureTimes = (situation: Situation): readonly Hazard[] => {
  const { targetServer } = situation;
  const mode = valueOf(targetServer, 'secure_timestamp');
  const versioned = filledTables(situation).filter(({ kind }) => kind === 'system-versioned');
  if (versioned.length === 0 || ['', 'NO'].includes(mode)) return [];
  const permitting =
    mode === 'SUPER' ? ['SUPER', 'BINLOG REPLAY'] : mode === 'REPLICATION' ? ['BINLOG REPLAY'] : [];
  if (permitting.some((privilege) => hasPrivilege(targetServer.grants, privilege))) return [];
  const exclude = 'Exclude the tables (tables.exclude), or copy their structure only (tables.structure_only)';
  return [
    blocks(
      `the target lets no session write times of its own (secure_timestamp = ${mode}), so the history of rows cannot be copied: ${listNames(versioned.map(({ name }) => name))}`,
      permitting.length === 0
        ? `${exclude}; or start the target with another secure_timestamp.`
        : `${exclude}; or:  GRANT BINLOG REPLAY ON *.* TO ${targetServer.account}`,
    ),
  ];
};

/** With table_encryption_privilege_check, whoever departs from default_table_encryption needs a privilege. */
const encryptionNotChosen = ({ source, targetServer }: Situation): readonly Hazard[] => {
  const isDefault = valueOf(targetServer, 'default_table_encryption') === 'ON';
  if (
    valueOf(targetServer, 'table_encryption_privilege_check') !== 'ON' ||
    hasPrivilege(targetServer.grants, 'TABLE_ENCRYPTION_ADMIN') ||
    (!isDefault && !source.isEncrypted)
  )
    return [];
  return [
    blocks(
      `the target lets this account make ${isDefault ? 'nothing but encrypted databases' : 'no encrypted database'} (table_encryption_privilege_check)`,
      `Let it decide:  GRANT TABLE_ENCRYPTION_ADMIN ON *.* TO ${targetServer.account}`,
    ),
  ];
};

const notes = (message: string, hint: string): Hazard => ({
  code: 'SERVER_SETTING',
  severity: 'note',
  message,
  hint,
});

/** Source and target; empty where the target allows as much. */
const listSmaller = (
  { sourceServer, targetServer }: Situation,
  name: HazardousSetting,
): readonly [source: number, target: number] | undefined => {
  const [here, there] = [Number(valueOf(sourceServer, name)), Number(valueOf(targetServer, name))];
  return there > 0 && there < here ? [here, there] : undefined;
};

/** Which keys and rows fit is for the target to say: it makes the tables before any row moves. */
const smallerPages = (situation: Situation): readonly Hazard[] => {
  const bytes = listSmaller(situation, 'innodb_page_size');
  if (!bytes || !copiedTables(situation).some(({ engine }) => engine?.toLowerCase() === 'innodb')) return [];
  return [
    notes(
      `InnoDB of the target has pages of ${String(bytes[1])} bytes, and of the source ${String(bytes[0])} (innodb_page_size), so long keys and rows may not fit`,
      'A table that does not fit fails its database before any row is copied, and the target stays as it is.',
    ),
  ];
};

const smallerMemory = (situation: Situation): readonly Hazard[] => {
  const bytes = listSmaller(situation, 'max_heap_table_size');
  if (!bytes) return [];
  const large = filledTables(situation).filter(
    ({ engine, dataBytes, indexBytes }) =>
      engine?.toLowerCase() === 'memory' && dataBytes + indexBytes > bytes[1],
  );
  if (large.length === 0) return [];
  return [
    notes(
      `tables in memory may have ${String(bytes[1])} bytes on the target (max_heap_table_size), and these have more on the source: ${listNames(large.map(({ name }) => name))}`,
      'Allow more there (SET GLOBAL max_heap_table_size), or exclude them (tables.exclude).',
    ),
  ];
};
