import type { SessionSetting } from './setting.js';

/**
 * What every session of this tool relies on, whatever the server or its `init_connect` says. None of these needs a
 * privilege, so that one statement sets them all for every account.
 */
export const EVERY_SESSION: readonly SessionSetting[] = [
  { name: 'NAMES', value: 'utf8mb4' },
  { name: 'sql_mode', value: "''" },
  { name: 'time_zone', value: "'+00:00'" },
  // What is written is there when the statement ends, and stays with the next one.
  { name: 'autocommit', value: '1' },
  { name: 'completion_type', value: "'NO_CHAIN'" },
  // All rows are read, and all statements are taken.
  { name: 'sql_select_limit', value: '18446744073709551615' },
  { name: 'max_join_size', value: '18446744073709551615' },
  { name: 'sql_big_selects', value: '1' },
  { name: 'sql_safe_updates', value: '0' },
  { name: 'sql_auto_is_null', value: '0' },
  { name: 'sql_buffer_result', value: '0' },
  { name: 'foreign_key_checks', value: '1' },
  { name: 'unique_checks', value: '1' },
  // A note may be all that tells of a value that was changed.
  { name: 'sql_notes', value: '1' },
  { name: 'sql_quote_show_create', value: '1' },
  // As servers have them: 0 means not to wait at all.
  { name: 'lock_wait_timeout', value: '86400' },
  { name: 'transaction_read_only', value: '0', on: '!50720' },
  { name: 'transaction_isolation', value: "'REPEATABLE-READ'", on: '!50720' },
  { name: 'transaction_read_only', value: '0', on: 'M!110101' },
  { name: 'transaction_isolation', value: "'REPEATABLE-READ'", on: 'M!110101' },
  { name: 'show_create_table_verbosity', value: '0', on: '!50722' },
  { name: 'show_create_table_skip_secondary_engine', value: '0', on: '!80018' },
  { name: 'show_gipk_in_create_table_and_information_schema', value: '1', on: '!80030' },
  { name: 'sql_if_exists', value: '0', on: 'M!100502' },
  // On MySQL these three take a privilege.
  { name: 'character_set_filesystem', value: 'binary', on: 'M!100000' },
  { name: 'low_priority_updates', value: '0', on: 'M!100000' },
  { name: 'max_error_count', value: '64', on: 'M!100000' },
  // `utf8` has three bytes, as it has everywhere else.
  { name: 'old_mode', value: "'UTF8_IS_UTF8MB3'", on: 'M!100601' },
  // MariaDB 11.5 would give a name without COLLATE another collation than the character set's own. Not '', which is
  // NULL until sql_mode is set.
  { name: 'character_set_collations', value: "'latin1=latin1_swedish_ci'", on: 'M!110201' },
];

/** Where one of these is refused, a copy goes on: it gets slower, or fails with the server's own words. */
export const EVERY_SESSION_WISHED: readonly SessionSetting[] = [
  { name: 'innodb_lock_wait_timeout', value: '50' },
  { name: 'tx_read_only', value: '0', on: 'M!100000' },
  { name: 'tx_isolation', value: "'REPEATABLE-READ'", on: 'M!100000' },
  { name: 'alter_algorithm', value: "'DEFAULT'", on: 'M!100307' },
  { name: 'old_alter_table', value: '0', on: '!50700' },
  { name: 'system_versioning_asof', value: 'DEFAULT', on: 'M!100304' },
  { name: 'max_session_mem_used', value: '9223372036854775807', on: 'M!100103' },
  { name: 'information_schema_stats_expiry', value: '0', on: '!80011' },
];

const DAY_SECONDS = 86_400;

/** A copy may take hours, and a session may wait for hours until others are done. */
export const NO_TIME_LIMITS: readonly SessionSetting[] = [
  { name: 'wait_timeout', value: `${DAY_SECONDS}` },
  { name: 'net_read_timeout', value: `${DAY_SECONDS}` },
  { name: 'net_write_timeout', value: `${DAY_SECONDS}` },
  { name: 'max_execution_time', value: '0', on: '!50708' },
  { name: 'max_statement_time', value: '0', on: 'M!100101' },
  { name: 'idle_transaction_timeout', value: '0', on: 'M!100300' },
  { name: 'idle_readonly_transaction_timeout', value: '0', on: 'M!100300' },
  { name: 'idle_write_transaction_timeout', value: '0', on: 'M!100300' },
];
