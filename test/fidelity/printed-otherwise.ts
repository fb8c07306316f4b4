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

/** What vendors print otherwise although it is the same, as `readPortably` has it. */
const VENDORS_PRINT: readonly (readonly [RegExp, string])[] = [
  [/\butf8(?=_)/g, 'utf8mb3'],
  [/\b((?:tiny|small|medium|big)?int|year)\(\d+\)/g, '$1'],
  [/\bgeomcollection\b/g, 'geometrycollection'],
  // MariaDB's list of routines.
  [/(?<!ALLOW_)INVALID_DATES/g, 'ALLOW_INVALID_DATES'],
  // MySQL's list of routines, and MariaDB's of triggers.
  [/''/g, "'"],
];

export const normalizeVendor: Normalize = (what, text) =>
  !what.startsWith('rows of')
    ? VENDORS_PRINT.reduce((result, [pattern, replacement]) => result.replaceAll(pattern, replacement), text)
    : text;

/** The collations that the plan has said others for. */
const renameAnnounced = (notes: readonly string[]): ((text: string) => string) => {
  const collations = notes.flatMap((note) => {
    const [, before, after] = /^collation (\S+) becomes (\S+):/.exec(note) ?? [];
    return before === undefined || after === undefined ? [] : [[before, after] as const];
  });
  return (text) =>
    collations.reduce(
      (result, [before, after]) => result.replaceAll(new RegExp(`\\b${before}\\b`, 'gi'), after),
      text,
    );
};

/** The source as it is to be on the target, by what the plan has said and nothing else. */
export const normalizeExpected = (
  source: TestFlavor,
  target: TestFlavor,
  notes: readonly string[],
): Normalize => {
  if (source.vendor !== target.vendor) return normalizeAnnounced(notes);
  const [normalize, rename] = [normalizeFor(source, target), renameAnnounced(notes)];
  return (what, text) => (what.startsWith('rows of') ? normalize(what, text) : rename(normalize(what, text)));
};

/** Types of MariaDB that become text, and what else of a column or table the plan says. */
const ANNOUNCED_OTHERS: readonly (readonly [note: RegExp, RegExp, string])[] = [
  [/^UUID becomes CHAR/, / \| uuid \| (YES|NO) \| NULL/g, ' | char(36) | $1 | ascii_general_ci'],
  [/^INET4 becomes VARCHAR/, / \| inet4 \| (YES|NO) \| NULL/g, ' | varchar(15) | $1 | ascii_general_ci'],
  [/^INET6 becomes VARCHAR/, / \| inet6 \| (YES|NO) \| NULL/g, ' | varchar(39) | $1 | ascii_general_ci'],
  [/^COMPRESSED becomes nothing/, / \/\*M?!100301 COMPRESSED\*\//g, ''],
  [/^ENGINE=Aria becomes ENGINE=InnoDB/, /^aria \|/g, 'innodb |'],
];

export const normalizeAnnounced = (notes: readonly string[]): Normalize => {
  const rename = renameAnnounced(notes);
  const modes = notes.flatMap((note) => /^sql_mode (\S+) becomes nothing/.exec(note)?.[1]?.split(',') ?? []);
  const hasJson = notes.some((note) => note.startsWith('JSON becomes LONGTEXT'));
  const isSignless = notes.some((note) => note.startsWith('-0 becomes 0'));
  const others = ANNOUNCED_OTHERS.filter(([note]) => notes.some((one) => note.test(one)));
  return (what, text) => {
    if (what.startsWith('rows of')) return isSignless ? text.replaceAll(/(?<=^|,)2D30(?=,|$)/gm, '30') : text;
    let result = rename(normalizeVendor(what, text));
    if (/^(?:columns|table) /.test(what))
      for (const [, before, after] of others) result = result.replaceAll(before, after);
    for (const mode of modes)
      result = result.replaceAll(new RegExp(`,${mode}\\b|\\b${mode},|\\b${mode}\\b`, 'g'), '');
    return hasJson && what.startsWith('columns')
      ? result.replaceAll(/ \| json \| (YES|NO) \| NULL/g, ' | longtext | $1 | utf8mb4_bin')
      : result;
  };
};
