import type { Hazard } from '../change-set.js';
import type { Flavor } from '../../flavor.js';
import { supports } from '../../server/features.js';
import { hasPrivilege } from '../../server/grants.js';
import type { ProgramInventory, ServerFacts } from '../../server/inventory.js';
import { definingPrivilege, writeGrant } from '../wanted-grants.js';
import {
  type HazardRule,
  type Situation,
  copiedPrograms,
  leavingPrograms,
  listByDefiner,
} from './hazard-rule.js';

/** A program runs as its definer, so servers let only some accounts name another one than themselves. */
export const definers: HazardRule = (situation) => {
  const { targetServer, options } = situation;
  const isOthers = ({ definer }: ProgramInventory): boolean => definer !== targetServer.account;
  const incoming = copiedPrograms(situation).filter(isOthers);
  const forbidden = refuseForbidden(situation, incoming, leavingPrograms(situation).filter(isOthers));
  if (incoming.length === 0 || forbidden.length > 0) return forbidden;
  return options.definers === 'current_user'
    ? [describeChanged(incoming, targetServer)]
    : describeMissing(situation, incoming);
};

const DEFINING = ['SUPER', 'SET USER', 'SET_USER_ID', 'SET_ANY_DEFINER'];

const refuseForbidden = (
  { targetServer, options }: Situation,
  incoming: readonly ProgramInventory[],
  leaving: readonly ProgramInventory[],
): readonly Hazard[] => {
  const { account, grants, flavor } = targetServer;
  if (DEFINING.some((privilege) => hasPrivilege(grants, privilege))) return [];
  const grant = `On the target:  ${writeGrant([definingPrivilege(flavor)], '*.*', account)}`;
  const refuse = (message: string, hint: string): Hazard => ({
    code: 'DEFINER_NOT_ALLOWED',
    severity: 'blocks',
    message,
    hint,
  });
  return [
    ...(incoming.length === 0 || options.definers === 'current_user'
      ? []
      : [
          refuse(
            `${account} may not make programs of other definers on the target: ${listByDefiner(incoming)}`,
            `${grant}  Or make them its own:  options: {definers: current_user}`,
          ),
        ]),
    ...(leaving.length === 0
      ? []
      : [
          refuse(
            `${account} could not put back the target's own programs, which have other definers: ${listByDefiner(leaving)}`,
            `${grant}  Or drop them there before.`,
          ),
        ]),
  ];
};

const describeChanged = (programs: readonly ProgramInventory[], { account }: ServerFacts): Hazard => ({
  code: 'DEFINER_CHANGED',
  severity: 'note',
  message: `${account} becomes the definer of the programs of ${listByDefiner(programs)}`,
  hint: 'They run with the privileges of that account from then on (options.definers: current_user).',
});

const describeMissing = (
  { sourceServer, targetServer, targetAccounts, options }: Situation,
  programs: readonly ProgramInventory[],
): readonly Hazard[] => {
  const { account, flavor, grants } = targetServer;
  const isOfRole = ({ definer }: ProgramInventory): boolean =>
    supports(sourceServer.flavor, 'rolesAsDefiners') && isRole(definer);
  const isStrict = options.definers === 'refuse';
  if (targetAccounts === undefined)
    return isStrict
      ? [
          {
            code: 'DEFINER_MISSING',
            severity: 'blocks',
            message: `${account} may not see which accounts the target has, and options.definers is refuse`,
            hint: `On the target:  ${writeGrant(['SELECT'], '`mysql`.`user`', account)}`,
          },
        ]
      : [];
  const missing = programs.filter(({ definer }) => !targetAccounts.has(definer));
  const roles = missing.filter(isOfRole);
  const orphans = missing.filter((program) => !isOfRole(program));
  const mayOrphan =
    !supports(flavor, 'setAnyDefiner') ||
    hasPrivilege(grants, 'SUPER') ||
    hasPrivilege(grants, 'ALLOW_NONEXISTENT_DEFINER');
  return [
    ...(roles.length === 0 ? [] : [refuseRoles(roles, flavor)]),
    ...(orphans.length === 0
      ? []
      : [
          {
            code: 'DEFINER_MISSING',
            severity: isStrict || !mayOrphan ? 'blocks' : 'note',
            message: `definers that do not exist on the target: ${listByDefiner(orphans)}`,
            hint: `Until they exist there, these programs fail when they are used. Make them run as the account that applies:  options: {definers: current_user}${mayOrphan ? '' : `  Or, on the target:  ${writeGrant(['ALLOW_NONEXISTENT_DEFINER'], '*.*', account)}`}`,
          } as const,
        ]),
  ];
};

/** As MariaDB writes one. `@` alone is its anonymous account, and MySQL has accounts with an empty host. */
const isRole = (definer: string): boolean => definer.endsWith('@') && definer !== '@';

/** A name alone is a role where there is one of that name, and an account of any host otherwise. */
const refuseRoles = (programs: readonly ProgramInventory[], flavor: Flavor): Hazard => ({
  code: 'DEFINER_MISSING',
  severity: 'blocks',
  message: `roles that do not exist on the target, where they would become accounts: ${listByDefiner(programs)}`,
  hint: `${supports(flavor, 'rolesAsDefiners') ? 'Create them there (CREATE ROLE), or make' : 'Make'} these programs run as the account that applies:  options: {definers: current_user}`,
});
