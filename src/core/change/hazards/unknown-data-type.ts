import { type Since, describeFlavor, isAtLeast } from '../../flavor.js';
import { type HazardRule, copiedTables, listNames } from './hazard-rule.js';

/** Types that not every server has, and since when. All others are older than the servers that are supported. */
const SINCE: Readonly<Record<string, Since>> = {
  json: { mysql: [5, 7], mariadb: 'never' },
  inet6: { mysql: 'never', mariadb: [10, 5] },
  uuid: { mysql: 'never', mariadb: [10, 7] },
  inet4: { mysql: 'never', mariadb: [10, 10] },
  vector: { mysql: [9, 0], mariadb: [11, 7] },
};

export const unknownDataType: HazardRule = (situation) => {
  const { flavor } = situation.targetServer;
  const unknown = copiedTables(situation).flatMap((table) =>
    table.columns
      .filter(({ dataType }) => {
        const since = SINCE[dataType];
        return since !== undefined && !isAtLeast(flavor, since);
      })
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
