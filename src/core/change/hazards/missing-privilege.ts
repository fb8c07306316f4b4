import type { Hazard } from '../change-set.js';
import { hasPrivilege } from '../../server/grants.js';
import type { Grants } from '../../server/inventory.js';
import type { DatabaseName } from '../../names.js';
import {
  ANY_SCRATCH,
  READING,
  SCRATCH_SCOPE,
  listTargetPrivileges,
  scopeOf,
  writeGrant,
} from '../wanted-grants.js';
import { type HazardRule, listNames } from './hazard-rule.js';

/** The target account works in the live database and in scratch databases of any name, so both are checked. */
export const missingPrivilege: HazardRule = (situation) => {
  const { from, to, sourceServer, targetServer } = situation;
  const { live, scratch } = listTargetPrivileges({
    holdsTables: situation.options.refresh === 'strict' && situation.target !== undefined,
    hasHooks: situation.rules.hooks.some(({ kind }) => kind === 'staged'),
    programs: situation.programs.filter(({ action }) => action !== 'keep').map(({ kind }) => kind),
  });
  return [
    ...report('source', sourceServer.account, missing(sourceServer.grants, READING, from), scopeOf(from)),
    ...report('target', targetServer.account, missing(targetServer.grants, live, to), scopeOf(to)),
    ...report(
      'target',
      targetServer.account,
      missing(targetServer.grants, scratch, ANY_SCRATCH),
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
