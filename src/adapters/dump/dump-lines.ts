/** What a line of a dump does that is no part of an INSERT. */
export type LineKind =
  | 'comment'
  /** From here on, text is utf8mb4. */
  | 'names'
  | 'other-names'
  /** From here on, backslashes escape. */
  | 'mode'
  | 'setting'
  /** Rows are over. */
  | 'restore';

const VARIABLE =
  '(CHARACTER_SET_CLIENT|CHARACTER_SET_RESULTS|COLLATION_CONNECTION|TIME_ZONE|UNIQUE_CHECKS|FOREIGN_KEY_CHECKS|SQL_MODE|SQL_NOTES|NOTE_VERBOSITY)';

/**
 * The settings of a dump's session. Their values are given: under another sql_mode or character set, a string of the
 * dump would end elsewhere than it seems.
 */
const SETTINGS: readonly (readonly [LineKind, RegExp])[] = [
  ['names', /^NAMES utf8mb4$/],
  ['other-names', /^NAMES \w+$/],
  ['mode', /^@OLD_SQL_MODE=@@SQL_MODE, SQL_MODE='NO_AUTO_VALUE_ON_ZERO(?:,ALLOW_INVALID_DATES)?'$/],
  ['restore', new RegExp(`^${VARIABLE}=@OLD_\\1$`)],
  ['setting', new RegExp(`^@OLD_${VARIABLE}=@@\\1$`)],
  ['setting', /^@OLD_(UNIQUE_CHECKS|FOREIGN_KEY_CHECKS|SQL_NOTES|NOTE_VERBOSITY)=@@\1, \1=[01]$/],
  ['setting', /^TIME_ZONE='\+00:00'$/],
  [
    'setting',
    /^@old_system_versioning_insert_history=@@session\.system_versioning_insert_history, @@session\.system_versioning_insert_history=1$/,
  ],
  ['setting', /^system_versioning_insert_history=@old_system_versioning_insert_history$/],
];

/** What Percona's client writes around a dump, for tables of RocksDB. */
const OF_PERCONA: ReadonlySet<string> = new Set([
  "/*!50717 SELECT COUNT(*) INTO @rocksdb_has_p_s_session_variables FROM INFORMATION_SCHEMA.TABLES WHERE TABLE_SCHEMA = 'performance_schema' AND TABLE_NAME = 'session_variables' */;",
  "/*!50717 SET @rocksdb_get_is_supported = IF (@rocksdb_has_p_s_session_variables, 'SELECT COUNT(*) INTO @rocksdb_is_supported FROM performance_schema.session_variables WHERE VARIABLE_NAME=\\'rocksdb_bulk_load\\'', 'SELECT 0') */;",
  '/*!50717 PREPARE s FROM @rocksdb_get_is_supported */;',
  "/*!50717 SET @rocksdb_enable_bulk_load = IF (@rocksdb_is_supported, 'SET SESSION rocksdb_bulk_load = 1', 'SET @rocksdb_dummy_bulk_load = 0') */;",
  '/*!50717 PREPARE s FROM @rocksdb_enable_bulk_load */;',
  '/*!50717 EXECUTE s */;',
  '/*!50717 DEALLOCATE PREPARE s */;',
  "/*!50112 SET @disable_bulk_load = IF (@is_rocksdb_supported, 'SET SESSION rocksdb_bulk_load = @old_rocksdb_bulk_load', 'SET @dummy_rocksdb_bulk_load = 0') */;",
  '/*!50112 PREPARE s FROM @disable_bulk_load */;',
  '/*!50112 EXECUTE s */;',
  '/*!50112 DEALLOCATE PREPARE s */;',
]);

/** MySQL 8.0 wrote some of them without a comment for a while. */
const SET = /^(?:\/\*M?!\d{5,6} SET (.*) \*\/| SET (.*) );$/;

/**
 * Undefined for what no dump of rows has. A comment ends with its line for clients and servers alike, so that one with
 * a line break in it (in the server's version, or in a name) cannot go on as a statement.
 */
export const readLine = (line: string): LineKind | undefined => {
  if (line === '' || line === '--' || line.startsWith('-- ')) return 'comment';
  if (OF_PERCONA.has(line)) return 'setting';
  const [, inComment, bare] = SET.exec(line) ?? [];
  const setting = inComment ?? bare;
  return setting === undefined ? undefined : SETTINGS.find(([, pattern]) => pattern.test(setting))?.[0];
};
