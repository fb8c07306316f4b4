import type mysql from 'mysql2/promise';
import { SyncError } from '../../../core/errors.js';
import {
  type SessionSetting,
  renderAssignment,
  renderAssignments,
  renderFurther,
} from '../../../core/session/setting.js';
import { isSettingRefused } from './errors.js';
import { readRows } from './rows.js';
import { together } from './together.js';

/** What a session is given at its start. */
export interface SessionSettings {
  /** Must be as they are set wherever they are; at least the first one is on every server. */
  readonly essential: readonly SessionSetting[];
  /** Left out where they are refused. */
  readonly wished: readonly SessionSetting[];
  /** Statements that cannot stand among the others; those that are refused are passed over. */
  readonly alone?: readonly string[];
}

/** Values of variables as the server tells them, by name in lower case. */
export type ToldVariables = ReadonlyMap<string, string>;

/** The session that is made ready. */
export interface Session {
  /** Gives the variables that the server says it set in this statement, where it says that. */
  run(sql: string): Promise<ToldVariables | undefined>;
  readRow(sql: string): Promise<readonly (string | null)[]>;
  /** Its name for people. */
  readonly of: string;
}

/** The answer to a statement names the variables that it set from here on. Servers before these versions do not. */
const TELL = ['!50704', 'M!100202'].map((on) => `/*${on} session_track_system_variables = '*', */ `).join('');

/**
 * Everything in one statement, because each statement is a round trip to the server; what was set is read from its
 * answer. A server takes all of it or nothing: where it refuses something, the wished settings are tried one by one.
 * MariaDB skips the version comments of MySQL from 50700 on, and MySQL skips `M!`.
 * Returns whether the answer told what was set: then no proxy that makes its own answers stands between.
 * @throws SyncError SERVER_ERROR when an essential setting is not as it was set
 */
export const applySettings = async (
  session: Session,
  { essential, wished }: SessionSettings,
): Promise<boolean> => {
  const basis = `SET ${TELL}${renderAssignments(essential)}`;
  const run = (sql: string): Promise<unknown> => session.run(sql);
  let told: ToldVariables | undefined;
  try {
    told = await session.run(`${basis}${wished.map(renderFurther).join('')}`);
  } catch (error) {
    if (!isSettingRefused(error)) throw error;
    told = await session.run(basis);
    for (const setting of wished) await tryToSet(run, `SET ${renderAssignment(setting)}`);
  }
  await checkSettings(session, essential, told);
  return told !== undefined;
};

/** Those of the settings that are statements of their own. */
export const applyFurtherSettings = async (
  session: Session,
  { alone = [] }: SessionSettings,
): Promise<void> => {
  await together(alone.map((sql) => tryToSet((statement) => session.run(statement), sql)));
};

/** For servers that do not say what a statement set. */
const readBack = async (session: Session, settings: readonly SessionSetting[]): Promise<ToldVariables> => {
  const pairs = settings.map(({ name, on }) =>
    on === undefined ? `, '${name}', @@${name}` : ` /*${on} , '${name}', @@${name} */`,
  );
  const row = await session.readRow(`SELECT NULL${pairs.join('')}`);
  const told = new Map<string, string>();
  for (let at = 1; at + 1 < row.length; at += 2) told.set(row[at] ?? '', row[at + 1] ?? '');
  return told;
};

/** A proxy may take a statement and not pass it on, and a server may set another value than it was told. */
const checkSettings = async (
  session: Session,
  essential: readonly SessionSetting[],
  told: ToldVariables | undefined,
): Promise<void> => {
  // What is said last counts.
  const wanted = [...new Map(essential.map((setting) => [setting.name, setting])).values()].filter(
    ({ name }) => name !== 'NAMES',
  );
  // A statement is taken as a whole, so one that is told of was taken; MariaDB 11.8 does not tell of every switch.
  const found = told ?? (await readBack(session, wanted));
  for (const { name, value } of wanted) {
    const now = found.get(name);
    if (now === undefined || normalize(now) === normalize(value)) continue;
    throw new SyncError('SERVER_ERROR', {
      message: `${session.of}: ${name} of the session is "${now}" after it was set to ${value}`,
      hints: [
        'A copy relies on it. Does a proxy stand between, or a plugin that changes settings? Connect to the server itself.',
      ],
    });
  }
};

/** Servers print switches as ON and OFF, booleans or numbers, and list modes in an order of their own. */
const normalize = (value: string): string => {
  const text = value.replaceAll("'", '').trim().toUpperCase();
  if (text === 'ON') return '1';
  if (text === 'OFF') return '0';
  if (text === 'NULL') return '';
  if (/^\d+\.\d+$/.test(text)) return String(Number(text));
  return text.split(',').sort().join();
};

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

/** A session of mysql2. */
export const sessionOf = (connection: mysql.Connection, of: string): Session => ({
  of,
  run: async (sql) => readTold((await connection.query(sql))[0]),
  readRow: async (sql) => (await readRows(connection, sql))[0] ?? [],
});

/** What the protocol's state changes say, which mysql2 puts beside a result. */
export const readTold = (result: unknown): ToldVariables | undefined => {
  const { stateChanges } = result as {
    readonly stateChanges?: { readonly systemVariables?: Readonly<Record<string, string>> };
  };
  const variables = Object.entries(stateChanges?.systemVariables ?? {});
  return variables.length === 0
    ? undefined
    : new Map(variables.map(([name, value]) => [name.toLowerCase(), value]));
};
