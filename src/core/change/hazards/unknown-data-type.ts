import { type Vendor, describeFlavor, isAtLeast } from '../../flavor.js';
import { type HazardRule, copiedTables, listNames } from './hazard-rule.js';

type Since = Partial<Record<Vendor, readonly [major: number, minor: number]>>;

/** Types that not every server has, and since when. All others are older than the servers that are supported. */
const SINCE: Readonly<Record<string, Since>> = {
  json: { mysql: [5, 7] },
  inet6: { mariadb: [10, 5] },
  uuid: { mariadb: [10, 7] },
  inet4: { mariadb: [10, 10] },
  vector: { mysql: [9, 0], mariadb: [11, 7] },
};

export const unknownDataType: HazardRule = (situation) => {
  const { flavor } = situation.targetServer;
  const unknown = copiedTables(situation).flatMap((table) =>
    table.columns
      .filter(({ dataType }) => {
        const known = SINCE[dataType];
        const first = known?.[flavor.vendor];
        return known !== undefined && (first === undefined || !isAtLeast(flavor, flavor.vendor, ...first));
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
