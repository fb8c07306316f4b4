import { describeFlavor } from '../../flavor.js';
import { knowsType } from '../../sql/column-types.js';
import { type HazardRule, copiedTables, listNames } from './hazard-rule.js';

export const unknownDataType: HazardRule = (situation) => {
  const { flavor } = situation.targetServer;
  const unknown = copiedTables(situation).flatMap((table) =>
    table.columns
      .filter(({ dataType }) => !knowsType(flavor, dataType))
      .map(({ name, dataType }) => `${table.name}.${name} (${dataType})`),
  );
  if (unknown.length === 0) return [];
  return [
    {
      code: 'UNKNOWN_DATA_TYPE',
      severity: 'blocks',
      message: `${listNames(unknown)}: data type unknown to ${describeFlavor(flavor)}`,
      hint: 'Exclude the tables (tables.exclude), or convert the columns on the source.',
    },
  ];
};
