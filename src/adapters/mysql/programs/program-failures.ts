import type { SyncError } from '../../../core/errors.js';
import type { ServerFacts } from '../../../core/server/inventory.js';
import type { DatabaseName } from '../../../core/names.js';
import { definingPrivilege, scopeOf, writeGrant } from '../../../core/change/wanted-grants.js';
import type { ProgramDefinition } from '../../../engine/ports/server.js';
import { serverErrorNumber } from '../connection/errors.js';
import { explainFailure } from '../connection/failures.js';
import { quoteName } from '../connection/identifiers.js';

interface ProgramPlace {
  readonly database: DatabaseName;
  readonly sourceDatabase: DatabaseName;
  readonly facts: Pick<ServerFacts, 'account' | 'flavor'>;
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
    hints: hint ? hint(program, place) : [],
  });
};

type Hint = (
  program: Pick<ProgramDefinition, 'kind' | 'name' | 'statement' | 'timeZone'>,
  place: ProgramPlace,
) => readonly string[];

const TRUST = 'On the target:  SET GLOBAL log_bin_trust_function_creators = ON;';

/** By the version: what the server says of it is in its own language. */
const hintOfDefiner: Hint = (_, { facts }) => [
  'It has a different definer, and creating programs for other accounts takes a privilege.',
  `On the target:  ${writeGrant([definingPrivilege(facts.flavor)], '*.*', facts.account)}`,
];

const hintOfPrivilege: Hint = (_, { database, facts }) => [
  `On the target:  ${writeGrant(['ALL'], scopeOf(database), facts.account)}`,
];

const hintOfRoutine: Hint = (_, { database, facts }) => [
  `It calls a routine that its definer or ${facts.account} may not call. Each of them needs:`,
  `On the target:  ${writeGrant(['EXECUTE'], scopeOf(database), facts.account)}`,
];

const hintOfReference: Hint = ({ name, kind }) =>
  kind === 'view'
    ? [
        `In its database on the source, see whether the view works:  CHECK TABLE ${quoteName(name)};`,
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
