import { type DatabaseChange, type Hazard, isPending } from '../change-set.js';
import { hasMoreRights } from '../../server/grants.js';
import type { Grants, ServerFacts } from '../../server/inventory.js';
import { type HazardRule, copiedPrograms, listByDefiner } from './hazard-rule.js';

/** Whoever wrote a program on the source gets the rights of its definer on the target. */
export const definerRights: HazardRule = (situation) => {
  const { targetServer, targetRights, to, options } = situation;
  if (options.definers === 'current_user') return [];
  const stronger = copiedPrograms(situation).filter(({ definer, isInvoker }) => {
    const rights = targetRights?.get(definer);
    return rights !== undefined && !isInvoker && hasMoreRights(rights, targetServer.grants, to);
  });
  if (stronger.length === 0) return [];
  return [
    {
      code: 'DEFINER_RIGHTS',
      severity: 'note',
      message: `definers with more rights on the target than ${targetServer.account}: ${listByDefiner(stronger)}`,
      hint: 'These programs run with those rights. Read them, or make them run as the account that applies:  options: {definers: current_user}',
    },
  ];
};

/** Once for the whole target. */
export const unknownRights = (
  { account }: ServerFacts,
  rights: ReadonlyMap<string, Grants> | undefined,
  databases: readonly DatabaseChange[],
): readonly Hazard[] => {
  const isOthers = databases
    .filter(isPending)
    .some(({ programs }) => programs.some(({ definer }) => definer !== undefined && definer !== account));
  if (rights !== undefined || !isOthers) return [];
  return [
    {
      code: 'DEFINER_RIGHTS_UNKNOWN',
      severity: 'note',
      message: `${account} may not see the rights of other accounts on the target, so it is not known which definers have more rights than it`,
      hint: 'They are compared for an account that may read the database mysql.',
    },
  ];
};
