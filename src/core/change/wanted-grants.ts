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

export const WRITING_TABLES = ['SELECT', 'INSERT', 'CREATE', 'DROP', 'ALTER', 'INDEX', 'REFERENCES'];

/** The journal of a run is replaced as it goes on. */
export const WRITING_SCRATCH = [...WRITING_TABLES, 'DELETE'];

/** Asked for where tables that stay are held (`refresh: strict`). */
export const HOLDING = ['LOCK TABLES'];

/** Asked for where the plan has hooks. */
export const RUNNING_HOOKS = ['UPDATE'];

const WRITING_PROGRAMS = [
  'CREATE VIEW',
  'SHOW VIEW',
  'TRIGGER',
  'CREATE ROUTINE',
  'ALTER ROUTINE',
  'EXECUTE',
  'EVENT',
];

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
 * The statements that give an account all it needs for these databases, whatever is in them and by either engine, and
 * nothing more. LOCK TABLES lets several connections read one moment.
 */
export const listWantedGrants = (
  role: Role,
  { account, flavor }: Pick<ServerFacts, 'account' | 'flavor'>,
  databases: readonly DatabaseName[],
): readonly string[] => {
  const isTarget = role === 'target';
  const own = isTarget ? [...WRITING_TABLES, ...WRITING_PROGRAMS] : [...READING, 'LOCK TABLES'];
  const routines = [...databases, ...(isTarget ? [ANY_SCRATCH] : [])].map((database) =>
    routineReading(flavor, database),
  );
  const wanted = [
    ...databases.map((database) => writeGrant(own, scopeOf(database), account)),
    ...(isTarget
      ? [
          writeGrant([...WRITING_SCRATCH, ...RUNNING_HOOKS, ...WRITING_PROGRAMS], SCRATCH_SCOPE, account),
          writeGrant(KEEPING_RECORDS, scopeOf(OWN_DATABASE), account),
        ]
      : []),
    ...routines.map(({ privilege, scope }) => writeGrant([privilege], scope, account)),
    ...(isTarget ? [writeGrant([definingPrivilege(flavor)], '*.*', account)] : []),
  ];
  return [...new Set(wanted)];
};
