import {
  EVERY_SESSION,
  EVERY_SESSION_WISHED,
  NO_TIME_LIMITS,
} from '../../../../core/session/every-session.js';
import type { SessionSetting } from '../../../../core/session/setting.js';
import { STRICT_MODE } from '../../../../core/session/target-modes.js';
import type { SessionSettings } from '../../connection/session-settings.js';

/** Cells come as the bytes that are stored. */
const READING: readonly SessionSetting[] = [
  ...EVERY_SESSION,
  { name: 'character_set_results', value: 'NULL' },
];
const WISHED = [...EVERY_SESSION_WISHED, ...NO_TIME_LIMITS];

export const SOURCE_SETTINGS: SessionSettings = {
  // Keys that are dates no calendar has are compared too.
  essential: [...READING, { name: 'sql_mode', value: "'ALLOW_INVALID_DATES'" }],
  wished: WISHED,
  alone: [
    // Without it a server only warns that it takes no snapshot.
    'SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ',
    // Members of a cluster have it.
    'SET SESSION wsrep_sync_wait = 1',
  ],
};

/**
 * The copy has the rows that the source has, also those that break a rule: orphans of foreign keys, and on MariaDB
 * rows that a CHECK made later would refuse. Unique keys are always checked.
 */
export const TARGET_SETTINGS: SessionSettings = {
  essential: [
    ...READING,
    { name: 'sql_mode', value: `'${STRICT_MODE}'` },
    { name: 'foreign_key_checks', value: '0' },
    // Only another lane can hold a staged table, and none does so for long; a day is the usual limit.
    { name: 'lock_wait_timeout', value: '600' },
  ],
  wished: [
    ...WISHED,
    { name: 'check_constraint_checks', value: '0', on: 'M!100201' },
    { name: 'system_versioning_insert_history', value: '1', on: 'M!101100' },
    // For foreign keys that are made again after the rows.
    { name: 'restrict_fk_on_non_standard_key', value: '0', on: '!80400' },
  ],
};
