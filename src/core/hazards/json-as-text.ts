import { type HazardRule, filledTables, listNames, severityOfDamage } from './hazard-rule.js';

/**
 * MySQL keeps types in JSON that its text does not show: a DECIMAL, a DATETIME or bytes that a function put there come
 * out as a number or a string, and go in as one. No statement reads or writes them otherwise.
 */
export const jsonAsText: HazardRule = (situation) => {
  if (situation.sourceServer.flavor.vendor !== 'mysql') return [];
  const columns = filledTables(situation).flatMap((table) =>
    table.columns
      .filter(({ dataType, isGenerated }) => dataType === 'json' && !isGenerated)
      .map(({ name }) => `${table.name}.${name}`),
  );
  if (columns.length === 0) return [];
  return [
    {
      code: 'JSON_AS_TEXT',
      severity: severityOfDamage(situation),
      message: `JSON travels as text, which has no decimals, times and bytes: ${listNames(columns)}`,
      hint: 'Documents that were written as text are copied exactly. Where a function put such a value in, verification fails and the target stays as it is.',
    },
  ];
};
