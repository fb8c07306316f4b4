import { traitsOf } from '../../plan/row-engines.js';
import { keepsJsonTypes, listJsonColumns } from '../../server/json-types.js';
import { type HazardRule, filledTables, listNames, severityOfDamage } from './hazard-rule.js';

/** A DECIMAL, a DATETIME or bytes that a function put into MySQL's JSON leave a dump as a number or a string. */
export const jsonAsText: HazardRule = (situation) => {
  const { sourceServer, targetServer, options } = situation;
  const isKept = keepsJsonTypes(sourceServer.flavor, targetServer.flavor);
  if (traitsOf(options.engine).keepsInnerJsonTypes && isKept) return [];
  const columns = filledTables(situation).flatMap((table) =>
    listJsonColumns(table).map((name) => `${table.name}.${name}`),
  );
  if (columns.length === 0) return [];
  return [
    {
      code: 'JSON_AS_TEXT',
      severity: severityOfDamage(situation),
      message: `JSON is sent as text, which cannot carry decimals, times or bytes: ${listNames(columns)}`,
      hint: `Documents that were written as text are copied exactly. Where a function put such a value in, verification fails and the target stays as it is${isKept ? '; the native engine copies these too' : ''}.`,
    },
  ];
};
