import { type Flavor, describeFlavor, isAtLeast } from '../flavor.js';
import type { Hazard } from '../change-set.js';
import { type HazardRule, type Situation, filledTables, listNames } from './hazard-rule.js';

/** MariaDB marks a current row by the last moment it knows: another mark, and the row counts as deleted. */
const lastMoment = (flavor: Flavor): 2038 | 2106 => (isAtLeast(flavor, 'mariadb', 11, 5) ? 2106 : 2038);

/** The past rows of system-versioned tables can be written since MariaDB 10.11. */
export const historyNotPortable: HazardRule = (situation) => {
  const versioned = filledTables(situation).filter(({ kind }) => kind === 'system-versioned');
  if (versioned.length === 0) return [];
  const why = explain(situation);
  if (why === undefined) return [];
  return [
    {
      code: 'HISTORY_NOT_PORTABLE',
      severity: 'blocks',
      message: `${listNames(versioned.map(({ name }) => name))} (system-versioned): ${why.message}`,
      hint: why.hint,
    },
  ];
};

const explain = ({
  sourceServer,
  targetServer,
  options,
}: Situation): Pick<Hazard, 'message' | 'hint'> | undefined => {
  const { flavor: source } = sourceServer;
  const { flavor: target } = targetServer;
  const hint =
    'Copy without their rows (tables.structure_only), exclude them, or use a target of the same release.';
  if (!isAtLeast(target, 'mariadb', 10, 11))
    return { message: `${describeFlavor(target)} cannot be given their history`, hint };
  if (lastMoment(source) !== lastMoment(target))
    return {
      message: `${describeFlavor(source)} marks current rows by the year ${String(lastMoment(source))} and ${describeFlavor(target)} by ${String(lastMoment(target))}`,
      hint,
    };
  if (options.engine === 'dump' && !isAtLeast(source, 'mariadb', 10, 11))
    return {
      message: `dump clients of ${describeFlavor(source)} leave out their history`,
      hint: 'Copy with engine: native.',
    };
  return undefined;
};
