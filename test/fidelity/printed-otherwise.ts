import type { TestFlavor } from '../support/flavors.js';
import type { Normalize } from './compare.js';

/** What releases of one vendor print otherwise although it is the same. Nothing else may differ. */
const PRINTED_OTHERWISE: readonly (readonly [RegExp, string])[] = [
  // MariaDB 10.6 calls it utf8mb3.
  [/\butf8(?=_|\b)/g, 'utf8mb3'],
  // MariaDB 10.6 marks its own comments.
  [/\/\*!100301 COMPRESSED/g, '/*M!100301 COMPRESSED'],
  // MariaDB 11 prints the default first.
  [/ INVISIBLE (DEFAULT [^,\n]+)/g, ' $1 INVISIBLE'],
  // MariaDB 11 does not double the backtick in the name of a foreign key.
  [/(?<=CONSTRAINT `.*)``(?=.*` FOREIGN KEY)/g, '`'],
];

/** What the plan says that it changes: the mark of current rows. As `readEverything` has it, in hexadecimal. */
const toHex = (moment: string): string => Buffer.from(moment).toString('hex').toUpperCase();
const LAST_MOMENT = new RegExp(toHex('2106-02-07 06:28:15.999999'), 'g');

/** Between equal servers not a byte may differ. */
export const normalizeFor =
  (source: TestFlavor, target: TestFlavor): Normalize =>
  (what, text) =>
    source.id === target.id
      ? text
      : what.startsWith('rows of')
        ? text.replaceAll(LAST_MOMENT, toHex('2038-01-19 03:14:07.999999'))
        : PRINTED_OTHERWISE.reduce(
            (result, [pattern, replacement]) => result.replaceAll(pattern, replacement),
            text,
          );
