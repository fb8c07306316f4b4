import { NO_TIME_LIMITS, type SessionSettings } from '../session-settings.js';

/** Cells come as the bytes that are stored, times in UTC, CHAR without padding. */
const READING = ['NAMES utf8mb4', 'character_set_results = NULL', "time_zone = '+00:00'"] as const;

export const SOURCE_SETTINGS: SessionSettings = {
  // Keys that are dates no calendar has are compared too.
  essential: [...READING, "sql_mode = 'ALLOW_INVALID_DATES'"],
  wished: NO_TIME_LIMITS,
  alone: [
    // Without it a server only warns that it takes no snapshot.
    'SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ',
    // Members of a cluster have it.
    'SET SESSION wsrep_sync_wait = 1',
  ],
};

/** Rows are taken as they are or refused; an id of 0 stays 0, and no date is made up. */
export const STRICT_MODE =
  'NO_AUTO_VALUE_ON_ZERO,NO_ENGINE_SUBSTITUTION,ALLOW_INVALID_DATES,STRICT_ALL_TABLES';

/** For rows with the error value of an ENUM, which no strict session can write again. */
export const LENIENT_MODE = 'NO_AUTO_VALUE_ON_ZERO,NO_ENGINE_SUBSTITUTION,ALLOW_INVALID_DATES';

/**
 * The copy has the rows that the source has, also those that break a rule: orphans of foreign keys, and on MariaDB
 * rows that a CHECK made later would refuse. Unique keys are always checked.
 */
export const TARGET_SETTINGS: SessionSettings = {
  essential: [
    ...READING,
    `sql_mode = '${STRICT_MODE}'`,
    'foreign_key_checks = 0',
    'unique_checks = 1',
    'sql_quote_show_create = 1',
    // Only another lane can hold a staged table, and none does so for long; a day is the usual limit.
    'lock_wait_timeout = 600',
  ],
  wished: [
    ...NO_TIME_LIMITS,
    { assignment: 'check_constraint_checks = 0', on: 'M!100201' },
    { assignment: 'system_versioning_insert_history = 1', on: 'M!101100' },
    // For foreign keys that are made again after the rows.
    { assignment: 'restrict_fk_on_non_standard_key = 0', on: '!80400' },
  ],
};
