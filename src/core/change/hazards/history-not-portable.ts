import type { Hazard } from '../change-set.js';
import { describeFlavor } from '../../flavor.js';
import { firstVersion, supports } from '../../server/features.js';
import { traitsOf } from '../../plan/row-engines.js';
import { currentRowsEnd } from '../../server/current-rows-end.js';
import { type HazardRule, type Situation, filledTables, listNames } from './hazard-rule.js';

/** The past rows of system-versioned tables can be written since MariaDB 10.11, and not all of it by dumps. */
export const historyNotPortable: HazardRule = (situation) => {
  const versioned = filledTables(situation).filter(({ kind }) => kind === 'system-versioned');
  if (versioned.length === 0) return [];
  const hazard = explain(situation);
  if (hazard === undefined) return [];
  const names = listNames(versioned.map(({ name }) => name));
  return [{ ...hazard, message: `${names} (system-versioned): ${hazard.message}` }];
};

const explain = ({ sourceServer, targetServer, options }: Situation): Hazard | undefined => {
  const { flavor: source } = sourceServer;
  const { flavor: target } = targetServer;
  const [before, after] = [currentRowsEnd(source), currentRowsEnd(target)];
  const refusal = { code: 'HISTORY_NOT_PORTABLE', severity: 'blocks' } as const;
  if (!supports(target, 'historyInserts'))
    return {
      ...refusal,
      message: `${describeFlavor(target)} cannot be given their history`,
      hint: `Copy without their rows (tables.structure_only), exclude them, or use MariaDB ${firstVersion('historyInserts', 'mariadb')} or newer.`,
    };
  if (traitsOf(options.engine).textDump && (before !== after || !supports(source, 'historyInserts')))
    return {
      ...refusal,
      message: `a dump does not carry their history from ${describeFlavor(source)} to ${describeFlavor(target)}`,
      hint: 'Copy with engine: native.',
    };
  if (before === after) return undefined;
  return {
    code: 'HISTORY_MARK',
    severity: 'note',
    message: `current rows get the mark of ${describeFlavor(target)}: ${before} becomes ${after}`,
    hint: 'All other moments of the history stay as they are.',
  };
};
