import { type Flavor, type Since, type Vendor, isAtLeast } from '../flavor.js';

/**
 * What servers can do or do otherwise, and since which version. The source is the vendor's release notes of that version,
 * or what the servers in the tests did where a row says "seen". `never` beside `always` is a lasting difference.
 */
export const FEATURES = {
  // Columns, keys and tables.
  /** GENERATED ALWAYS AS, as both vendors read it. */
  generatedColumns: { mysql: 'always', mariadb: [10, 2] },
  /** NOT NULL of a generated column. */
  notNullGeneratedColumns: { mysql: 'always', mariadb: 'never' },
  /** PRIMARY KEY over a generated column. */
  generatedPrimaryKeys: { mysql: 'always', mariadb: 'never' },
  /** DEFAULT (expression). */
  expressionDefaults: { mysql: [8, 0, 13], mariadb: [10, 2] },
  /** CHECK that the server keeps. */
  checks: { mysql: [8, 0, 16], mariadb: [10, 2] },
  /** CHECK ... NOT ENFORCED. */
  unenforcedChecks: { mysql: [8, 0, 16], mariadb: 'never' },
  /** Two tables of a database may have constraints of one name. */
  sameConstraintNames: { mysql: 'never', mariadb: 'always' },
  /** INVISIBLE columns. */
  invisibleColumns: { mysql: [8, 0, 23], mariadb: [10, 3] },
  /** An INVISIBLE column that is NOT NULL and has no default. */
  invisibleColumnsWithoutValue: { mysql: [8, 0, 23], mariadb: 'never' },
  /** COMPRESSED as an attribute of a column. */
  compressedColumns: { mysql: 'never', mariadb: [10, 3, 2] },
  /** DESC in a key. Older servers read it and sort ascending. */
  descendingKeys: { mysql: [8, 0], mariadb: [10, 8] },
  /** An index that queries do not use: INVISIBLE in MySQL, IGNORED in MariaDB. */
  unusedIndexes: { mysql: [8, 0], mariadb: [10, 6] },
  /** A key over an expression, for which the server has a hidden column. */
  expressionKeys: { mysql: [8, 0, 13], mariadb: 'never' },
  /** UNIQUE ... USING HASH of InnoDB. It is one of long values since MariaDB 10.4, and a usual index before. */
  uniqueHashes: { mysql: 'never', mariadb: 'always' },
  /** MyISAM keys of 2,000 bytes; others have 1,000. */
  longMyisamKeys: { mysql: 'never', mariadb: 'always' },
  /** ENGINE=Aria. */
  aria: { mysql: 'never', mariadb: 'always' },
  /** FLOAT and DOUBLE keep -0: seen. */
  negativeZero: { mysql: 'always', mariadb: 'never' },
  /** JSON holds decimals, times and bytes, and JSON_TABLE finds and writes them. */
  typedJson: { mysql: [8, 0, 4], mariadb: 'never' },
  /** JSON_TABLE and JSON_ARRAYAGG: the elements of an array as rows, and rows as an array. */
  jsonTables: { mysql: [8, 0, 4], mariadb: [10, 6] },
  /** TIMESTAMP up to 2106. */
  timestampsTo2106: { mysql: 'never', mariadb: [11, 5] },
  /** Sequences. */
  sequences: { mysql: 'never', mariadb: [10, 3] },
  /** system_versioning_insert_history: the past rows of a system-versioned table can be written. */
  historyInserts: { mysql: 'never', mariadb: [10, 11] },
  /** COMMENT of a database. */
  databaseComments: { mysql: 'never', mariadb: [10, 5] },
  /** DEFAULT ENCRYPTION of a database. */
  databaseEncryption: { mysql: [8, 0, 16], mariadb: 'never' },
  /** A table with DATA DIRECTORY moves to another database together with its files: seen. */
  movableDirectories: { mysql: 'always', mariadb: 'never' },

  // Texts and expressions.
  /** utf8mb4 has utf8mb4_0900_ai_ci by default. */
  uca900ByDefault: { mysql: [8, 0], mariadb: 'never' },
  /** utf8mb4 has utf8mb4_uca1400_ai_ci by default. */
  uca1400ByDefault: { mysql: 'never', mariadb: [11, 5] },
  /** Collations that several character sets share, with FULL_COLLATION_NAME in the catalog. */
  fullCollationNames: { mysql: 'never', mariadb: [10, 10] },
  /** An expression keeps characters of four bytes. MariaDB 10.5 stores a `?` for each: seen. */
  wideExpressions: { mysql: 'always', mariadb: [10, 6] },
  /** WITH RECURSIVE. */
  recursiveQueries: { mysql: [8, 0], mariadb: [10, 2, 2] },
  /** SET STATEMENT ... FOR: settings of one statement. */
  statementSettings: { mysql: 'never', mariadb: 'always' },
  /** MD5() and SHA1() are there only with a component. */
  weakHashesApart: { mysql: [9, 6], mariadb: 'never' },
  /** sql_mode NO_AUTO_CREATE_USER is unknown. */
  noAutoCreateUserGone: { mysql: [8, 0, 11], mariadb: 'never' },

  // information_schema and what the server prints.
  /** COLUMN_DEFAULT is an expression, with text in quotes. */
  quotedDefaults: { mysql: 'never', mariadb: [10, 2, 7] },
  /** The whole expression is there, as bytes, also where SHOW CREATE leaves out some of it: seen. */
  wholeExpressions: { mysql: 'always', mariadb: 'never' },
  /** Tables in place of files: names are looked up by an index and compared as the file system does. */
  dataDictionary: { mysql: [8, 0], mariadb: 'never' },
  /** UPDATE_TIME of InnoDB changes with every commit and nothing else sets it back; before, TRUNCATE was not tried. */
  updateTimes: { mysql: [8, 0], mariadb: [10, 3] },
  /** Columns are printed with the collation that they have from their table. */
  inheritedCollations: { mysql: 'always', mariadb: 'never' },
  /** A view with INTERSECT is printed without the conditions that the server made for it: seen. */
  intersectAsWritten: { mysql: 'never', mariadb: 'always' },
  /** The word for a replica in an event is REPLICA, and SLAVE elsewhere. */
  eventsOnReplica: { mysql: [8, 2], mariadb: 'never' },

  // Accounts and privileges.
  /** SHOW GRANTS lists the privileges of a role only with USING. */
  rolesToExpand: { mysql: [8, 0], mariadb: 'never' },
  /** A role, which has no host, can be a definer. */
  rolesAsDefiners: { mysql: 'never', mariadb: 'always' },
  /** SET_ANY_DEFINER, ALLOW_NONEXISTENT_DEFINER. */
  setAnyDefiner: { mysql: [8, 2], mariadb: 'never' },
  /** SET_USER_ID. */
  setUserId: { mysql: [8, 0], mariadb: 'never' },
  /** SET USER. */
  setUser: { mysql: 'never', mariadb: [10, 5, 2] },
  /** SHOW CREATE ROUTINE. */
  showCreateRoutine: { mysql: 'never', mariadb: [11, 3] },
  /** SHOW_ROUTINE. */
  showRoutine: { mysql: [8, 0, 20], mariadb: 'never' },
  /** BINLOG ADMIN. */
  binlogAdmin: { mysql: 'never', mariadb: [10, 5] },
  /** SUPER does not include BINLOG ADMIN. */
  binlogAdminApart: { mysql: 'never', mariadb: [11, 0] },

  // How rows are read and written.
  /** binlog_format STATEMENT refuses sequences and bulk parameters (1665, 4033). */
  statementLogRefusesRows: { mysql: 'never', mariadb: 'always' },
  /** One statement with an array of parameters. */
  bulkParameters: { mysql: 'never', mariadb: [10, 2] },
  /** BACKUP STAGE. MariaDB has it since 10.4; it was seen to do here since 10.5. */
  backupStages: { mysql: 'never', mariadb: [10, 5] },
  /** LOCK INSTANCE FOR BACKUP. */
  instanceBackupLock: { mysql: [8, 0], mariadb: 'never' },
  /** A snapshot tells its position in the binary log. */
  snapshotPositions: { mysql: 'never', mariadb: 'always' },
  /** gtid_current_pos: what it has written and applied; MySQL has gtid_executed. */
  gtidCurrentPos: { mysql: 'never', mariadb: 'always' },
  /** Several writers are faster in a table without AUTO_INCREMENT, which is exchanged for the real one: seen. */
  loadingTables: { mysql: 'never', mariadb: [10, 5] },
  /** transaction_read_only. MySQL 5.7 has it later on, where version comments ask for it. */
  transactionReadOnly: { mysql: 'always', mariadb: [11, 1, 1] },
  /** The vendor's dump client takes settings for its session. */
  dumpSessionSettings: { mysql: 'always', mariadb: 'never' },
} as const satisfies Readonly<Record<string, Since>>;

export type Feature = keyof typeof FEATURES;

export const supports = (flavor: Flavor, feature: Feature): boolean => isAtLeast(flavor, FEATURES[feature]);

/** Those that came with a version of that vendor. */
type Dated<V extends Vendor> = {
  [F in Feature]: (typeof FEATURES)[F][V] extends readonly number[] ? F : never;
}[Feature];

/** `8.0.23`, for a message. */
export const firstVersion = <V extends Vendor>(feature: Dated<V>, vendor: V): string =>
  (FEATURES[feature][vendor] as readonly number[]).join('.');
