import { listCalledBy } from '../../server/called-functions.js';
import type { Hazard } from '../change-set.js';
import type { ProgramInventory } from '../../server/inventory.js';
import { scopeOf, showAccount, writeGrant } from '../wanted-grants.js';
import { type HazardRule, type Situation, copiedPrograms } from './hazard-rule.js';

/**
 * Servers create no view that calls a function which cannot run: its definer does not exist (1449), or may not execute
 * that very function (1370).
 */
export const uncallableFunction: HazardRule = (situation) => {
  if (situation.options.definers === 'current_user') return [];
  const programs = copiedPrograms(situation);
  return programs.flatMap((view) =>
    listCalledBy(view, programs).flatMap((called) => explain(situation, view, called)),
  );
};

const explain = (
  { to, targetServer, targetAccounts, targetUnableToExecute }: Situation,
  view: ProgramInventory,
  { name, definer, isInvoker }: ProgramInventory,
): readonly Hazard[] => {
  if (isInvoker || definer === targetServer.account) return [];
  const isMissing = targetAccounts?.has(definer) === false;
  if (!isMissing && !targetUnableToExecute.has(definer)) return [];
  return [
    {
      code: 'UNCALLABLE_FUNCTION',
      severity: 'blocks',
      message: `view ${view.name} calls function ${name}, whose definer ${showAccount(definer)} ${isMissing ? 'does not exist on the target' : 'may not execute it on the target'}`,
      hint: `${isMissing ? 'Create the definer there.' : `On the target:  ${writeGrant(['EXECUTE'], scopeOf(to), definer)}`}  Or make all programs run as the account that applies:  options: {definers: current_user}  Or leave the view out (programs.exclude).`,
    },
  ];
};
