import type { Hazard } from '../change-set.js';
import { hasLookalikes } from '../../sql/enum-members.js';
import { traitsOf } from '../../plan/row-engines.js';
import { type HazardRule, filledTables, listNames, severityOfDamage } from './hazard-rule.js';

/**
 * A dump is UTF-8. These character sets come back from it byte for byte, whatever the bytes: tried on servers of both
 * vendors with every byte and every pair. All others have bytes without a character or two codes for one character.
 */
const UNHARMED = new Set([
  ...['utf8', 'utf8mb3', 'utf8mb4', 'ucs2', 'utf16', 'utf16le', 'utf32', 'ascii', 'binary'],
  ...['latin1', 'latin2', 'latin5', 'latin7', 'koi8r', 'koi8u', 'cp850', 'cp852', 'cp866'],
  ...['keybcs2', 'macce', 'macroman', 'gb18030'],
]);

export const textInDump: HazardRule = (situation) => {
  if (!traitsOf(situation.options.engine).textDump) return [];
  const columns = filledTables(situation).flatMap((table) =>
    table.columns
      .filter(({ isGenerated }) => !isGenerated)
      .map((column) => ({ ...column, place: `${table.name}.${column.name}` })),
  );
  const harmed = columns.filter(({ charset }) => charset !== undefined && !UNHARMED.has(charset));
  const alike = columns.filter(({ columnType }) => hasLookalikes(columnType));
  const report = (message: string, what: string): readonly Hazard[] => [
    {
      code: 'TEXT_IN_DUMP',
      severity: severityOfDamage(situation),
      message,
      hint: `Copy with engine: native. A dump with such a ${what} in it fails verification, and the target stays as it is.`,
    },
  ];
  return [
    ...(harmed.length === 0
      ? []
      : report(
          `text whose character set has characters that a dump changes: ${listNames(harmed.map(({ place, charset = '' }) => `${place} (${charset})`))}`,
          'character',
        )),
    ...(alike.length === 0
      ? []
      : report(
          `members of ENUM or SET that a dump does not tell apart: ${listNames(alike.map(({ place }) => place))}`,
          'member',
        )),
  ];
};
