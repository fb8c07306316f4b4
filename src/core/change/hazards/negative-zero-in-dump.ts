import { traitsOf } from '../../plan/row-engines.js';
import { type HazardRule, filledTables, listNames, severityOfDamage } from './hazard-rule.js';

/** Servers read the -0 that a dump prints as the whole number, which has no sign. */
export const negativeZeroInDump: HazardRule = (situation) => {
  if (!traitsOf(situation.options.engine).textDump) return [];
  const doubles = filledTables(situation).flatMap((table) =>
    table.columns
      .filter(({ dataType, isGenerated }) => dataType === 'double' && !isGenerated)
      .map(({ name }) => `${table.name}.${name}`),
  );
  if (doubles.length === 0) return [];
  return [
    {
      code: 'NEGATIVE_ZERO_IN_DUMP',
      severity: severityOfDamage(situation),
      message: `DOUBLE columns whose -0 becomes 0 in a dump: ${listNames(doubles)}`,
      hint: 'Copy with engine: native. Where there is a -0, verification fails the database and the target stays as it is.',
    },
  ];
};
