import { isSameVendor } from '../../flavor.js';
import { describeDecision, lockPathOf } from '../../mask/mask-lock.js';
import { whyUnfit } from '../../mask/why-unfit.js';
import { traitsOf } from '../../plan/row-engines.js';
import { fileArgument } from '../../plan/unsaved-plan.js';
import { suggestCommand } from '../../shell-word.js';
import type { Hazard } from '../change-set.js';
import { type ClassifiedColumn, patternOf } from '../classified-column.js';
import { findLocked, judgeByLock } from '../judge-lock.js';
import type { DatabaseMasks } from '../plan-masks.js';
import { namesakeHazards } from './mask-leftovers.js';
import { type HazardRule, listNames } from './hazard-rule.js';

/** Dump programs write what a table holds. */
export const maskInDump: HazardRule = ({ masks, options }) =>
  masks && !traitsOf(options.engine).masks
    ? [
        block(
          'MASK_IN_DUMP',
          `the ${options.engine} engine cannot replace values on their way`,
          'Use the native engine:  options: {engine: native}',
        ),
      ]
    : [];

/** Counts would not show that a value was left as it is. */
export const maskWithoutDigest: HazardRule = ({ masks, options }) =>
  masks && options.verify !== 'digest'
    ? [
        block(
          'MASK_UNVERIFIED',
          'a masked copy is compared by digests, and the plan asks for counts',
          'Take options.verify out of the plan, or set it to digest.',
        ),
      ]
    : [];

export const maskDecisions: HazardRule = ({ masks, sourceServer, targetServer }) =>
  masks ? findMaskHazards(masks, isSameVendor(sourceServer, targetServer)) : [];

/** What speaks against one copy, as far as the columns of the source and the lock tell. */
export const findMaskHazards = (masks: DatabaseMasks, comparesTypes: boolean): readonly Hazard[] => [
  ...masks.refused.map(({ table, what, reason }) =>
    block(
      'MASK_REFUSED',
      `the source refuses ${what} for ${table}: ${reason}`,
      'Correct the SQL: it is over the columns of that table. Tables of a subquery are named with their database.',
    ),
  ),
  ...masks.columns.flatMap(findUnfit),
  ...masks.conflicts.map(({ message, hint }) => block('MASK_CONFLICT', message, hint)),
  ...findUndecided(masks),
  ...findUnlocked(masks, comparesTypes),
  ...namesakeHazards(masks),
];

const block = (code: string, message: string, hint: string): Hazard => ({
  code,
  severity: 'blocks',
  message,
  hint,
});

const findUnfit = (column: ClassifiedColumn): readonly Hazard[] => {
  const decision = column.decided?.decision;
  if (!decision || decision.kind === 'keep') return [];
  const reason = whyUnfit(decision, column.column, column);
  return reason === undefined
    ? []
    : [
        block(
          'MASK_UNFIT',
          `${patternOf(column)} cannot be masked by ${decision.kind}: ${reason}`,
          'Choose another mask under mask.columns, or keep the column.',
        ),
      ];
};

/** A column that nobody thought of may hold anything. */
const findUndecided = ({ columns, planPath }: DatabaseMasks): readonly Hazard[] => {
  const undecided = columns.filter(({ decided }) => decided === undefined);
  const [verb, them] = undecided.length === 1 ? ['is', 'it'] : ['are', 'them'];
  const keep = suggestCommand`mask accept ${fileArgument(planPath)} ${undecided.slice(0, MOST_NAMED).map(patternOf)}`;
  return undecided.length === 0
    ? []
    : [
        block(
          'MASK_UNDECIDED',
          `${countColumns(undecided)} ${verb} neither masked nor kept: ${listNames(undecided.map(patternOf))}`,
          `Mask ${them} under mask.columns, or keep ${them}:  ${keep}`,
        ),
      ];
};

const countColumns = ({ length }: readonly ClassifiedColumn[]): string =>
  length === 1 ? '1 column' : `${length} columns`;

/** So many columns are named in a command; the others are told when those are decided. */
const MOST_NAMED = 5;

const findUnlocked = (
  { mask, columns, planPath }: DatabaseMasks,
  comparesTypes: boolean,
): readonly Hazard[] => {
  const accept = suggestCommand`mask accept ${fileArgument(planPath)}`;
  const { lock } = mask;
  if (!lock)
    return [
      block(
        'MASK_NO_LOCK',
        `there is no ${lockPathOf(fileArgument(planPath))}, which holds the decision on each column`,
        `Write it, and commit it with the plan:  ${accept}`,
      ),
    ];
  const { fresh, changed, weaker } = judgeByLock(lock, mask, columns, comparesTypes);
  const told = (
    code: string,
    found: readonly ClassifiedColumn[],
    what: readonly [string, string],
    names: readonly string[],
  ): readonly Hazard[] => {
    const kept = found.filter(({ decided }) => decided?.by === 'lock').slice(0, MOST_NAMED);
    const command = suggestCommand`mask accept ${fileArgument(planPath)} ${kept.map(patternOf)}`;
    return found.length === 0
      ? []
      : [
          block(
            code,
            `${countColumns(found)} ${found.length === 1 ? what[0] : what[1]}: ${listNames(names)}`,
            `Look at ${found.length === 1 ? 'it' : 'them'}, then:  ${kept.length > 0 ? command : accept}`,
          ),
        ];
  };
  return [
    ...told('MASK_NEW', fresh, ['is not in the lock file', 'are not in the lock file'], fresh.map(patternOf)),
    ...told(
      'MASK_CHANGED',
      changed,
      ['has changed since it was accepted', 'have changed since they were accepted'],
      changed.map(
        (one) =>
          `${patternOf(one)} (${findLocked(lock, one)?.type ?? ''}, now ${one.column.columnType}${one.isUnique ? ', unique' : ''})`,
      ),
    ),
    ...told(
      'MASK_WEAKER',
      weaker,
      ['has a weaker mask than was accepted', 'have weaker masks than were accepted'],
      weaker.map((one) => {
        const [was, now] = [findLocked(lock, one)?.decision, one.decided?.decision];
        return `${patternOf(one)} (${was ? describeDecision(was) : ''}, now ${now ? describeDecision(now) : ''})`;
      }),
    ),
  ];
};
