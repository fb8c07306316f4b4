import type mysql from 'mysql2/promise';
import { type SessionSettings, applySettings } from './session-settings.js';

/** Strict, but for dates that older servers allowed; an engine that is missing is an error and not InnoDB. */
const TABLE_MODE = 'NO_AUTO_VALUE_ON_ZERO,NO_ENGINE_SUBSTITUTION,ALLOW_INVALID_DATES,STRICT_ALL_TABLES';

/**
 * No DEFAULT CURRENT_TIMESTAMP that the definition does not have, no column that it does not have, foreign keys on keys
 * that are not unique, tables without a primary key, collations of character sets as they always were.
 */
const SETTINGS: SessionSettings = {
  essential: [`sql_mode = '${TABLE_MODE}'`, 'foreign_key_checks = 0'],
  wished: [
    { assignment: 'explicit_defaults_for_timestamp = 1', on: '!50708' },
    { assignment: 'explicit_defaults_for_timestamp = 1', on: 'M!100108' },
    { assignment: 'sql_generate_invisible_primary_key = 0', on: '!80030' },
    { assignment: 'restrict_fk_on_non_standard_key = 0', on: '!80400' },
    { assignment: 'sql_require_primary_key = 0', on: '!80013' },
    { assignment: "character_set_collations = ''", on: 'M!110201' },
  ],
};

/** For statements that make or move tables: definitions are taken as they are, and foreign keys are not checked. */
export const prepareForTables = async (connection: mysql.Connection): Promise<void> =>
  applySettings((sql) => connection.query(sql), SETTINGS);
