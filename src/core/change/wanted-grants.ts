import { PROGRAM_KINDS, type ProgramKind } from '../program-kind.js';
import type { Role } from '../server/connection.js';
import type { Flavor } from '../flavor.js';
import { supports } from '../server/features.js';
import type { ServerFacts } from '../server/inventory.js';
import {
  type DatabaseName,
  OWN_DATABASE,
  isScratchDatabase,
  nameScratchDatabase,
  toRunId,
} from '../names.js';
import { quoteName } from '../sql/quote-name.js';

/** A missing SHOW VIEW, TRIGGER or EVENT hides objects without an error. */
export const READING = ['SELECT', 'SHOW VIEW', 'TRIGGER', 'EVENT'];

/** Lets several connections read one moment; without it there may be one. */
const READING_TOGETHER = ['LOCK TABLES'];

export const WRITING_TABLES = ['SELECT', 'INSERT', 'CREATE', 'DROP', 'ALTER', 'INDEX', 'REFERENCES'];

/** The journal of a run is replaced as it goes on. */
export const WRITING_SCRATCH = [...WRITING_TABLES, 'DELETE'];

/** Where tables that stay are held (`refresh: strict`). */
const HOLDING = ['LOCK TABLES'];

/** Where the plan has hooks. */
const RUNNING_HOOKS = ['UPDATE'];

const WRITING_ROUTINES = ['CREATE ROUTINE', 'ALTER ROUTINE'];

const WRITING_PROGRAMS: Readonly<Record<ProgramKind, readonly string[]>> = {
  view: ['CREATE VIEW', 'SHOW VIEW'],
  trigger: ['TRIGGER'],
  procedure: WRITING_ROUTINES,
  function: WRITING_ROUTINES,
  package: WRITING_ROUTINES,
  'package body': WRITING_ROUTINES,
  event: ['EVENT'],
};

/** Programs may call routines as the account. */
const CALLING = ['EXECUTE'];

/** What a copy does with a target beside writing tables. */
export interface TargetWork {
  /** `refresh: strict` */
  readonly holdsTables: boolean;
  readonly hasHooks: boolean;
  readonly programs: readonly ProgramKind[];
}

interface TargetPrivileges {
  /** On each live database. */
  readonly live: readonly string[];
  /** On scratch databases. */
  readonly scratch: readonly string[];
}

/** What such a copy is refused without. */
export const listTargetPrivileges = ({ holdsTables, hasHooks, programs }: TargetWork): TargetPrivileges => {
  const ofPrograms = programs.flatMap((kind) => WRITING_PROGRAMS[kind]);
  const list = (...parts: readonly (readonly string[])[]): readonly string[] => [...new Set(parts.flat())];
  return {
    live: list(WRITING_TABLES, holdsTables ? HOLDING : [], ofPrograms),
    scratch: list(WRITING_SCRATCH, hasHooks ? RUNNING_HOOKS : [], ofPrograms),
  };
};

/** Whatever a plan may ask for. */
const ANY_WORK: TargetWork = { holdsTables: true, hasHooks: true, programs: PROGRAM_KINDS };

/** Scratch databases, as a pattern of GRANT. */
export const SCRATCH_SCOPE = '`mysql\\_sync\\_%`.*';

/** Stands for all of them. */
export const ANY_SCRATCH = nameScratchDatabase('new', toRunId('aaaaaa'), '0'.repeat(12));

/** To make the key that journals are signed with, and to replace what is written down of live databases. */
const KEEPING_RECORDS = ['SELECT', 'INSERT', 'CREATE', 'DELETE'];

/** For GRANT: a database, or all scratch databases for one of them, whose names no next run has again. */
export const scopeOf = (database: DatabaseName): string =>
  isScratchDatabase(database) ? SCRATCH_SCOPE : `${quoteName(database)}.*`;

/** The statement that gives privileges to a `user@host`; `scope` is SQL. */
export const writeGrant = (privileges: readonly string[], scope: string, account: string): string =>
  `GRANT ${privileges.join(', ')} ON ${scope} TO ${writeAccount(account)};`;

/** `'user'@'host'` of a `user@host`, as SQL. A role has no host. */
export const writeAccount = (account: string): string =>
  account.replace(/^(.*)@(.*)$/s, (_, user: string, host: string) =>
    host === '' ? quote(user) : `${quote(user)}@${quote(host)}`,
  );

/** A `user@host` for people; a role has no host. */
export const showAccount = (account: string): string => account.replace(/@$/, '');

const quote = (part: string): string => `'${part.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`;

/** What lets an account make programs that run as another one. */
export const definingPrivilege = (flavor: Flavor): string => {
  if (supports(flavor, 'setAnyDefiner')) return 'SET_ANY_DEFINER';
  if (supports(flavor, 'setUserId')) return 'SET_USER_ID';
  return supports(flavor, 'setUser') ? 'SET USER' : 'SUPER';
};

interface PrivilegeOn {
  readonly privilege: string;
  /** SQL */
  readonly scope: string;
}

/** What lets an account see the text of routines that are not its own. */
export const routineReading = (flavor: Flavor, database: DatabaseName): PrivilegeOn => {
  if (supports(flavor, 'showCreateRoutine'))
    return { privilege: 'SHOW CREATE ROUTINE', scope: scopeOf(database) };
  if (supports(flavor, 'showRoutine')) return { privilege: 'SHOW_ROUTINE', scope: '*.*' };
  return { privilege: 'SELECT', scope: supports(flavor, 'dataDictionary') ? '*.*' : '`mysql`.`proc`' };
};

/**
 * The statements that give an account all it needs for these databases, whatever is in them and whatever a plan asks
 * for, by either engine, and nothing more.
 */
export const listWantedGrants = (
  role: Role,
  { account, flavor }: Pick<ServerFacts, 'account' | 'flavor'>,
  databases: readonly DatabaseName[],
): readonly string[] => {
  const isTarget = role === 'target';
  const { live, scratch } = listTargetPrivileges(ANY_WORK);
  const own = isTarget ? [...live, ...CALLING] : [...READING, ...READING_TOGETHER];
  const routines = [...databases, ...(isTarget ? [ANY_SCRATCH] : [])].map((database) =>
    routineReading(flavor, database),
  );
  const wanted = [
    ...databases.map((database) => writeGrant(own, scopeOf(database), account)),
    ...(isTarget
      ? [
          writeGrant([...scratch, ...CALLING], SCRATCH_SCOPE, account),
          writeGrant(KEEPING_RECORDS, scopeOf(OWN_DATABASE), account),
        ]
      : []),
    ...routines.map(({ privilege, scope }) => writeGrant([privilege], scope, account)),
    ...(isTarget ? [writeGrant([definingPrivilege(flavor)], '*.*', account)] : []),
  ];
  return [...new Set(wanted)];
};
