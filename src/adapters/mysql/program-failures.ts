import type { SyncError } from '../../core/errors.js';
import type { ServerFacts } from '../../core/inventory.js';
import type { DatabaseName } from '../../core/names.js';
import { scopeOf } from '../../core/wanted-grants.js';
import type { ProgramDefinition } from '../../engine/ports.js';
import { serverErrorNumber } from './errors.js';
import { explainFailure, writeGrant } from './failures.js';
import { quoteName } from './identifiers.js';

interface ProgramPlace {
  readonly database: DatabaseName;
  readonly sourceDatabase: DatabaseName;
  readonly facts: Pick<ServerFacts, 'account'>;
}

/** Names the program and says what to grant, set or repair so that the target takes it. */
export const explainProgramFailure = (
  error: unknown,
  program: Pick<ProgramDefinition, 'kind' | 'name' | 'statement' | 'timeZone'>,
  place: ProgramPlace,
): SyncError => {
  const hint = HINTS[serverErrorNumber(error) ?? 0];
  return explainFailure(error, {
    code: 'PROGRAMS_FAILED',
    what: `${program.kind} ${place.sourceDatabase}.${program.name} cannot be created on the target`,
    hints: hint ? hint(program, place, error) : [],
  });
};

type Hint = (
  program: Pick<ProgramDefinition, 'kind' | 'name' | 'statement' | 'timeZone'>,
  place: ProgramPlace,
  error: unknown,
) => readonly string[];

const TRUST = 'On the target:  SET GLOBAL log_bin_trust_function_creators = ON;';

/** The server names the privileges that would do, for example `SUPER, SET USER`: the last one is the smallest. */
const hintOfDefiner: Hint = (_, { facts }, error) => {
  const named = /\(at least one of\) the (.+) privilege/.exec(
    error instanceof Error ? error.message : '',
  )?.[1];
  const smallest = named?.split(/,\s*|\s+or\s+/).at(-1) ?? 'SUPER';
  return [
    'It has another definer, and only some accounts may create programs for others.',
    `On the target:  ${writeGrant(smallest, '*.*', facts.account)}`,
  ];
};

const hintOfPrivilege: Hint = (_, { database, facts }) => [
  `On the target:  ${writeGrant('ALL', scopeOf(database), facts.account)}`,
];

/** The server names who may not: the definer, or the account itself. */
const hintOfRoutine: Hint = (_, { database, facts }, error) => {
  const [, user, host] = /to user '(.*)'@'(.*)' for/.exec(error instanceof Error ? error.message : '') ?? [];
  const account = user === undefined ? facts.account : `${user}@${host ?? ''}`;
  return [`On the target:  ${writeGrant('EXECUTE', scopeOf(database), account)}`];
};

const hintOfReference: Hint = ({ name, kind }, { sourceDatabase }) =>
  kind === 'view'
    ? [
        `On the source, see whether the view works:  CHECK TABLE ${quoteName(sourceDatabase)}.${quoteName(name)};`,
        'Repair or drop it there when it is broken; copy the other database first when it reads one.',
      ]
    : [];

const HINTS: Partial<Record<number, Hint>> = {
  1227: hintOfDefiner,
  1044: hintOfPrivilege,
  1142: hintOfPrivilege,
  1143: hintOfPrivilege,
  1370: hintOfRoutine,
  1419: () => [TRUST, 'Or let an account with SUPER copy it.'],
  1418: () => [TRUST, 'Or declare the function DETERMINISTIC, NO SQL or READS SQL DATA on the source.'],
  1449: ({ statement }) => [
    `Create its definer on the target:  ${/DEFINER=(\S+)/.exec(statement)?.[1] ?? ''}`,
  ],
  1298: ({ timeZone }) => [
    `The target does not know the time zone "${timeZone ?? ''}".`,
    'Load the time zones there:  mysql_tzinfo_to_sql /usr/share/zoneinfo | mysql mysql',
  ],
  1049: hintOfReference,
  1054: hintOfReference,
  1146: hintOfReference,
  1305: hintOfReference,
  1356: hintOfReference,
};
