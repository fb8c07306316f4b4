import { traitsOf } from '../../plan/row-engines.js';
import { type HazardRule, filledTables, listNames, severityOfDamage } from './hazard-rule.js';

/** The server prints FLOAT with six digits, so every text dump rounds it; FLOAT(M,D) is printed in full. */
export const floatInDump: HazardRule = (situation) => {
  if (!traitsOf(situation.options.engine).textDump) return [];
  const rounded = filledTables(situation).flatMap((table) =>
    table.columns
      .filter(
        ({ dataType, columnType, isGenerated }) =>
          dataType === 'float' && !columnType.includes('(') && !isGenerated,
      )
      .map((column) => `${table.name}.${column.name}`),
  );
  if (rounded.length === 0) return [];
  return [
    {
      code: 'FLOAT_IN_DUMP',
      severity: severityOfDamage(situation),
      message: `FLOAT columns that a dump rounds to six digits: ${listNames(rounded)}`,
      hint: 'Copy with engine: native. Where a value has more digits, verification fails the database and the target stays as it is.',
    },
  ];
};
