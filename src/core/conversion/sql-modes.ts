/** `sql_mode` words that mean the same on both vendors. */
const COMMON = new Set([
  ...['REAL_AS_FLOAT', 'PIPES_AS_CONCAT', 'ANSI_QUOTES', 'IGNORE_SPACE', 'ONLY_FULL_GROUP_BY'],
  ...['NO_UNSIGNED_SUBTRACTION', 'NO_DIR_IN_CREATE', 'NO_AUTO_VALUE_ON_ZERO', 'NO_BACKSLASH_ESCAPES'],
  ...['STRICT_TRANS_TABLES', 'STRICT_ALL_TABLES', 'NO_ZERO_IN_DATE', 'NO_ZERO_DATE', 'ALLOW_INVALID_DATES'],
  ...[
    'ERROR_FOR_DIVISION_BY_ZERO',
    'HIGH_NOT_PRECEDENCE',
    'NO_ENGINE_SUBSTITUTION',
    'PAD_CHAR_TO_FULL_LENGTH',
  ],
]);

/** Names for several others, which are listed beside them, and words that never had an effect on a program. */
const IDLE = new Set([
  ...['ANSI', 'TRADITIONAL', 'NO_AUTO_CREATE_USER', 'NO_KEY_OPTIONS', 'NO_TABLE_OPTIONS', 'NO_FIELD_OPTIONS'],
]);

export interface SqlModes {
  readonly kept: readonly string[];
  readonly dropped: readonly string[];
  readonly unknown: readonly string[];
}

export const sortSqlModes = (sqlMode: string): SqlModes => {
  const modes = sqlMode.split(',').filter((mode) => mode !== '');
  return {
    kept: modes.filter((mode) => COMMON.has(mode)),
    dropped: modes.filter((mode) => IDLE.has(mode)),
    unknown: modes.filter((mode) => !COMMON.has(mode) && !IDLE.has(mode)),
  };
};
