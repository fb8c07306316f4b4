import { DETECTED } from '../../mask/detector.js';
import { detectInText } from '../../mask/detectors.js';
import { fileArgument } from '../../plan/unsaved-plan.js';
import { suggestCommand } from '../../shell-word.js';
import type { Hazard } from '../change-set.js';
import { patternOf } from '../classified-column.js';
import type { DatabaseMasks } from '../plan-masks.js';
import { type HazardRule, copiedPrograms, copiedTables, listNames, preservedTables } from './hazard-rule.js';

/** Masks are for rows; what somebody wrote into a definition is copied as it is. */
export const maskInDefinition: HazardRule = (situation) => {
  const { masks, source } = situation;
  const ofDatabase = detectInText(source.comment).map((kind) => DETECTED[kind]);
  const places = [
    ...(ofDatabase.length > 0 ? [`the comment of the database (${ofDatabase.join(', ')})`] : []),
    ...[...copiedTables(situation), ...copiedPrograms(situation)].flatMap(
      ({ personalTexts = [] }) => personalTexts,
    ),
  ];
  return masks && places.length > 0
    ? [
        note(
          'MASK_IN_DEFINITION',
          `what looks like personal data is copied as it is: ${listNames(places)}`,
          'Take it out of the definition on the source, or leave programs out (programs.exclude).',
        ),
      ]
    : [];
};

/** What is left where it is may be older than the plan's masks. */
export const maskLeft: HazardRule = (situation) => {
  const { masks, tables } = situation;
  if (!masks) return [];
  const left = tables.filter(({ action }) => action === 'keep').map(({ name }) => name);
  const preserved = preservedTables(situation).flatMap(({ live }) => (live ? [`rows of ${live.name}`] : []));
  const all = [...left, ...preserved];
  return all.length === 0
    ? []
    : [
        note(
          'MASK_LEFT',
          `${listNames(all)} ${all.length === 1 && preserved.length === 0 ? 'stays' : 'stay'} on the target, with the values there`,
          'Masks are for what is copied.',
        ),
      ];
};

/** The content before is kept for a rollback. */
export const maskPrevious: HazardRule = ({ masks, target, isTargetUnmasked }) =>
  masks && target && isTargetUnmasked
    ? [
        note(
          'MASK_PREVIOUS',
          'no record says that what is live on the target now is a masked copy, and apply keeps it for a rollback',
          `Drop that after the apply:  ${suggestCommand`status ${fileArgument(masks.planPath)} --drop-previous`}`,
        ),
      ]
    : [];

export const namesakeHazards = ({ namesakes, planPath }: DatabaseMasks): readonly Hazard[] => {
  if (namesakes.length === 0) return [];
  const named = namesakes.map(({ kept, twin }) => {
    const other = kept.database === twin.database ? twin.table : `${twin.database}.${twin.table}`;
    return `${kept.table}.${kept.column.name} (${other} has it masked)`;
  });
  const keep = suggestCommand`mask accept ${fileArgument(planPath)} ${namesakes.slice(0, MOST_NAMED).map(({ kept }) => patternOf(kept))}`;
  return [
    note(
      'MASK_NAMESAKE',
      `kept as they are, while columns of the same names are masked: ${listNames(named)}`,
      `Mask them too, or say why they stay:  ${keep} --reason TEXT`,
    ),
  ];
};

/** So many columns are named in a command. */
const MOST_NAMED = 5;

const note = (code: string, message: string, hint: string): Hazard => ({
  code,
  severity: 'note',
  message,
  hint,
});
