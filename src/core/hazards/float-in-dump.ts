import { type HazardRule, copiedTables, listNames } from './hazard-rule.js';

/** The server prints FLOAT with six digits, so every text dump rounds it; FLOAT(M,D) is printed in full. */
export const floatInDump: HazardRule = (situation) => {
  if (situation.options.engine === 'native') return [];
  const filled = new Set(
    situation.tables.filter(({ content }) => content !== 'none').map(({ name }) => name),
  );
  const rounded = copiedTables(situation).flatMap((table) =>
    filled.has(table.name)
      ? table.columns
          .filter(
            ({ dataType, columnType, isGenerated }) =>
              dataType === 'float' && !columnType.includes('(') && !isGenerated,
          )
          .map((column) => `${table.name}.${column.name}`)
      : [],
  );
  if (rounded.length === 0) return [];
  return [
    {
      code: 'FLOAT_IN_DUMP',
      severity: 'note',
      message: `FLOAT columns that a dump rounds to six digits: ${listNames(rounded)}`,
      hint: 'Where a value has more digits, verification fails the database and the target stays as it is.',
    },
  ];
};
