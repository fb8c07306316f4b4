import type mysql from 'mysql2/promise';
import { STRICT_MODE } from '../../../core/session/target-modes.js';
import { type SessionSettings, applySettings, sessionOf } from '../connection/session-settings.js';

/**
 * No DEFAULT CURRENT_TIMESTAMP that the definition does not have, no column that it does not have, foreign keys on keys
 * that are not unique, tables without a primary key; engines and storage as the definition says.
 */
const SETTINGS: SessionSettings = {
  essential: [
    { name: 'sql_mode', value: `'${STRICT_MODE}'` },
    { name: 'foreign_key_checks', value: '0' },
  ],
  wished: [
    { name: 'explicit_defaults_for_timestamp', value: '1', on: '!50708' },
    { name: 'explicit_defaults_for_timestamp', value: '1', on: 'M!100108' },
    { name: 'sql_generate_invisible_primary_key', value: '0', on: '!80030' },
    { name: 'restrict_fk_on_non_standard_key', value: '0', on: '!80400' },
    { name: 'sql_require_primary_key', value: '0', on: '!80013' },
    { name: 'innodb_compression_default', value: '0', on: 'M!100103' },
  ],
};

/** For statements that make or move tables: definitions are taken as they are, and foreign keys are not checked. */
export const prepareForTables = async (connection: mysql.Connection): Promise<void> => {
  await applySettings(sessionOf(connection, 'the target'), SETTINGS);
};
