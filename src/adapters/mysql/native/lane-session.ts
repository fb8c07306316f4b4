import type { SessionSettings } from './lane-connection.js';

const DAY_SECONDS = 86_400;
const NO_TIME_LIMITS = [
  `SET SESSION wait_timeout = ${DAY_SECONDS}, net_read_timeout = ${DAY_SECONDS}, net_write_timeout = ${DAY_SECONDS}`,
  'SET SESSION max_execution_time = 0',
  'SET SESSION max_statement_time = 0',
  'SET SESSION idle_transaction_timeout = 0',
  'SET SESSION idle_readonly_transaction_timeout = 0',
] as const;

/** Cells come as the bytes that are stored, times in UTC, CHAR without padding. */
const READING = [
  'SET NAMES utf8mb4',
  'SET SESSION character_set_results = NULL',
  `SET SESSION time_zone = '+00:00'`,
] as const;

/** Without REPEATABLE READ a server only warns that it takes no snapshot. */
export const SOURCE_SETTINGS: SessionSettings = {
  essential: [
    ...READING,
    // Keys that are dates no calendar has are compared too.
    `SET SESSION sql_mode = 'ALLOW_INVALID_DATES'`,
    'SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ',
  ],
  wished: [...NO_TIME_LIMITS, 'SET SESSION wsrep_sync_wait = 1'],
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
    `SET SESSION sql_mode = '${STRICT_MODE}'`,
    'SET SESSION foreign_key_checks = 0, unique_checks = 1',
  ],
  wished: [
    ...NO_TIME_LIMITS,
    // Only another lane can hold a staged table, and none does so for long; a day is the usual limit.
    'SET SESSION lock_wait_timeout = 600',
    'SET SESSION check_constraint_checks = 0',
    'SET SESSION system_versioning_insert_history = 1',
    'SET SESSION sql_quote_show_create = 1',
    // For foreign keys that are made again after the rows.
    'SET SESSION restrict_fk_on_non_standard_key = 0',
  ],
};
