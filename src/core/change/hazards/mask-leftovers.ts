import { DETECTED } from '../../mask/detector.js';
import { detectInText } from '../../mask/detectors.js';
import { suggestRule } from '../../mask/suggest-rule.js';
import { fileArgument } from '../../plan/unsaved-plan.js';
import { suggestCommand } from '../../shell-word.js';
import type { Hazard } from '../change-set.js';
import { type ClassifiedColumn, patternOf } from '../classified-column.js';
import { findLocked } from '../judge-lock.js';
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

/** A copy of a table that somebody made has the same people in it. */
export const maskNamesake: HazardRule = ({ masks }) => {
  if (!masks) return [];
  const { columns, mask, planPath } = masks;
  const masked = columns.filter(({ decided }) => decided && decided.decision.kind !== 'keep');
  const shapes = groupNames(columns);
  const pairs = columns.flatMap((kept) => {
    // A reason in the lock says that somebody thought of it.
    if (kept.decided?.decision.kind !== 'keep' || findLocked(mask.lock, kept)?.reason !== undefined)
      return [];
    const soundsPersonal = suggestRule(kept.column, kept) !== undefined;
    const twin = masked.find(
      (one) =>
        one.table !== kept.table &&
        nameOf(one) === nameOf(kept) &&
        (soundsPersonal || isAlike(shapes.get(one.table), shapes.get(kept.table))),
    );
    return twin ? [{ kept, twin }] : [];
  });
  if (pairs.length === 0) return [];
  const keep = suggestCommand`mask accept ${fileArgument(planPath)} ${pairs.slice(0, MOST_NAMED).map(({ kept }) => patternOf(kept))}`;
  return [
    note(
      'MASK_NAMESAKE',
      `kept as they are, while columns of the same names are masked: ${listNames(pairs.map(({ kept, twin }) => `${kept.table}.${kept.column.name} (${twin.table} has it masked)`))}`,
      `Mask them too, or say why they stay:  ${keep} --reason TEXT`,
    ),
  ];
};

const MOST_NAMED = 5;

const nameOf = ({ column }: ClassifiedColumn): string => column.name.toLowerCase();

const groupNames = (columns: readonly ClassifiedColumn[]): ReadonlyMap<string, ReadonlySet<string>> => {
  const names = new Map<string, Set<string>>();
  for (const column of columns)
    names.set(column.table, (names.get(column.table) ?? new Set<string>()).add(nameOf(column)));
  return names;
};

/** Three quarters of the columns of the smaller table are in the other one, and at least two are. */
const isAlike = (one: ReadonlySet<string> = new Set(), other: ReadonlySet<string> = new Set()): boolean => {
  const shared = [...one].filter((name) => other.has(name)).length;
  return shared >= 2 && shared * 4 >= Math.min(one.size, other.size) * 3;
};

const note = (code: string, message: string, hint: string): Hazard => ({
  code,
  severity: 'note',
  message,
  hint,
});
