import type { Hazard } from '../change-set.js';
import type { ProgramInventory } from '../../server/inventory.js';
import { type HazardRule, copiedPrograms, listNames } from './hazard-rule.js';

/** Under another name, what a program says to its own database would go to the one that it was copied from. */
export const ownNames: HazardRule = (situation) => {
  const { from, to } = situation;
  const programs = copiedPrograms(situation);
  const renamed = programs.filter(({ ownNames: names }) => (names?.named.length ?? 0) > 0);
  const unclear = programs.filter(({ ownNames: names }) => (names?.unclear.length ?? 0) > 0);
  const inText = programs.filter(({ ownNames: names }) => names?.isInText);
  return [
    ...unclear.map((program): Hazard => ({
      code: 'OWN_NAME_UNCLEAR',
      severity: 'blocks',
      message: `${write(program)} names ${listNames(program.ownNames?.unclear ?? [])}, and it is not clear whether ${from} is the database there`,
      hint: `Leave it out (programs.exclude), copy the database under its own name, or write it without ${from} on the source.`,
    })),
    ...(renamed.length === 0
      ? []
      : [
          note(
            'OWN_NAME_CHANGED',
            `in the copy, these programs name ${to} instead of ${from}: ${listNames(renamed.map(writeNames))}`,
            'The rest of their text stays as it is. Programs can be left out with programs.exclude.',
          ),
        ]),
    ...(inText.length === 0
      ? []
      : [
          note(
            'OWN_NAME_IN_TEXT',
            `strings in these programs mention ${from} and stay as they are: ${listNames(inText.map(write))}`,
            `A statement that is prepared from such a string works on ${from}, not on ${to}. Check them, or leave them out (programs.exclude).`,
          ),
        ]),
  ];
};

const note = (code: string, message: string, hint: string): Hazard => ({
  code,
  severity: 'note',
  message,
  hint,
});

const write = ({ kind, name }: ProgramInventory): string => `${kind} ${name}`;

/** `procedure p (shop.orders and shop.item)` */
const writeNames = (program: ProgramInventory): string =>
  `${write(program)} (${listNames(program.ownNames?.named ?? [])})`;
