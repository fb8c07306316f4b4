import { isSettingRefused } from './errors.js';

/** A variable that not every server has, or that not every account may set. */
export interface WishedSetting {
  /** `name = value` */
  readonly assignment: string;
  /** How a version comment of the servers that have it begins, such as `!80000` or `M!100200`. */
  readonly on?: string;
}

/** What a session is given at its start. */
export interface SessionSettings {
  /** What may stand between the commas of a SET statement; at least one. */
  readonly essential: readonly string[];
  /** Left out where they are refused. */
  readonly wished: readonly WishedSetting[];
  /** Statements that cannot stand among the others; those that are refused are passed over. */
  readonly alone?: readonly string[];
}

const DAY_SECONDS = 86_400;

/** A copy may take hours, and a session may wait for hours until others are done. */
export const NO_TIME_LIMITS: readonly WishedSetting[] = [
  { assignment: `wait_timeout = ${DAY_SECONDS}` },
  { assignment: `net_read_timeout = ${DAY_SECONDS}` },
  { assignment: `net_write_timeout = ${DAY_SECONDS}` },
  { assignment: 'max_execution_time = 0', on: '!50708' },
  { assignment: 'max_statement_time = 0', on: 'M!100101' },
  { assignment: 'idle_transaction_timeout = 0', on: 'M!100300' },
  { assignment: 'idle_readonly_transaction_timeout = 0', on: 'M!100300' },
];

/**
 * Everything in one statement, because each statement is a journey to the server. A server takes all of it or nothing:
 * where it refuses something, the wished settings are tried one by one. MariaDB skips the version comments of MySQL
 * from 50700 on, and MySQL skips `M!`.
 */
export const applySettings = async (
  run: (sql: string) => Promise<unknown>,
  { essential, wished, alone = [] }: SessionSettings,
): Promise<void> => {
  const basis = `SET ${essential.join(', ')}`;
  if (!(await tryToSet(run, `${basis}${wished.map(renderWish).join('')}`))) {
    await run(basis);
    for (const { assignment } of wished) await tryToSet(run, `SET ${assignment}`);
  }
  for (const sql of alone) await tryToSet(run, sql);
};

const renderWish = ({ assignment, on }: WishedSetting): string =>
  on === undefined ? `, ${assignment}` : ` /*${on} , ${assignment} */`;

/** False where this server does not have the variable, or this account may not set it. */
export const tryToSet = async (run: (sql: string) => Promise<unknown>, sql: string): Promise<boolean> => {
  try {
    await run(sql);
    return true;
  } catch (error) {
    if (isSettingRefused(error)) return false;
    throw error;
  }
};
