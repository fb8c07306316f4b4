import type { Hazard } from '../change-set.js';
import { hasPrivilege } from '../../server/grants.js';
import type { Grants } from '../../server/inventory.js';
import type { DatabaseName } from '../../names.js';
import {
  ANY_SCRATCH,
  HOLDING,
  READING,
  RUNNING_HOOKS,
  SCRATCH_SCOPE,
  WRITING_SCRATCH,
  WRITING_TABLES,
  scopeOf,
  writeGrant,
} from '../wanted-grants.js';
import { type HazardRule, type Situation, listNames } from './hazard-rule.js';

const PROGRAM_WRITES: Partial<Record<string, readonly string[]>> = {
  view: ['CREATE VIEW', 'SHOW VIEW'],
  trigger: ['TRIGGER'],
  procedure: ['CREATE ROUTINE', 'ALTER ROUTINE'],
  function: ['CREATE ROUTINE', 'ALTER ROUTINE'],
  package: ['CREATE ROUTINE', 'ALTER ROUTINE'],
  'package body': ['CREATE ROUTINE', 'ALTER ROUTINE'],
  event: ['EVENT'],
};

const targetPrivileges = ({ programs }: Situation, tables: readonly string[]): readonly string[] => [
  ...new Set([
    ...tables,
    ...programs.filter(({ action }) => action !== 'keep').flatMap(({ kind }) => PROGRAM_WRITES[kind] ?? []),
  ]),
];

/** The target account works in the live database and in scratch databases of any name, so both are checked. */
export const missingPrivilege: HazardRule = (situation) => {
  const { from, to, sourceServer, targetServer } = situation;
  const isLocking = situation.options.refresh === 'strict' && situation.target !== undefined;
  const live = targetPrivileges(situation, [...WRITING_TABLES, ...(isLocking ? HOLDING : [])]);
  const hasHooks = situation.rules.hooks.some(({ kind }) => kind === 'staged');
  const staged = targetPrivileges(situation, [...WRITING_SCRATCH, ...(hasHooks ? RUNNING_HOOKS : [])]);
  return [
    ...report('source', sourceServer.account, missing(sourceServer.grants, READING, from), scopeOf(from)),
    ...report('target', targetServer.account, missing(targetServer.grants, live, to), scopeOf(to)),
    ...report(
      'target',
      targetServer.account,
      missing(targetServer.grants, staged, ANY_SCRATCH),
      SCRATCH_SCOPE,
    ),
  ];
};

const missing = (grants: Grants, privileges: readonly string[], database: DatabaseName): readonly string[] =>
  privileges.filter((privilege) => !hasPrivilege(grants, privilege, database));

const report = (
  role: 'source' | 'target',
  account: string,
  privileges: readonly string[],
  scope: string,
): readonly Hazard[] =>
  privileges.length === 0
    ? []
    : [
        {
          code: 'PRIVILEGE_MISSING',
          severity: 'blocks',
          message: `${account} lacks ${listNames(privileges)} on ${scope} of the ${role}`,
          hint: `On the ${role}:  ${writeGrant(privileges, scope, account)}`,
        },
      ];
