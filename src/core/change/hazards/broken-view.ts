import type { Hazard } from '../change-set.js';
import type { ProgramInventory } from '../../server/inventory.js';
import {
  type HazardRule,
  type Situation,
  copiedPrograms,
  leavingPrograms,
  listNames,
} from './hazard-rule.js';

/**
 * No server creates a view that names something which is not there. Missing tables of its own database are stood in for
 * when it is made; columns, indexes, functions and other databases are not. What leaves has to be made again too, when the
 * swap fails or is rolled back.
 */
export const brokenView: HazardRule = (situation) => [
  ...copiedPrograms(situation).flatMap((view) =>
    explain(situation, view, {
      why: 'cannot be made on the target',
      hint: 'Repair or drop it on the source, or leave it out (programs.exclude).',
    }),
  ),
  ...leavingPrograms(situation).flatMap((view) =>
    explain(situation, view, {
      why: 'on the target could not be put back',
      hint: 'Repair or drop it on the target.',
    }),
  ),
];

const explain = (
  { targetTablesElsewhere }: Situation,
  { name, fault, readsElsewhere = [] }: ProgramInventory,
  { why, hint }: { readonly why: string; readonly hint: string },
): readonly Hazard[] => {
  const missing = readsElsewhere
    .filter((read) => !targetTablesElsewhere.get(read.database)?.has(read.name))
    .map((read) => `${read.database}.${read.name}`);
  return [
    ...(fault === undefined ? [] : [refuse(`view ${name} ${why}, because it is broken: ${fault}`, hint)]),
    ...(missing.length === 0
      ? []
      : [
          refuse(
            `view ${name} ${why}: there is no ${listNames(missing)}`,
            `Copy the other database with the same plan or before. ${hint}`,
          ),
        ]),
  ];
};

const refuse = (message: string, hint: string): Hazard => ({
  code: 'BROKEN_VIEW',
  severity: 'blocks',
  message,
  hint,
});
